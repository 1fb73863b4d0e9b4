import type { RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { UserError } from '../../lib/assert';
import { fnv1a64Hex } from '../../lib/hash';
import type { UpdateReport } from '../../rl/learning/learner';
import type { LearnerState } from '../../rl/learning/learner-state';
import type { Metrics } from '../../rl/learning/metrics';
import { encodeRun, type Model } from './checkpoint';
import { DeviceLostError } from './device-watch';
import type { Alternatives, AttentionWeights, TokenChange, WorldFacts } from '../protocol/ask-protocol';
import type {
  CutBranch,
  CutSweep,
  Inspection,
  Phase,
  RunState,
  TrainerEvent,
  TrajectoryBatch,
  TrajectorySide,
  UpdateMetrics,
} from '../protocol/protocol';
import { trajectoryBatch, transferables } from './trajectory-batch';

/** An update whose numbers have arrived. */
export type DoneUpdate = Omit<UpdateReport, 'metrics'> & { metrics: Metrics };

export type PostEvent = (event: TrainerEvent, transfer: Transferable[]) => void;

const TRAJECTORY_INTERVAL_MS = 250;

/** What one run says. After `mute` it says nothing, whatever is still under way. */
export class RunEvents {
  /** The update whose trajectories are told in any case. */
  awaited: number | null = null;
  private muted = false;
  private batchPostedAt = -Infinity;
  private unsent: { report: DoneUpdate; positions: number } | null = null;

  constructor(
    private readonly runId: number,
    private config: RunConfig,
    private readonly postEvent: PostEvent,
  ) {}

  mute(): void {
    this.muted = true;
  }

  adapter(gpu: Gpu): void {
    this.post({ type: 'adapter', adapter: gpu.adapter });
  }

  world(world: Extract<TrainerEvent, { type: 'world' }>['world']): void {
    this.post({ type: 'world', runId: this.runId, world });
  }

  state(state: RunState, update: number, phase: Phase | null, note: string | null): void {
    this.post({ type: 'state', runId: this.runId, state, update, phase, note });
  }

  warmStart(batch: number, batches: number, loss: number): void {
    this.post({ type: 'warmStart', runId: this.runId, batch, batches, loss });
  }

  evaluation(update: number, metrics: UpdateMetrics): void {
    this.post({ type: 'evaluation', runId: this.runId, result: { update, metrics } });
  }

  /** The metrics of every update, and its trajectories if the last ones are not too recent. */
  update(report: DoneUpdate, positions: number, updateMs: number): void {
    const { update, metrics } = report;
    this.post({ type: 'metrics', runId: this.runId, update, metrics, updateMs });
    this.unsent = { report, positions };
    const due = performance.now() - this.batchPostedAt >= TRAJECTORY_INTERVAL_MS;
    if (due || update === this.awaited) this.flush();
  }

  /** The newest trajectories, if they were held back. */
  flush(): void {
    if (this.unsent === null) return;
    const { report, positions } = this.unsent;
    this.unsent = null;
    this.batchPostedAt = performance.now();
    const batch = trajectoryBatch(report, this.config, positions);
    this.post({ type: 'trajectories', runId: this.runId, batch }, transferables(batch));
  }

  /** From here on the run has other settings. */
  configured(update: number, config: RunConfig): void {
    this.config = config;
    this.post({ type: 'configured', runId: this.runId, update, config });
  }

  inspection(id: number, inspection: Inspection): void {
    const buffers = [inspection.current.buffer, inspection.reference.buffer];
    this.post({ type: 'inspection', runId: this.runId, id, inspection }, buffers);
  }

  swept(id: number, sweep: CutSweep): void {
    this.post({ type: 'swept', runId: this.runId, id, sweep });
  }

  branch(id: number, branch: CutBranch): void {
    this.post({ type: 'branch', runId: this.runId, id, branch });
  }

  alternatives(id: number, alternatives: Alternatives): void {
    this.post({ type: 'alternatives', runId: this.runId, id, alternatives });
  }

  attention(id: number, attention: AttentionWeights): void {
    this.post({ type: 'attention', runId: this.runId, id, attention });
  }

  changed(id: number, change: TokenChange): void {
    this.post({ type: 'changed', runId: this.runId, id, change });
  }

  continued(id: number, update: number, side: TrajectorySide): void {
    this.post({ type: 'continued', runId: this.runId, id, update, side });
  }

  facts(id: number, facts: WorldFacts): void {
    this.post({ type: 'facts', runId: this.runId, id, facts });
  }

  answered(id: number, batch: TrajectoryBatch): void {
    this.post({ type: 'answered', runId: this.runId, id, batch }, transferables(batch));
  }

  refused(id: number, error: unknown): void {
    this.post({ type: 'refused', runId: this.runId, id, ...explain(error) });
  }

  breakpoint(update: number, reason: string): void {
    this.post({ type: 'breakpoint', runId: this.runId, update, reason });
  }

  pinned(id: number, batch: TrajectoryBatch): void {
    this.post({ type: 'pinned', runId: this.runId, id, batch }, transferables(batch));
  }

  /** Drops trajectories that were held back: their update was thrown away. */
  forget(): void {
    this.unsent = null;
  }

  checkpoint(model: Model, config: RunConfig, state: LearnerState): void {
    const bytes = encodeRun(model, config, state).buffer;
    const { params, update } = state;
    const weightsHash = fnv1a64Hex(new Uint8Array(params.buffer, params.byteOffset, params.byteLength));
    this.post({ type: 'checkpoint', runId: this.runId, update, bytes, weightsHash }, [bytes]);
  }

  /** @param smaller settings that are offered in place of the run's */
  warn(message: string, hint = '', smaller: RunConfig | null = null): void {
    const offer = smaller && { smaller };
    this.post({ type: 'error', runId: this.runId, message, hint, fatal: false, ...offer });
  }

  failure(error: unknown): void {
    this.post({ type: 'error', runId: this.runId, ...explain(error), fatal: true });
  }

  private post(event: TrainerEvent, transfer: Transferable[] = []): void {
    if (!this.muted) this.postEvent(event, transfer);
  }
}

/** What to do where a machine has WebGPU and cannot run the engine on it. */
const REFUSALS: Readonly<Record<string, string>> = {
  DeviceRefusedError: 'Close other tabs that compute, update the graphics driver, or try another browser.',
  KernelRefusedError: 'Update the browser and the graphics driver; the doctor tests every kernel.',
};

/** What went wrong, and what to do about it. */
export function explain(error: unknown): { message: string; hint: string } {
  if (error instanceof UserError) return { message: error.message, hint: error.hint ?? '' };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'NoAdapterError') {
    return {
      message,
      hint: 'Cutpoint computes with WebGPU: update the graphics driver, or use Chrome, Edge or Safari 26 on a machine with a GPU.',
    };
  }
  const hint = error instanceof Error ? REFUSALS[error.name] : undefined;
  if (hint !== undefined) return { message, hint: `${hint} Recorded runs play without it.` };
  if (error instanceof DeviceLostError) {
    return {
      message: `The graphics device was lost again and again (${message}).`,
      hint: 'Choose a smaller model or fewer questions per update in Settings, then press Reset.',
    };
  }
  return { message: `The engine stopped: ${message}`, hint: 'Press Reset to start again with the same settings.' };
}
