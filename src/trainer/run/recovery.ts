import { isRunConfig, type RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import type { Learner } from '../../rl/learning/learner';
import type { LearnerState } from '../../rl/learning/learner-state';
import { causesOf, NotFiniteError } from '../../rl/learning/not-finite';
import type { TrainedPart } from '../protocol/protocol';
import type { Model } from '../state/checkpoint';
import { DeviceLostError, Losses, lossOf } from '../state/device-watch';
import type { Gate } from '../state/gate';
import type { RunEvents } from '../state/run-events';
import type { RunStatus } from './run-status';

/** How often a lost device is asked for at once, and after how long: a browser that starts its GPU process again has none. */
const REOPEN_AFTER_MS = [250, 500, 1000, 2000];

interface Played {
  config: RunConfig;
  train: TrainedPart;
}

/** What a run goes on from when its device is lost or its numbers are none, and how. */
export class Recovery {
  /** The last state that is known to be good. */
  snapshot: LearnerState | null = null;
  /** What the snapshot is a state of. */
  run: { model: Model; config: RunConfig } | null = null;
  private readonly losses = new Losses();
  private withoutDevice = false;

  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
    private readonly status: RunStatus,
    private readonly open: () => Promise<Gpu>,
  ) {}

  /** The snapshot as a checkpoint, if there is one. */
  post(): void {
    if (this.snapshot && this.run) this.events.checkpoint(this.run.model, this.run.config, this.snapshot);
  }

  /** Answers whoever asks for a checkpoint while nothing can be computed. @returns whether it did */
  answer(): boolean {
    if (this.withoutDevice) this.post();
    return this.withoutDevice;
  }

  /**
   * The device; null where one was lost and there is no other: then the run has rested until it was wanted again.
   *
   * @throws whatever keeps the first one from being opened
   */
  async device(): Promise<Gpu | null> {
    for (const ms of this.snapshot === null ? [] : REOPEN_AFTER_MS) {
      const gpu = await this.open().catch(() => null);
      if (gpu !== null || this.gate.isStopped()) return gpu;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    try {
      return await this.open();
    } catch (error) {
      if (this.snapshot === null) throw error;
      await this.restWithout(this.snapshot.update);
      return null;
    }
  }

  private async restWithout(update: number): Promise<void> {
    const { gate, status } = this;
    this.events.warn(
      'The graphics device was lost, and the browser gives no other.',
      `The run is kept as of update ${update}, and Play tries again. A browser refuses after several losses: restart it if Play does not help.`,
    );
    this.withoutDevice = true;
    gate.wanted = 'rest';
    status.activity = 'rest';
    status.phase = null;
    status.post('paused');
    while (gate.isIdle()) await gate.errands.sleep();
    status.activity = 'load';
    this.withoutDevice = false;
  }

  /**
   * Goes back to the snapshot, to be loaded again.
   *
   * @param learner null where it could not be made
   * @returns what the run plays from here on
   * @throws the error, where it is neither a loss nor about numbers that are none
   */
  async from(error: unknown, gpu: Gpu, learner: Learner | null, played: Played): Promise<Played> {
    const reason = await lossOf(gpu);
    if (reason !== null) return this.fromLoss(reason, played);
    if (!(error instanceof NotFiniteError) || learner === null || this.snapshot === null) throw error;
    const { message } = await learner.locate(error).catch(() => error);
    this.gate.wanted = 'rest';
    this.reload();
    const { update } = this.snapshot;
    this.events.warn(message, `The run is back at update ${update}, its last good state. ${causesOf(played.config)}`);
    return played;
  }

  /** By itself: what was done since is done again, bit for bit. */
  private fromLoss(reason: string, played: Played): Played {
    const again = this.losses.isSecond();
    if (again && this.snapshot === null) throw new DeviceLostError(reason);
    const from = this.snapshot === null ? 'the start' : `update ${this.snapshot.update}`;
    const lost = `(${reason.replace(/\.?\s*$/, '')})`;
    const goesOn = again ? played : this.catchUp(played);
    this.reload();
    if (again) {
      this.gate.wanted = 'rest';
      const smaller = smallerThan(played.config);
      const advice = smaller === null ? 'Close what else uses the graphics card.' : less(smaller, played.config);
      const hint = `The run rests at ${from}; Play goes on. It may be too much for this machine. ${advice}`;
      this.events.warn(`The graphics device was lost twice within a minute ${lost}.`, hint, smaller);
    } else {
      this.events.warn(`The graphics device was lost ${lost}.`, `The run goes on from ${from} by itself.`);
    }
    return goesOn;
  }

  /** What plays goes on playing; what rested is led to where it rested, and a step to its end. */
  private catchUp(played: Played): Played {
    const { gate, status, snapshot } = this;
    const reached = status.updates;
    if (snapshot === null || gate.resetWanted || gate.wanted === 'play' || snapshot.update >= reached) return played;
    gate.until = gate.wanted === 'step' && played.train === 'both' ? reached + 1 : reached;
    gate.wanted = 'play';
    return { ...played, train: 'both' };
  }

  private reload(): void {
    this.events.forget();
    this.status.activity = 'load';
    this.status.phase = null;
    this.status.reopening = false;
  }
}

/** What is offered instead; null where nothing is smaller. */
function smallerThan(config: RunConfig): RunConfig | null {
  const { size, prompts, groupSize } = config;
  if (size !== 'tiny') return { ...config, size: 'tiny' };
  const half = (count: number): number => Math.min(count, Math.max(2, Math.floor(count / 2)));
  const fewer = { ...config, prompts: half(prompts), groupSize: half(groupSize) };
  const isLess = fewer.prompts < prompts || fewer.groupSize < groupSize;
  return isLess && isRunConfig(fewer) ? fewer : null;
}

function less({ size, prompts, groupSize }: RunConfig, than: RunConfig): string {
  const what = size === than.size ? `${prompts} questions of ${groupSize} trajectories` : `the model of size ${size}`;
  return `A new run with ${what} needs less of it.`;
}
