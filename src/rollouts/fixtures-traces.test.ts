/** Files of the classes of verifiers, ART, Harbor and trackio (scripts/proofs/write_traces.py), read as a person's file is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from './file/read-file';

const read = (name: string, fixture: string) => {
  const blob = new Blob([readFileSync(new URL(`./fixtures/${fixture}`, import.meta.url))]);
  return readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
};
const QUESTION = 'Where was the author of X born?';
const STEPS = [
  { kind: 'search', text: 'author of X', passages: [{ text: 'She was born in Rome.' }] },
  { kind: 'answer', text: 'Rome' },
];

it.each([
  ['verifiers', 'traces.jsonl', 'verifiers.jsonl', { step: 12, group: 'g1', golds: ['Rome'], advantage: 0.7 }, 2.5],
  ['OpenPipe ART', 'train/0006.parquet', 'art.parquet', { step: 6, group: '0', golds: ['Rome'], advantage: null }, 1],
  ['ATIF', 'trajectory.json', 'atif.json', { step: null, golds: [], advantage: null }, null],
  ['trackio', 'traces.jsonl', 'trackio.jsonl', { step: 8, golds: ['Rome'], advantage: null }, 1],
])('%s', async (_, name, fixture, about, reward) => {
  const file = await read(name, fixture);
  expect(file).toMatchObject({ skipped: 0, cutOff: null });
  expect(new Set(file.table.groups)).toEqual(new Set([0]));
  const rollout = rolloutAt(file, 0);
  expect(rollout).toMatchObject({ question: QUESTION, ...about });
  expect(rollout.final).toMatchObject({ answer: 'Rome', reward, steps: STEPS });
});
