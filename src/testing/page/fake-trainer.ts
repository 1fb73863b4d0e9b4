/**
 * Stands in for the engine's worker in tests and in the screenshot harness: same commands, same events, invented numbers.
 * It is imported by tests and by e2e/harness only and never ends up in a build.
 */
import type { TrainerPort } from '../../trainer/client';
import type {
  AdapterDescription,
  Command,
  DraftRow,
  TrainerEvent,
  TrajectorySide,
  UpdateMetrics,
} from '../../trainer/protocol/protocol';
import type { RunConfig } from '../../config/schema';
import { fakeRandom, makeFakeBatch, makeFakeBranch } from './fake-batch';
import { makeFakeWorld } from './fake-world';

export interface FakeTrainerOptions {
  software?: boolean;
  /** Milliseconds per update while playing. */
  updateMs?: number;
  /** Updates that are sent at once on start, so that a picture shows a run in progress. */
  warmUpdates?: number;
  /** Sweeps and cuts are never answered. */
  silentLab?: boolean;
  /** What it answers to `vet` (by default that all fits), and the bytes that it answers to `checkpoint`. */
  vetted?: { message: string; hint: string };
  checkpoint?: ArrayBuffer;
  /** Stay in this state after start, to picture it. */
  stuckIn?: 'loading' | 'warmStart';
}

const ADAPTER: AdapterDescription = {
  vendor: 'apple',
  architecture: 'metal-3',
  device: 'Apple M2',
  description: 'Apple M2',
  software: false,
};
const SOFTWARE_ADAPTER: AdapterDescription = {
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'SwiftShader Device (LLVM 16)',
  description: 'SwiftShader',
  software: true,
};

function skillAt(update: number): number {
  return 0.35 + 0.55 * (1 - Math.exp(-update / 35));
}

export function fakeMetrics(update: number, refiner: boolean): UpdateMetrics {
  const random = fakeRandom(update * 31 + 5);
  const noise = (size: number): number => (random() - 0.5) * size;
  const skill = skillAt(update);
  const emDraft = Math.min(0.95, Math.max(0, 1.25 * skill - 0.25 + noise(0.06)));
  const revised = refiner ? 0.55 - 0.42 * skill + noise(0.04) : 0;
  const saved = refiner ? Math.max(0, 0.17 - 0.12 * skill + noise(0.02)) : 0;
  const harmed = refiner ? Math.max(0, 0.025 + noise(0.02)) : 0;
  const emFinal = Math.min(0.97, emDraft + saved - harmed);
  const density = Math.min(0.82, 0.9 * skill - 0.03 + noise(0.05));
  return {
    rewardMean: emFinal * (1 + density),
    emDraft,
    emFinal,
    density,
    coverage: Math.min(0.96, 1.05 * skill + 0.02 + noise(0.04)),
    revisionRate: revised,
    savedRate: refiner ? saved : null,
    harmedRate: refiner ? harmed : null,
    wastedRate: refiner ? Math.max(0, revised - saved - harmed) : null,
    missedRate: refiner ? Math.max(0, 0.12 - 0.08 * skill + noise(0.02)) : null,
    ...Object.fromEntries(
      [1 - revised, 0.3, 0.34, 0.2, 0.11, 0.05].map((share, cut) => [
        `cutShare${cut}`,
        cut === 0 ? share : revised * (share + 0.004 * (cut - 3) * Math.min(40, update) * 0.3),
      ]),
    ),
    klK3: 0.004 * update ** 0.5 + Math.abs(noise(0.003)),
    entropy: 0.95 - 0.6 * skill + noise(0.04),
    clipFraction: Math.abs(noise(0.01)),
    gradNormActor: 0.5 + Math.abs(noise(0.5)),
    gradNormReview: 0.2 + Math.abs(noise(0.2)),
    zeroVarianceGroups: Math.floor(4 + 8 * skill + noise(4)),
  };
}

export class FakeTrainer implements TrainerPort {
  private listener: (data: unknown) => void = () => undefined;
  private errorListener: (message: string) => void = () => undefined;
  private timer: ReturnType<typeof setInterval> | null = null;
  private readonly world = makeFakeWorld();
  private runId = 0;
  private update = 0;
  private until = Infinity;
  private config: RunConfig | null = null;
  /** Pinned questions, as seeds that stay. */
  private readonly pins = new Map<number, number>();
  readonly commands: Command[] = [];

  constructor(private readonly options: FakeTrainerOptions = {}) {}

  onMessage(listener: (data: unknown) => void): void {
    this.listener = listener;
  }

  onError(listener: (message: string) => void): void {
    this.errorListener = listener;
  }

  /** As if the worker had thrown outside any handler. */
  crash(message: string): void {
    this.errorListener(message);
  }

  terminate(): void {
    this.stop();
  }

  emit(event: TrainerEvent): void {
    this.listener(event);
  }

  postMessage(command: Command): void {
    this.commands.push(command);
    switch (command.type) {
      case 'start':
        this.start(command.runId, command.config);
        return;
      case 'play':
        this.state('running');
        this.until = command.until ?? Infinity;
        this.timer ??= setInterval(() => {
          this.oneUpdate();
          if (this.update < this.until) return;
          this.stop();
          this.state('paused');
        }, this.options.updateMs ?? 400);
        return;
      case 'pause':
        this.stop();
        this.state('paused');
        return;
      case 'step':
        this.oneUpdate();
        this.state('paused');
        return;
      case 'reset':
        this.stop();
        this.update = 0;
        this.state('paused');
        return;
      case 'pin':
        this.pins.set(command.id, command.update * 131 + command.group);
        this.askPin(command.id);
        return;
      case 'configure':
        this.config = command.config;
        this.emit({ type: 'configured', runId: this.runId, update: this.update, config: command.config });
        return;
      case 'pace':
        return;
      case 'examine':
        this.emit({ type: 'examining', text: 'Cutpoint doctor: at work' });
        this.emit({ type: 'examined', text: `Cutpoint doctor: all is well; ${command.run}`, healthy: true });
        return;
      case 'vet':
        this.emit({ type: 'vetted', id: command.id, ...(this.options.vetted ?? { message: null, hint: '' }) });
        return;
      case 'inspect': {
        const random = fakeRandom(command.id);
        const guess = () => Float32Array.from(command.tokens, () => -1.2 * random());
        const inspection = { update: this.update, current: guess(), reference: guess() };
        this.emit({ type: 'inspection', runId: this.runId, id: command.id, inspection });
        return;
      }
      case 'change': {
        const { id, update, tokens, logProbs: before } = command;
        const ratio = Float32Array.from(tokens, (_, t) => 0.7 + 0.1 * (t % 7));
        const after = before.map((value, t) => (value === 0 ? 0 : value + Math.log(ratio[t] ?? 1)));
        const [clipLow, clipHigh, { advantage }] = [0.2, 0.2, command];
        const clipped = Uint8Array.from(ratio, (r) => Number(advantage > 0 ? r > 1.25 : advantage < 0 && r < 0.75));
        const rest = { update, trained: 'both', passes: 2, clipLow, clipHigh } as const;
        const change = { ...rest, before, after, ratio, clipped };
        this.answer({ type: 'changed', runId: this.runId, id, change });
        return;
      }
      case 'sweep': {
        const { id, draft, firstReplicate, replicates } = command;
        const sides = Array.from({ length: draft.steps * replicates }, (_, i) =>
          this.branch(draft, 1 + Math.floor(i / replicates), firstReplicate + (i % replicates)),
        );
        const rewards = Float32Array.from(sides, (side) => side.rewards[0] ?? 0);
        const em = Uint8Array.from(sides, (side) => side.em[0] ?? 0);
        const sweep = { update: this.update, firstReplicate, replicates, rewards, em };
        this.answer({ type: 'swept', runId: this.runId, id, sweep });
        return;
      }
      case 'cut': {
        const { id, draft, step, replicate } = command;
        const side = this.branch(draft, step, replicate);
        const branch = { update: this.update, step, replicate, side };
        this.answer({ type: 'branch', runId: this.runId, id, branch });
        return;
      }
      // What these ask for needs weights: their tests have the engine.
      case 'alternatives':
      case 'attention':
      case 'continue':
      case 'facts':
      case 'ask':
      case 'await':
      case 'readTriples':
      case 'breakpoints':
        return;
      case 'unpin':
        this.pins.delete(command.id);
        return;
      case 'checkpoint': {
        const bytes = this.options.checkpoint?.slice(0) ?? new ArrayBuffer(0);
        this.emit({ type: 'checkpoint', runId: this.runId, update: this.update, bytes, weightsHash: '0' });
        return;
      }
    }
  }

  private branch(draft: DraftRow, step: number, replicate: number): TrajectorySide {
    const groupSize = this.config?.groupSize ?? 1;
    return makeFakeBranch(this.world, draft, groupSize, skillAt(draft.update), step, replicate);
  }

  /** Of the Cut Lab; never, where its waiting is to be pictured. */
  private answer(event: TrainerEvent): void {
    if (this.options.silentLab !== true) this.emit(event);
  }

  private start(runId: number, config: RunConfig): void {
    this.stop();
    this.runId = runId;
    this.config = config;
    this.update = 0;
    this.emit({ type: 'adapter', adapter: this.options.software ? SOFTWARE_ADAPTER : ADAPTER });
    this.emit({ type: 'world', runId, world: this.world.description });
    if (this.options.stuckIn === 'loading') {
      this.emit({
        type: 'state',
        runId,
        state: 'loading',
        update: 0,
        phase: null,
        note: 'Compiling shaders: 14 of 31',
      });
      return;
    }
    if (this.options.stuckIn === 'warmStart') {
      this.emit({ type: 'state', runId, state: 'warmStart', update: 0, phase: null, note: 'Imitating demonstrations' });
      this.emit({ type: 'warmStart', runId, batch: 412, batches: config.warmStartBatches, loss: 0.8731 });
      return;
    }
    this.state('loading');
    this.evaluation();
    for (let k = 0; k < (this.options.warmUpdates ?? 0); k += 1)
      this.oneUpdate(k === (this.options.warmUpdates ?? 0) - 1);
    this.state('paused');
  }

  private stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private state(state: 'loading' | 'paused' | 'running'): void {
    this.emit({
      type: 'state',
      runId: this.runId,
      state,
      update: this.update,
      phase: state === 'running' ? 'rollout' : null,
      note: null,
    });
  }

  private oneUpdate(withBatch = true): void {
    const { config, runId } = this;
    if (!config) return;
    this.update += 1;
    const refiner = config.refiner !== 'none';
    const updateMs = 1500 + 120 * fakeRandom(this.update)();
    this.emit({ type: 'metrics', runId, update: this.update, metrics: fakeMetrics(this.update, refiner), updateMs });
    if (withBatch) {
      const batch = makeFakeBatch(
        this.world,
        this.update,
        config.prompts,
        config.groupSize,
        skillAt(this.update),
        refiner,
      );
      this.emit({ type: 'trajectories', runId, batch });
    }
    for (const id of this.pins.keys()) this.askPin(id);
    if (config.evalEvery > 0 && this.update % config.evalEvery === 0) this.evaluation();
  }

  private askPin(id: number): void {
    const { config, runId, update } = this;
    if (!config) return;
    const seed = this.pins.get(id) ?? 0;
    const batch = makeFakeBatch(this.world, seed, 1, config.groupSize, skillAt(update), config.refiner !== 'none');
    this.emit({ type: 'pinned', runId, id, batch: { ...batch, update } });
  }

  private evaluation(): void {
    const skill = skillAt(this.update);
    this.emit({
      type: 'evaluation',
      runId: this.runId,
      result: {
        update: this.update,
        metrics: {
          emSampled: 0.85 * skill,
          emGreedy: 0.98 * skill,
          emSampledRefined: 0.85 * skill + 0.05,
          emTrain: 0.86 * skill,
          emGreedyRefined: 0.98 * skill + 0.03,
          emClosedBook: 0.023,
          density: 0.8 * skill,
          coverage: skill,
        },
      },
    });
  }
}
