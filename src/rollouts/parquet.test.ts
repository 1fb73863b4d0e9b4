import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { parquetChunks } from './parquet';

const side = (reward: number, em: number) => ({
  ...{
    tokens: ['<answer>', 'city:Arden', '</answer>'],
    stepStarts: [0],
    reward,
    em,
    end: 'finished',
    coverage: reward / 4,
  },
});
const line = (row: number, changes: object = {}) =>
  JSON.stringify({
    ...{ format: 'cutpoint-trajectory/2', update: 3, row, question: 'Who?', answer: 'city:Arden', advantage: 0.5 },
    ...{ draft: side(0, 0), final: side(2, 1), review: { cut: 1 }, messages: [{ role: 'user', content: 'Who?' }] },
    ...changes,
  });

async function written(lines: readonly string[]) {
  const skipped: [number, string][] = [];
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const onSkip = (number: number, reason: string) => void skipped.push([number, reason]);
  for await (const chunk of parquetChunks(lines, onSkip)) chunks.push(chunk);
  const file = await new Blob(chunks).arrayBuffer();
  return { chunks, skipped, groups: parquetMetadata(file).row_groups.length, rows: await parquetReadObjects({ file }) };
}

it('has the numbers of a line as columns, the chat and the line itself as JSON', async () => {
  const branch = { branch: 1, parent: 0, cut: 1, weights: 3, side: side(1, 0) };
  const lines = [line(7), line(8, { final: null, messages: undefined, branches: [branch], advantage: null })];
  const { rows, skipped } = await written(lines);
  expect(skipped).toEqual([]);
  expect(rows).toEqual([
    {
      ...{ update: 3, row: 7, cut: 1, branches: 0, em_draft: 0, em_final: 1, reward_draft: 0, reward_final: 2 },
      ...{ coverage: 0.5, advantage: 0.5, question: 'Who?', answer: 'city:Arden', labels: null, notes: null },
      ...{ messages: '[{"role":"user","content":"Who?"}]', trajectory: lines[0] },
    },
    {
      ...{ update: 3, row: 8, cut: 0, branches: 1, em_draft: 0, em_final: 0, reward_draft: 0, reward_final: 0 },
      ...{ coverage: 0, advantage: null, question: 'Who?', answer: 'city:Arden', messages: null, trajectory: lines[1] },
      ...{ labels: null, notes: null },
    },
  ]);
});

it('leaves out what is no trajectory of ours and says which line and why', async () => {
  const { rows, skipped } = await written([
    ' ',
    '{',
    '[]',
    '{"question": "q", "completion": "x"}',
    line(7, { draft: 3 }),
    line(1),
  ]);
  expect(rows).toMatchObject([{ row: 1 }]);
  expect(skipped).toEqual([
    [2, 'no trajectory of Cutpoint'],
    [3, 'no trajectory of Cutpoint'],
    [4, 'no trajectory of Cutpoint'],
    [5, '"draft" is missing or not of its kind'],
  ]);
});

it.each([
  [0, 1, 0],
  [1, 1, 1],
  [1001, 2, 2],
])('hands over %i rows in %i pieces, of %i groups', async (count, pieces, groups) => {
  const lines = Array.from({ length: count }, (_, row) => line(row));
  const { chunks, rows, ...made } = await written(lines);
  expect(chunks).toHaveLength(pieces);
  expect(made.groups).toBe(groups);
  expect(rows).toMatchObject(lines.map((_, row) => ({ row })));
});
