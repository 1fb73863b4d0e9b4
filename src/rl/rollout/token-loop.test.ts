import { describe, expect, it } from 'vitest';
import { PHASE } from '../../env/episode';
import type { KeptSteps, OpenStep } from './row-state';
import { AFTER_CUTS, prefillsOf, scheduleOf } from './token-loop';

const QUESTION = 6;
/** A search step with all that it may hold. */
const STEP = 22;

/** A row that was cut behind `steps` steps. */
function cut(steps: number, open?: Partial<OpenStep>): { kept: KeptSteps } {
  const kept: KeptSteps = {
    // No two begin alike.
    tokens: new Uint16Array(QUESTION + STEP * steps).fill(steps),
    stepStarts: Uint16Array.from({ length: steps }, (_, s) => QUESTION + STEP * s),
    passages: new Int32Array(3 * steps),
    attempt: 1,
    replicate: 0,
  };
  if (open === undefined) return { kept };
  const whole: OpenStep = { phase: PHASE.inThink, reason: 0, searches: steps - 1, forcedLeft: 0, segment: [], ...open };
  return { kept: { ...kept, open: whole } };
}

const schedule = (...rows: { kept?: KeptSteps }[]) => scheduleOf(rows);

describe('the decoding steps of a batch', () => {
  it('are eight for each step that a row may still write, and a question is one block', () => {
    expect(schedule({})).toEqual({ prefills: 0, shared: [], choices: 40 });
    expect(AFTER_CUTS).toEqual(schedule({}));
    expect(schedule(cut(4))).toMatchObject({ choices: 8 });
    expect(schedule(cut(1), cut(3))).toMatchObject({ choices: 32 });
    expect(schedule(cut(3, { searches: 2 }))).toMatchObject({ choices: 24 });
  });

  it('feed long beginnings before, so that a block is left', () => {
    // 28, 50, 72 and 94 tokens: the last 15 go in with the first choice.
    expect([1, 2, 3, 4].map((steps) => schedule(cut(steps)).prefills)).toEqual([1, 3, 4, 6]);
    expect(schedule(cut(1), cut(3), {}).prefills).toBe(4);
    expect([0, 1, 15, 16, 88].map(prefillsOf)).toEqual([0, 1, 1, 2, 6]);
  });

  it('read a beginning once that several rows have, all but its newest token', () => {
    expect(schedule(cut(2), cut(2), cut(2))).toEqual({
      prefills: 4,
      shared: [{ from: 0, to: [1, 2], count: 49 }],
      choices: 24,
    });
  });

  it('leave room beside the newest token for passages that a row waits for', () => {
    expect(schedule(cut(2, { phase: PHASE.information, searches: 2, forcedLeft: 14 }))).toMatchObject({
      prefills: 4,
      choices: 24,
    });
  });

  it('are none where a row has ended already', () => {
    expect(schedule(cut(2, { phase: PHASE.done }))).toEqual({ prefills: 0, shared: [], choices: 0 });
    // Nor are their texts anybody's beginning: they are never read.
    expect(schedule(cut(2, { phase: PHASE.done }), cut(2))).toEqual({ prefills: 3, shared: [], choices: 24 });
  });
});
