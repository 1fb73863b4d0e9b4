import { median } from '../../lib/stats';

/** Updates whose median stands for the next ones: a slow one now and then, or a machine that got busier, moves it little. */
const WINDOW = 15;

/** What is left to do of a run, or of several. */
export interface Work {
  updates: number;
  /** Questions of the evaluations still due. */
  questions: number;
  /** Runs that have not begun: each starts with a base policy and its evaluation. */
  starts: number;
}

/** Estimates the time left from what updates, evaluations and starts took so far. Holds no clock: it is told durations. */
export class TimeLeft {
  private readonly updates: number[] = [];
  private question = 0;
  private start = 0;

  tookUpdate(ms: number): void {
    this.updates.push(ms);
    if (this.updates.length > WINDOW) this.updates.shift();
  }

  tookEvaluation(ms: number, questions: number): void {
    this.question = ms / questions;
  }

  tookStart(ms: number): void {
    this.start = ms;
  }

  /** Seconds, or undefined before the first update. What was not seen yet counts as nothing. */
  seconds({ updates, questions, starts }: Work): number | undefined {
    if (this.updates.length === 0) return undefined;
    return (updates * median(this.updates) + questions * this.question + starts * this.start) / 1000;
  }
}

/**
 * What is left of a run once `done` updates are done, an evaluation that is due then included. That of the base, at update 0,
 * belongs to the start. `finalQuestions` is the size of the last evaluation.
 */
export function workLeft(
  done: number,
  updates: number,
  { evalEvery, evalQuestions }: { evalEvery: number; evalQuestions: number },
  finalQuestions: number,
): Work {
  const upTo = (update: number) => (evalEvery > 0 ? Math.floor(Math.max(0, update) / evalEvery) : 0);
  const between = upTo(updates - 1) - upTo(Math.min(done, updates) - 1);
  return { updates: Math.max(0, updates - done), questions: between * evalQuestions + finalQuestions, starts: 0 };
}
