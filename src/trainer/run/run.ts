import { toWorldDescription } from '../../env/describe';
import { SETTING_KEYS, settingOf, type RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { withinMemory } from '../../gpu/memory';
import { Learner } from '../../rl/learning/learner';
import { NotFiniteError } from '../../rl/learning/not-finite';
import type { LearnerState } from '../../rl/learning/learner-state';
import { RolloutAborted } from '../../rl/rollout/rollout';
import { Evaluations, ignoreAbort } from './evaluations';
import { Gate } from '../state/gate';
import { RunStatus } from './run-status';
import { Telling } from './telling';
import { loadWeights, type LoadedWeights } from './initial-weights';
import { warmUp } from './live-warm-start';
import { openFamily } from '../state/open-family';
import { breakReason } from './breakpoints';
import { Pins } from '../desk/pins';
import { KeptWeights } from '../state/kept-weights';
import { NO_BREAKPOINTS, type Command, type InitialWeights, type TrainedPart } from '../protocol/protocol';
import { Requests } from '../desk/requests';
import { RunEvents, type PostEvent } from '../state/run-events';
import { Recovery } from './recovery';

export type StartCommand = Extract<Command, { type: 'start' }>;
export type RunCommand = Exclude<Command, { type: 'start' | 'vet' | 'readTriples' | 'examine' }>;

/** What a run needs from around it. */
export interface RunHost {
  post: PostEvent;
  /** The device, a new one if the last was lost. */
  device: () => Promise<Gpu>;
  /** Bytes of a file that ships with the page, null where there is none. */
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>;
}

/** Updates between two snapshots that a lost device is replaced from. */
const SNAPSHOT_EVERY = 20;

/**
 * One run, from its start command until another replaces it. Commands only set what is wanted (and answer at once); the
 * work asks `gate` between submits what to do. Pause holds an update or an evaluation where it is, and Play goes on with
 * it, so nothing is computed twice; Reset and another start abandon it. Every random number is a function of seeds and
 * counters, so none of this changes a single bit of the run. Progress follows the GPU's completions, never a timer.
 */
export class Run {
  /** Resolves when the run has ended and its buffers are gone. Never rejects. */
  readonly ended: Promise<void>;
  private config: RunConfig;
  private readonly events: RunEvents;
  private readonly gate = new Gate();
  private warmStartHeld = false;
  private readonly status: RunStatus;
  private readonly pins: Pins;
  private readonly kept = new KeptWeights();
  private readonly requests: Requests;
  private readonly evaluations: Evaluations;
  private readonly telling: Telling;
  private train: TrainedPart = 'both';
  private updatesPerMinute: number | null = null;
  private updateStartedAt = -Infinity;
  /** Settings that wait for the update under way. */
  private nextConfig: RunConfig | null = null;
  private breakpoints = NO_BREAKPOINTS;
  private software = false;
  /** The state that Reset returns to. */
  private first: LearnerState | null = null;
  private readonly recovery: Recovery;

  constructor(
    private readonly command: StartCommand,
    private readonly host: RunHost,
    previous: Promise<void>,
  ) {
    this.config = command.config;
    this.events = new RunEvents(command.runId, command.config, host.post);
    this.status = new RunStatus(this.events, this.gate);
    this.recovery = new Recovery(this.events, this.gate, this.status, host.device);
    this.pins = new Pins(this.events);
    this.requests = new Requests(this.events, this.gate, this.pins, this.kept, () => this.first);
    this.evaluations = new Evaluations(this.events, this.gate, this.status, () => this.first?.update);
    this.telling = new Telling(
      this.events,
      (update, metrics) => {
        const reason = breakReason(this.breakpoints, metrics);
        if (reason !== null) this.break(update, reason);
        // The update after this one may be held in its middle: what was kept back of this one would wait for Play.
        if (this.gate.wanted === 'rest') this.events.flush();
      },
      this.gate.faults.fault,
    );
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
        this.gate.until = command.type === 'play' ? (command.until ?? null) : null;
        this.train = command.type === 'step' ? (command.train ?? 'both') : 'both';
        this.warmStartHeld = false;
        this.answerPlay();
        break;
      case 'pause':
        this.gate.wanted = 'rest';
        this.warmStartHeld = this.status.activity === 'warmStart';
        this.answerPause();
        break;
      case 'reset':
        this.gate.wanted = 'rest';
        this.warmStartHeld = false;
        this.gate.resetWanted = true;
        break;
      case 'checkpoint':
        if (!this.recovery.answer()) {
          this.gate.errands.add({ whileHeld: true, perform: (learner) => this.postCheckpoint(learner) });
        }
        break;
      case 'configure':
        this.configure(command.config);
        break;
      case 'pace':
        this.updatesPerMinute = command.updatesPerMinute;
        break;
      case 'await':
        this.events.awaited = command.update;
        break;
      case 'breakpoints':
        this.breakpoints = command.breakpoints;
        break;
      default:
        this.requests.handle(command);
    }
    this.gate.errands.wake();
  }

  private answerPlay(): void {
    if (!this.gate.resetWanted && this.status.activity !== 'load') this.status.playing();
  }

  private answerPause(): void {
    if (this.gate.resetWanted || this.status.activity === 'load') return;
    this.events.flush();
    // Only a pause stops the first evaluation for good: it runs while nobody wants anything.
    if (this.status.activity === 'firstEvaluation') this.evaluations.firstDue = false;
    this.status.paused();
  }

  private async live(): Promise<void> {
    while (!this.gate.isStopped()) {
      this.status.loading('Opening the graphics device');
      const gpu = await this.recovery.device();
      if (gpu === null) continue;
      let learner: Learner | null = null;
      try {
        this.gate.faults.watch(gpu);
        this.software = gpu.adapter.software;
        this.events.adapter(gpu);
        learner = await this.open(gpu);
        await this.load(learner);
        await this.work(learner);
      } catch (error) {
        if (this.gate.isStopped()) continue;
        const given = await this.recovery.from(error, gpu, learner, { config: this.config, train: this.train });
        this.train = given.train;
      } finally {
        await this.telling.settled;
        this.requests.forgetLearner();
        learner?.destroy();
      }
    }
  }

  private async open(gpu: Gpu): Promise<Learner> {
    this.status.loading('Building worlds and buffers');
    const family = await openFamily(this.config.world, this.command.triples ?? null, this.host.fetchBytes);
    const learner = await withinMemory(gpu, () => new Learner(gpu, this.config, family));
    this.recovery.run = { model: learner, config: this.config };
    this.events.world(toWorldDescription(family, learner.pool.heldOut(0)));
    return learner;
  }

  private async load(learner: Learner): Promise<void> {
    const loading = this.recovery.snapshot === null ? this.loadFirst(learner) : null;
    // Whoever waits for it below sees a failure.
    loading?.catch(() => undefined);
    this.status.loading('Compiling kernels');
    await learner.compile();
    if (this.recovery.snapshot !== null) {
      learner.restore(this.recovery.snapshot);
    } else if (loading !== null) {
      this.status.loading('Loading weights');
      const { state, note } = await loading;
      if (state === null) await this.warmStart(learner, note);
      else learner.restore(state);
      this.first = this.recovery.snapshot = await learner.state();
      // One that comes while a snapshot is loaded is still to be done.
      this.gate.resetWanted = false;
      // Told as a problem that can be dismissed: a note of the state would be gone with the next one.
      if (state !== null && note !== null) this.events.warn(note);
    }
    this.kept.forget();
    this.kept.keep(learner);
    this.status.updates = learner.updates;
    this.status.reopening = false;
  }

  private loadFirst(learner: Learner): Promise<LoadedWeights> {
    const { initial, triples } = this.command;
    // Nothing ships for a world that nobody knew.
    const from: InitialWeights = triples && initial.kind === 'shipped' ? { kind: 'warmStart' } : initial;
    return loadWeights(learner, from, this.host.fetchBytes);
  }

  private async warmStart(learner: Learner, note: string | null): Promise<void> {
    this.status.activity = 'warmStart';
    this.status.post('warmStart', note);
    const report = (batch: number, batches: number, loss: number): void => this.events.warmStart(batch, batches, loss);
    await warmUp(learner, report, async () => {
      while (this.warmStartHeld && !this.gate.isInterrupted()) await this.gate.errands.sleep();
      if (this.gate.isStopped()) throw new RolloutAborted('replaced');
      this.gate.throwFault();
      const again = this.gate.resetWanted;
      this.gate.resetWanted = false;
      if (again) this.status.post('warmStart', note);
      return again;
    });
  }

  private async work(learner: Learner): Promise<void> {
    for (;;) {
      if (this.gate.isStopped()) return;
      this.gate.throwFault();
      if (this.gate.resetWanted) this.reset(learner);
      else if (this.nextConfig !== null) return this.applyConfig(learner, this.nextConfig);
      else if (await this.gate.errands.next(learner, false)) continue;
      else if (this.gate.wanted === 'rest') await this.rest(learner);
      else if (this.pins.isDue) await this.askPins(learner);
      else if (this.evaluations.due) await this.evaluations.evaluate(learner);
      else if (this.waitMs() > 0) await this.gate.errands.sleep(this.waitMs());
      else await this.update(learner);
    }
  }

  /** How long the pace keeps the next update back. A step is never kept back. */
  private waitMs(): number {
    if (this.updatesPerMinute === null || this.gate.wanted === 'step') return 0;
    return this.updateStartedAt + 60_000 / this.updatesPerMinute - performance.now();
  }

  private configure(config: RunConfig): void {
    const fixed = SETTING_KEYS.find((key) => settingOf(key).restart && config[key] !== this.config[key]);
    if (fixed === undefined) this.nextConfig = config;
    else this.events.warn(`"${settingOf(fixed).label}" cannot change within a run.`, 'Start a new run with it.');
  }

  /** Ends the work with this learner: `live` opens another one with the new settings and goes on from the same state. */
  private async applyConfig(learner: Learner, config: RunConfig): Promise<void> {
    await this.telling.settled;
    this.events.flush();
    this.recovery.snapshot = await learner.state();
    this.nextConfig = null;
    this.config = config;
    this.status.activity = 'load';
    this.status.reopening = true;
    this.events.configured(this.status.updates, config);
  }

  private reset(learner: Learner): void {
    this.gate.resetWanted = false;
    this.telling.forget();
    this.evaluations.due = false;
    this.pins.forget();
    if (this.first === null) return;
    learner.restore(this.first);
    this.recovery.snapshot = this.first;
    this.kept.forget();
    this.kept.keep(learner);
    this.status.updates = learner.updates;
    this.askPinsAgain();
  }

  private async rest(learner: Learner): Promise<void> {
    await this.telling.settled;
    this.events.flush();
    this.status.activity = 'rest';
    this.status.phase = null;
    this.status.post('paused');
    if (!(await this.evaluations.first(learner, this.software))) await this.gate.errands.sleep();
  }

  private async update(learner: Learner): Promise<void> {
    this.status.activity = 'update';
    this.gate.heldMs = 0;
    const start = (this.updateStartedAt = performance.now());
    // Another command may name another part before this update is done.
    const { train } = this;
    const report = await learner.update(this.status.onPhase, this.gate.holding(learner), train).catch(ignoreAbort);
    if (report === null || this.gate.isStopped() || this.gate.resetWanted) return;
    this.kept.keep(learner, train);
    this.status.updates = report.update;
    this.status.activity = 'rest';
    this.telling.tell(report, learner.positions, start + this.gate.heldMs);
    // What one loss alone has made could not be made again from an earlier one.
    if (report.update % SNAPSHOT_EVERY === 0 || train !== 'both') this.recovery.snapshot = await learner.state();
    this.evaluations.schedule(report.update, this.config.evalEvery);
    this.pins.schedule(report.update, this.gate.wanted === 'step');
    const isLast = this.gate.until !== null && report.update >= this.gate.until;
    if (this.gate.wanted !== 'step' && !(this.gate.wanted === 'play' && isLast)) return;
    if (this.pins.isDue) await this.askPins(learner);
    if (this.evaluations.due) await this.evaluations.evaluate(learner);
    this.gate.wanted = 'rest';
  }

  /** Pauses as a person would: the next update may have begun, but it has changed no weights yet. */
  private break(update: number, reason: string): void {
    if (this.gate.isInterrupted()) return;
    this.events.breakpoint(update, reason);
    if (this.gate.wanted === 'play') this.handle({ type: 'pause' });
  }

  private async askPins(learner: Learner): Promise<void> {
    this.status.activity = 'pins';
    const changed = await this.pins.askDue(learner, this.gate.holding(learner));
    this.status.activity = 'rest';
    if (this.breakpoints.pinnedAnswer && changed[0] !== undefined) {
      this.break(this.status.updates, `the answer to “${changed[0]}” has changed`);
    }
  }

  /** The first weights are there once more: so are the pinned questions. */
  private askPinsAgain(): void {
    this.pins.askAgain();
    this.gate.errands.add({ whileHeld: false, perform: (learner) => this.pins.askDue(learner, this.gate.steady) });
  }

  private async postCheckpoint(learner: Learner): Promise<void> {
    try {
      this.recovery.snapshot = await learner.state();
    } catch (error) {
      // The last good state is what is saved.
      if (error instanceof NotFiniteError) this.recovery.post();
      throw error;
    }
    this.recovery.post();
  }

  private fail(error: unknown): void {
    this.status.phase = null;
    if (this.recovery.snapshot?.update) this.recovery.post();
    this.events.failure(error);
    this.status.post('failed');
    this.stop();
  }
}
