import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { ANSWER_STEP, handBatch } from '../../testing/page/hand-batch';
import { headerOf, readBatch, writeBatch } from './capsule-batches';
import type { BatchHeader } from './capsule-batches';
import { ColumnReader, ColumnWriter } from './capsule-columns';
import { keepRows, storeBatch } from '../stored-batch';
import type { StoredBatch } from '../stored-batch';

const THOUGHT = '<think> Norland </think>';
const draft = { steps: [THOUGHT, ANSWER_STEP], reward: 0.5, passages: [4, 5], scores: [1.5] };
/** Two accepted drafts, one that was cut, and one whose final trajectory differs in one number alone. */
const stored = storeBatch(
  handBatch(
    [
      { draft, review: [1], advantage: 0.25 },
      { draft, final: { steps: [THOUGHT], em: 1, reward: 2, useful: [1] }, cut: 2, reviewAdvantage: 0.5 },
      { draft },
      { draft, final: { ...draft, coverage: 1 } },
    ],
    { groupSize: 2, update: 7 },
  ),
  true,
);

function columnsOf(batch: StoredBatch) {
  const writer = new ColumnWriter();
  writeBatch(writer, batch);
  return new Map(writer.columns().map((column) => [column.name, column]));
}

/** Written, and read again where a header says something else or a column holds something else. */
function again(batch: StoredBatch, said: Partial<BatchHeader> = {}, changed: Readonly<Record<string, number[]>> = {}) {
  const columns = columnsOf(batch);
  for (const [name, numbers] of Object.entries(changed)) {
    const type = columns.get(name)?.type ?? 'u8';
    const bytes = type === 'u16' ? new Uint8Array(Uint16Array.from(numbers).buffer) : Uint8Array.from(numbers);
    columns.set(name, { name, type, bytes });
  }
  const reader = new ColumnReader(columns, 'f');
  const read = readBatch(reader, { ...headerOf(batch), ...said }, batch.hasRefiner);
  reader.finish();
  return read;
}

const refusal = (...how: Parameters<typeof again>): string => {
  try {
    again(...how);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'was read';
};

describe('trajectories in a capsule', () => {
  it('come back as they were, whole or as a sample, with a refiner or without', () => {
    expect(again(stored)).toEqual(stored);
    expect(again(keepRows(stored, [1, 3]))).toEqual(keepRows(stored, [1, 3]));
    const none = storeBatch(handBatch([], { groupSize: 2 }), true);
    expect(again(none)).toEqual(none);
    const alone = storeBatch({ ...stored.batch, reviewAdvantages: new Float32Array(0) }, false);
    expect(again(alone)).toEqual(alone);
    expect(headerOf(alone)).toMatchObject({ reviewed: false, sampled: null, rows: 4 });
  });

  it('keep a final trajectory only where it is not the draft, to the last bit', () => {
    const columns = columnsOf(stored);
    expect([...(columns.get('same')?.bytes ?? [])]).toEqual([1, 0, 1, 0]);
    expect(columns.get('final.em')?.bytes).toHaveLength(2);
    // 3 of the question, 3 of the thought; the answer has 7.
    expect(columns.get('final.tokens')?.bytes).toHaveLength(2 * (6 + 13));
    expect(columns.get('draft.tokens')?.bytes).toHaveLength(2 * 4 * 13);
    const signed = handBatch([{ draft, final: { ...draft, coverage: -0 } }]);
    expect([...(columnsOf(storeBatch(signed, true)).get('same')?.bytes ?? [])]).toEqual([0]);
    const entropies = stored.batch.draft.entropies.slice();
    entropies[12] = 9;
    const other = { ...stored.batch, final: { ...stored.batch.draft, entropies } };
    expect([...(columnsOf(storeBatch(other, true)).get('same')?.bytes ?? [])]).toEqual([0, 1, 1, 1]);
  });

  const sampled = { summary: stored.summary, tellingRow: 1 };
  it.each<[what: string, how: Parameters<typeof again>, told: string]>([
    ['rows beyond the update', [stored, {}, { rows: [0, 1, 2, 4] }], 'name rows that there are not'],
    ['a row twice', [stored, {}, { rows: [0, 1, 1, 2] }], 'name rows that there are not'],
    ['rows in no order', [stored, {}, { rows: [1, 0, 2, 3] }], 'name rows that there are not'],
    ['a cut after the fifth step', [stored, {}, { cuts: [0, 6, 0, 0] }], 'have cuts that there are not'],
    ['fewer rows than it says', [keepRows(stored, [0, 1]), { sampled: null }], 'are not all there'],
    ['a telling row that is not kept', [keepRows(stored, [2]), { sampled }], 'name a row that is not kept'],
    ['an endless row', [stored, { positions: 12 }], 'are longer than they can be'],
    ['a row without a step', [stored, {}, { 'draft.stepCounts': [2, 0, 2, 2] }], 'have more steps than they can have'],
    ['a row of six steps', [stored, {}, { 'final.stepCounts': [6, 2] }], 'have more steps than they can have, or none'],
  ])('are refused with their update: %s', (_, how, told) => {
    expect(refusal(...how)).toContain(`the trajectories of update 7 ${told}`);
  });

  it('may use all that there is room for', () => {
    expect(again(stored, {}, { cuts: [0, 5, 0, 0] }).summary.cuts).toEqual([3, 0, 0, 0, 0, 1]);
    expect(again(stored, { positions: 13 }).batch.draft.tokens).toHaveLength(4 * 13);
    expect(again(stored, {}, { 'draft.stepCounts': [1, 5, 2, 2] }).batch.draft.stepCounts[1]).toBe(5);
  });
});
