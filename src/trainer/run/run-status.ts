import type { Gate } from '../state/gate';
import type { Phase, RunState } from '../protocol/protocol';
import type { RunEvents } from '../state/run-events';

export type Activity = 'load' | 'warmStart' | 'rest' | 'update' | 'pins' | 'firstEvaluation' | 'evaluation';

const PHASE_INTERVAL_MS = 50;

/** What a run is doing, and how it says so. */
export class RunStatus {
  activity: Activity = 'load';
  phase: Phase | null = null;
  /** Updates done. */
  updates = 0;
  /** A run that goes on with other settings is no new one: it loads without a word of it. */
  reopening = false;
  private phasePostedAt = -Infinity;

  constructor(
    private readonly events: RunEvents,
    private readonly gate: Gate,
  ) {}

  post(state: RunState, note: string | null = null): void {
    this.events.state(state, this.updates, this.phase, note);
  }

  loading(note: string): void {
    if (!this.reopening) this.post('loading', note);
  }

  /** The answer to Play and Step. */
  playing(): void {
    if (this.activity === 'warmStart') this.post('warmStart');
    else if (this.activity === 'evaluation') this.post('evaluating');
    else if (this.activity !== 'firstEvaluation') this.post('running');
  }

  /** The answer to Pause. */
  paused(): void {
    const notes: Partial<Record<Activity, string>> = {
      warmStart: 'The warm start waits; Play goes on with it',
      update: `Held in the middle of update ${this.updates + 1}; Play goes on from there`,
      pins: 'The pinned questions wait; Play goes on with them',
      evaluation: 'The evaluation waits; Play goes on with it',
    };
    this.post('paused', notes[this.activity] ?? null);
  }

  readonly onPhase = (phase: Phase): void => {
    this.phase = phase;
    if (this.gate.wanted === 'rest') return;
    // Told too often, phases would be noise; the first and the last of an update are where its time goes.
    const often = performance.now() - this.phasePostedAt < PHASE_INTERVAL_MS;
    if (often && phase !== 'rollout' && phase !== 'update') return;
    this.phasePostedAt = performance.now();
    this.post('running');
  };
}
