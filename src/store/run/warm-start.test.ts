import { describe, expect, it } from 'vitest';
import { afterBatch } from './warm-start';

describe('the time that is left of a warm start', () => {
  it('follows from the batches that were measured, and begins anew with the warm start', () => {
    const first = afterBatch(null, { batch: 10, batches: 110, loss: 2 }, 1000);
    expect(first).toEqual({ batch: 10, batches: 110, loss: 2, since: { batch: 10, at: 1000 }, secondsLeft: null });
    const next = afterBatch(first, { batch: 30, batches: 110, loss: 1 }, 5000);
    // 20 batches in 4 s, 80 to go.
    expect(next.secondsLeft).toBe(16);
    expect(afterBatch(next, { batch: 110, batches: 110, loss: 1 }, 9000).secondsLeft).toBe(0);
    const again = afterBatch(next, { batch: 1, batches: 110, loss: 2 }, 9000);
    expect(again).toMatchObject({ since: { batch: 1, at: 9000 }, secondsLeft: null });
    // After a pause nothing is known.
    const paused = { ...next, since: null, secondsLeft: null };
    expect(afterBatch(paused, { batch: 31, batches: 110, loss: 1 }, 60_000).secondsLeft).toBeNull();
  });
});
