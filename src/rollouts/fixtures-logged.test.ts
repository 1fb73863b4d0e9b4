/** Files that ms-swift, AReaL and tinker-cookbook log (scripts/proofs/write_logged.py), read as a person's file is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from './file/read-file';

const read = (name: string, fixture: string) => {
  const blob = new Blob([readFileSync(new URL(`./fixtures/${fixture}`, import.meta.url))]);
  return readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
};
const STEPS = [
  { kind: 'search', text: 'author of X', passages: [{ text: 'X is a novel by Ines Varga.' }] },
  { kind: 'search', text: 'Ines Varga born', passages: [{ text: 'Ines Varga was born in Rome.' }] },
  { kind: 'answer', text: 'Rome' },
];

it.each([
  [
    'ms-swift: turns that it logs as the prompt',
    'completions.jsonl',
    'swift.jsonl',
    { step: 12, golds: ['Rome'], advantage: 0.7 },
    { rows: 2, rewards: [1.5, 0.5] },
  ],
  [
    'AReaL: what it counts to the prompt',
    'rollout/4/7.jsonl',
    'areal.jsonl',
    { step: 4, group: '7', golds: [] },
    { rows: 1, rewards: [1] },
  ],
  [
    'tinker-cookbook: observations that say all again',
    'wiki/trajectories.jsonl',
    'tinker.jsonl',
    { step: null, group: 'wiki-5f0c', golds: ['Rome'] },
    { rows: 2, rewards: [1, 0] },
  ],
])('%s', async (_, name, fixture, about, { rows, rewards }) => {
  const file = await read(name, fixture);
  expect(file).toMatchObject({ skipped: 0, cutOff: null });
  expect([...file.table.groups]).toEqual(Array.from({ length: rows }, () => 0));
  const rollout = rolloutAt(file, 0);
  expect(rollout).toMatchObject({ question: 'Where was the author of X born?', ...about });
  expect(rollout.final).toMatchObject({ answer: 'Rome', reward: rewards[0], rewardGiven: true, steps: STEPS });
  if (rows > 1) expect(rolloutAt(file, 1).final).toMatchObject({ answer: 'Oslo', em: 0, reward: rewards[1] });
});

it('tinker-cookbook’s summaries of a training hold no text, and that is said', async () => {
  await expect(read('train_rollout_summaries.jsonl', 'tinker_summaries.jsonl')).rejects.toThrow(
    /has lengths and rewards but no text; its evaluations’ trajectories\.jsonl opens/,
  );
});

it.each([
  ['within the first search', 'who?\n<think>a</think><search>aut', 'hor of X</search><information>b</information>'],
  ['behind a search', 'who?\n<search>author of X</search>\n<inf', 'ormation>b</information>'],
  ['nowhere: the template opens the thought', 'who?\n<think>', 'a</think><search>author of X</search>'],
  ['nowhere', 'who?\n', '<search>author of X</search><information>b</information>'],
])('AReaL with a prompt without turns, cut off %s', async (_, prompt, completion) => {
  const told = 'Write <search> query </search>, then <answer> answer </answer>. Question: ';
  const of = { task_id: 1, sample_idx: 0, head_version: 1, tail_version: 1, reward: 1 };
  const row = { ...of, prompt: told + prompt, completion: `${completion}<answer>Rome</answer>` };
  const blob = new Blob([JSON.stringify(row)]);
  const file = await readRolloutFiles([{ name: '1.jsonl', size: blob.size, stream: () => blob.stream() }]);
  const { question, final } = rolloutAt(file, 0);
  expect(question).toBe('who?');
  expect(final.steps.slice(0, 1).map(({ text }) => text)).toEqual(['author of X']);
  expect(final.answer).toBe('Rome');
});
