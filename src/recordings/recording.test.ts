import { describe, expect, it } from 'vitest';
import { makeFakeRecording } from '../testing/page/fake-recording';
import { numbersBatch } from '../testing/page/hand-batch';
import { joinRecordings, recordingUntil } from './recording';
import type { Recording } from './recording';
import { storeBatch } from './stored-batch';

const fake = makeFakeRecording(1);

/** A part of a run with something at each of the updates. */
function part(updates: readonly number[], more: Partial<Recording> = {}): Recording {
  const last = updates.at(-1) ?? 0;
  return {
    ...fake,
    update: last,
    metrics: updates.map((update) => ({ update, updateMs: last, metrics: {} })),
    evaluations: updates.map((update) => ({ update, metrics: { of: last } })),
    marks: updates.map((update) => ({ kind: 'evaluation', update })),
    batches: updates.map((update) => storeBatch(numbersBatch([{}], { update }), true)),
    checkpoints: updates.map((update) => ({ update, weightsHash: String(last), bytes: new Uint8Array(1) })),
    ...more,
  };
}

const told = ({ update, metrics, evaluations, marks, batches, checkpoints }: Recording) => ({
  update,
  metrics: metrics.map((row) => [row.update, row.updateMs]),
  evaluations: evaluations.map((one) => [one.update, one.metrics['of']]),
  marks: marks.map((mark) => mark.update),
  batches: batches.map(({ batch }) => batch.update),
  checkpoints: checkpoints.map((one) => [one.update, one.weightsHash]),
});

describe('recordingUntil', () => {
  it('has what was there after an update, that update included', () => {
    expect(told(recordingUntil(part([1, 3, 4, 6]), 4))).toEqual({
      update: 4,
      metrics: [1, 3, 4].map((update) => [update, 6]),
      evaluations: [1, 3, 4].map((update) => [update, 6]),
      marks: [1, 3, 4],
      batches: [1, 3, 4],
      checkpoints: [1, 3, 4].map((update) => [update, '6']),
    });
    expect(recordingUntil(part([1, 3]), 9).update).toBe(3);
  });
});

describe('joinRecordings', () => {
  it('lets the later part win where both have an update, and ends where the last one ends', () => {
    const joined = joinRecordings([part([1, 2, 3]), part([3, 4])]);
    expect(joined && told(joined)).toEqual({
      update: 4,
      metrics: [
        [1, 3],
        [2, 3],
        [3, 4],
        [4, 4],
      ],
      evaluations: [
        [1, 3],
        [2, 3],
        [3, 4],
        [4, 4],
      ],
      marks: [1, 2, 3, 4],
      batches: [1, 2, 3, 4],
      checkpoints: [
        [1, '3'],
        [2, '3'],
        [3, '3'],
        [3, '4'],
        [4, '4'],
      ],
    });
  });

  it('lets what went back replace what it threw away', () => {
    const joined = joinRecordings([part([1, 2, 3]), part([2], { evaluations: [] })]);
    expect(joined?.metrics.map(({ update, updateMs }) => [update, updateMs])).toEqual([
      [1, 3],
      [2, 2],
    ]);
    expect(joined?.batches.map(({ batch }) => batch.update)).toEqual([1, 2]);
  });

  it('takes a part without numbers or trajectories', () => {
    const joined = joinRecordings([part([1, 2]), part([], { update: 2 })]);
    expect(joined?.metrics.map(({ update }) => update)).toEqual([1, 2]);
    expect(joined?.batches.map(({ batch }) => batch.update)).toEqual([1, 2]);
    expect(joinRecordings([])).toBeNull();
  });
});
