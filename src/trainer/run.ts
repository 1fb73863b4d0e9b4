import { toWorldDescription } from '../env/describe';
import type { RunConfig } from '../config/schema';
import type { Gpu } from '../gpu/device';
import { evaluate } from '../rl/evaluate';
import { Learner, type UpdateReport } from '../rl/learner';
import type { LearnerState } from '../rl/learner-state';
import { RolloutAborted, type ShouldStop } from '../rl/rollout';
import { Gate } from './gate';
import { TokenInspector } from './token-inspector';
import { loadWeights } from './initial-weights';
import { warmUp } from './live-warm-start';
import { openFamily } from './open-family';
import { breakReason } from './breakpoints';
import { CutLab } from './cut-lab';
import { Pins } from './pins';
import { NO_BREAKPOINTS, type Command, type Phase, type RunState } from './protocol';
import { RunEvents, type PostEvent } from './run-events';
import { DeviceLostError, lossOf } from './device-watch';

export type StartCommand = Extract<Command, { type: 'start' }>;
export type RunCommand = Exclude<Command, StartCommand>;

/** What a run needs from around it. */
export interface RunHost {
  post: PostEvent;
  /** The device, a new one if the last was lost. */
  device: () => Promise<Gpu>;
  /** Bytes of a file that ships with the page, null where there is none. */
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>;
}

type Activity = 'load' | 'warmStart' | 'rest' | 'update' | 'pins' | 'firstEvaluation' | 'evaluation';

const PHASE_INTERVAL_MS = 50;
/** Updates between two snapshots that a lost device is replaced from. */
const SNAPSHOT_EVERY = 20;
/** Losing the device so often without an update in between means that it cannot do this run. */
const MOST_LOSSES = 2;

/**
 * One run, from its start command until another replaces it. Commands only set what is wanted (and answer at once); the
 * work asks `gate` between submits what to do. Pause holds an update or an evaluation where it is, and Play goes on with
 * it, so nothing is computed twice; Reset and another start abandon it. Every random number is a function of seeds and
 * counters, so none of this changes a single bit of the run. Progress follows the GPU's completions, never a timer.
 */
export class Run {
  /** Resolves when the run has ended and its buffers are gone. Never rejects. */
  readonly ended: Promise<void>;
  private readonly config: RunConfig;
  private readonly events: RunEvents;
  private readonly gate = new Gate();
  /** Numbers of updates from before a reset are dropped. */
  private resets = 0;
  private warmStartHeld = false;
  private activity: Activity = 'load';
  private phase: Phase | null = null;
  private readonly pins: Pins;
  private readonly cutLab: CutLab;
  private inspector: TokenInspector | null = null;
  private breakpoints = NO_BREAKPOINTS;
  private software = false;
  /** The state that Reset returns to, and the latest one that a lost device is replaced from. */
  private first: LearnerState | null = null;
  private snapshot: LearnerState | null = null;
  private losses = 0;
  private updates = 0;
  private firstEvaluationDue = true;
  private evaluationDue = false;
  /** The numbers of the last update are on their way; resolves when they were told. Never rejects. */
  private told: Promise<void> = Promise.resolve();
  private toldAt = -Infinity;
  private phasePostedAt = -Infinity;

  constructor(
    private readonly command: StartCommand,
    private readonly host: RunHost,
    previous: Promise<void>,
  ) {
    this.config = command.config;
    this.events = new RunEvents(command.runId, command.config, host.post);
    this.pins = new Pins(this.events);
    this.cutLab = new CutLab(this.events);
    this.ended = previous.then(() => this.live()).catch((error: unknown) => this.fail(error));
  }

  /** Ends the run: it posts nothing from here on. */
  stop(): void {
    this.gate.stop();
    this.events.mute();
  }

  handle(command: RunCommand): void {
    switch (command.type) {
      case 'play':
      case 'step':
        this.gate.wanted = command.type;
        this.warmStartHeld = false;
        this.answerPlay();
        break;
      case 'pause':
        this.gate.wanted = 'rest';
        this.warmStartHeld = this.activity === 'warmStart';
        this.answerPause();
        break;
      case 'reset':
        this.gate.wanted = 'rest';
        this.warmStartHeld = false;
        this.gate.resetWanted = true;
        break;
      case 'checkpoint':
        this.gate.errands.add({ whileHeld: true, perform: (learner) => this.postCheckpoint(learner) });
        break;
      case 'pin':
        this.gate.errands.add({
          whileHeld: false,
          perform: (learner) => this.pins.pin(learner, command, this.gate.steady),
        });
        break;
      case 'inspect':
        this.gate.errands.add({ whileHeld: true, perform: (learner) => this.inspect(learner, command) });
        break;
      case 'sweep':
      case 'cut':
        this.gate.errands.add(this.cutLab.errand(command, this.gate.steady));
        break;
      case 'breakpoints':
        this.breakpoints = command.breakpoints;
        break;
      case 'unpin':
        this.pins.unpin(command.id);
        break;
    }
    this.gate.errands.wake();
  }

  private answerPlay(): void {
    if (this.gate.resetWanted || this.activity === 'load') return;
    if (this.activity === 'warmStart') this.postState('warmStart');
    else if (this.activity === 'evaluation') this.postState('evaluating');
    else if (this.activity !== 'firstEvaluation') this.postState('running');
  }

  private answerPause(): void {
    if (this.gate.resetWanted || this.activity === 'load') return;
    this.events.flush();
    // Only a pause stops the first evaluation for good: it runs while nobody wants anything.
    if (this.activity === 'firstEvaluation') this.firstEvaluationDue = false;
    const next = this.updates + 1;
    const notes: Partial<Record<Activity, string>> = {
      warmStart: 'The warm start waits; Play goes on with it',
      update: `Held in the middle of update ${next}; Play goes on from there`,
      pins: 'The pinned questions wait; Play goes on with them',
      evaluation: 'The evaluation waits; Play goes on with it',
    };
    this.postState('paused', notes[this.activity] ?? null);
  }

  private async live(): Promise<void> {
    while (!this.gate.isStopped()) {
      this.postState('loading', 'Opening the graphics device');
      const gpu = await this.host.device();
      let learner: Learner | null = null;
      try {
        this.gate.faults.watch(gpu);
        this.software = gpu.adapter.software;
        this.events.adapter(gpu);
        learner = await this.open(gpu);
        await this.load(learner);
        await this.work(learner);
      } catch (error) {
        const reason = this.gate.isStopped() ? '' : await lossOf(gpu);
        if (reason === null) throw error;
        if (!this.gate.isStopped()) this.recover(reason);
      } finally {
        await this.told;
        this.inspector = null;
        learner?.destroy();
      }
    }
  }

  /** Goes on from the last snapshot on a new device, at rest. */
  private recover(reason: string): void {
    this.losses += 1;
    if (this.losses > MOST_LOSSES) throw new DeviceLostError(reason);
    this.gate.wanted = 'rest';
    this.events.forget();
    this.activity = 'load';
    const from = this.snapshot === null ? 'the start' : `update ${this.snapshot.update}`;
    this.events.warn(
      `The graphics device was lost (${reason.replace(/\.?\s*$/, '')}).`,
      `The run was loaded again from ${from}; press Play to go on.`,
    );
  }

  private async open(gpu: Gpu): Promise<Learner> {
    this.postState('loading', 'Building worlds and buffers');
    const family = await openFamily(this.config.world, this.host.fetchBytes);
    const learner = new Learner(gpu, this.config, family);
    this.events.world(toWorldDescription(family, learner.pool.heldOut(0)));
    return learner;
  }

  private async load(learner: Learner): Promise<void> {
    this.postState('loading', 'Compiling kernels');
    await learner.compile();
    if (this.snapshot !== null) {
      learner.restore(this.snapshot);
    } else {
      this.postState('loading', 'Loading weights');
      const { state, note } = await loadWeights(learner, this.command.initial, this.host.fetchBytes);
      if (state === null) await this.warmStart(learner, note);
      else learner.restore(state);
      this.first = this.snapshot = await learner.state();
      // Told as a problem that can be dismissed: a note of the state would be gone with the next one.
      if (state !== null && note !== null) this.events.warn(note);
    }
    this.updates = learner.updates;
    this.gate.resetWanted = false;
  }

  private async warmStart(learner: Learner, note: string | null): Promise<void> {
    this.activity = 'warmStart';
    this.postState('warmStart', note);
    const report = (batch: number, batches: number, loss: number): void => this.events.warmStart(batch, batches, loss);
    await warmUp(learner, report, async () => {
      while (this.warmStartHeld && !this.gate.isInterrupted()) await this.gate.errands.sleep();
      if (this.gate.isStopped()) throw new RolloutAborted('replaced');
      this.gate.throwFault();
      const again = this.gate.resetWanted;
      this.gate.resetWanted = false;
      if (again) this.postState('warmStart', note);
      return again;
    });
  }

  private async work(learner: Learner): Promise<void> {
    for (;;) {
      if (this.gate.isStopped()) return;
      this.gate.throwFault();
      if (this.gate.resetWanted) this.reset(learner);
      else if (await this.gate.errands.next(learner, false)) continue;
      else if (this.gate.wanted === 'rest') await this.rest(learner);
      else if (this.pins.isDue) await this.askPins(learner);
      else if (this.evaluationDue) await this.evaluate(learner);
      else await this.update(learner);
    }
  }

  private reset(learner: Learner): void {
    this.gate.resetWanted = false;
    this.resets += 1;
    this.evaluationDue = false;
    this.events.forget();
    this.pins.forget();
    if (this.first === null) return;
    learner.restore(this.first);
    this.snapshot = this.first;
    this.updates = learner.updates;
    this.askPinsAgain();
  }

  private async rest(learner: Learner): Promise<void> {
    await this.told;
    this.events.flush();
    this.activity = 'rest';
    this.phase = null;
    this.postState('paused');
    if (this.firstEvaluationDue && this.updates === this.first?.update) await this.firstEvaluation(learner);
    else await this.gate.errands.sleep();
  }

  private async update(learner: Learner): Promise<void> {
    this.activity = 'update';
    this.gate.heldMs = 0;
    const start = performance.now();
    const report = await learner.update(this.onPhase, this.gate.holding(learner)).catch(ignoreAbort);
    if (report === null || this.gate.isStopped() || this.gate.resetWanted) return;
    this.losses = 0;
    this.updates = report.update;
    this.activity = 'rest';
    this.tell(report, learner.positions, start + this.gate.heldMs);
    if (report.update % SNAPSHOT_EVERY === 0) this.snapshot = await learner.state();
    const { evalEvery } = this.config;
    this.evaluationDue = evalEvery > 0 && report.update % evalEvery === 0;
    this.pins.schedule(report.update, this.gate.wanted === 'step');
    if (this.gate.wanted !== 'step') return;
    if (this.pins.isDue) await this.askPins(learner);
    if (this.evaluationDue) await this.evaluate(learner);
    this.gate.wanted = 'rest';
  }

  /** Pauses as a person would: the next update may have begun, but it has changed no weights yet. */
  private break(update: number, reason: string): void {
    if (this.gate.isInterrupted()) return;
    this.events.breakpoint(update, reason);
    if (this.gate.wanted === 'play') this.handle({ type: 'pause' });
  }

  private async askPins(learner: Learner): Promise<void> {
    this.activity = 'pins';
    const changed = await this.pins.askDue(learner, this.gate.holding(learner));
    this.activity = 'rest';
    if (this.breakpoints.pinnedAnswer && changed[0] !== undefined) {
      this.break(this.updates, `the answer to “${changed[0]}” has changed`);
    }
  }

  /** The first weights are there once more: so are the pinned questions. */
  private askPinsAgain(): void {
    this.pins.askAgain();
    this.gate.errands.add({ whileHeld: false, perform: (learner) => this.pins.askDue(learner, this.gate.steady) });
  }

  /** Posts an update's numbers when they arrive; meanwhile the next update is under way. */
  private tell(report: UpdateReport, positions: number, start: number): void {
    const earlier = this.told;
    const thrownAway = this.resets;
    const tell = async (): Promise<void> => {
      const metrics = await report.metrics;
      await earlier;
      // From here to here the GPU was busy with this update, whatever was recorded behind it.
      const ms = performance.now() - Math.max(start, this.toldAt);
      this.toldAt = performance.now();
      if (thrownAway !== this.resets) return;
      this.events.update({ ...report, metrics }, positions, ms);
      const reason = breakReason(this.breakpoints, metrics);
      if (reason !== null) this.break(report.update, reason);
    };
    this.told = tell().catch(this.gate.faults.fault);
  }

  /** What the first weights can do. It fills the time before the first Play and gives way to it on slow adapters. */
  private async firstEvaluation(learner: Learner): Promise<void> {
    const stop = async (): Promise<boolean> => {
      this.gate.throwFault();
      await this.gate.errands.next(learner, true);
      return this.gate.isInterrupted() || !this.firstEvaluationDue || (this.software && this.gate.wanted !== 'rest');
    };
    this.activity = 'firstEvaluation';
    this.postState('evaluating');
    await this.postEvaluation(learner, stop);
    // A reset comes back to these weights and may ask again, if nobody waited for the answer.
    this.activity = 'rest';
  }

  private async evaluate(learner: Learner): Promise<void> {
    this.activity = 'evaluation';
    this.postState('evaluating');
    await this.postEvaluation(learner, this.gate.holding(learner));
    this.evaluationDue = false;
    this.activity = 'rest';
  }

  private async postEvaluation(learner: Learner, stop: ShouldStop): Promise<void> {
    const metrics = await evaluate(learner, stop).catch(ignoreAbort);
    if (metrics === null) return;
    if (this.updates === this.first?.update) this.firstEvaluationDue = false;
    this.events.evaluation(this.updates, metrics);
  }

  private readonly onPhase = (phase: Phase): void => {
    this.phase = phase;
    if (this.gate.wanted === 'rest') return;
    // Told too often, phases would be noise; the first and the last of an update are where its time goes.
    const often = performance.now() - this.phasePostedAt < PHASE_INTERVAL_MS;
    if (often && phase !== 'rollout' && phase !== 'update') return;
    this.phasePostedAt = performance.now();
    this.postState('running');
  };

  private async postCheckpoint(learner: Learner): Promise<void> {
    this.snapshot = await learner.state();
    this.events.checkpoint(learner, this.snapshot);
  }

  private async inspect(learner: Learner, { id, tokens }: Extract<RunCommand, { type: 'inspect' }>): Promise<void> {
    if (this.first === null) return;
    this.inspector ??= new TokenInspector(learner, this.first.base);
    this.events.inspection(id, await this.inspector.inspect(tokens));
  }

  private postState(state: RunState, note: string | null = null): void {
    this.events.state(state, this.updates, this.phase, note);
  }

  private fail(error: unknown): void {
    this.phase = null;
    this.events.failure(error);
    this.postState('failed');
    this.stop();
  }
}

function ignoreAbort(error: unknown): null {
  if (error instanceof RolloutAborted) return null;
  throw error;
}
