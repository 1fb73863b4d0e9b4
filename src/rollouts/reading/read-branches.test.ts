/** Trees of conversations: one path is the rollout, the others are its branches. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../file/read-file';
import type { Rollout } from './record';

const QUESTION = 'Where was the author of X born?';

async function read(content: string, name: string): Promise<Rollout> {
  const blob = new Blob([content]);
  const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
  expect(file.skipped).toBe(0);
  expect(file.table.cuts).toHaveLength(1);
  return rolloutAt(file, 0);
}
const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url)).toString('utf8');

it.each([
  ['verifiers', 'verifiers_tokens.jsonl', 1],
  ['Inspect', 'inspect_branches.json', 1],
])('%s: what went on otherwise after the search is a branch', async (_, name, reward) => {
  const { final, branches } = await read(fixture(name), name);
  expect(final).toMatchObject({ answer: 'Rome', reward });
  expect(branches).toHaveLength(1);
  expect(branches[0]).toMatchObject({ branch: 1, parent: 0, cut: 2, weights: null });
  // The reward is that of the whole trace: the branch has none.
  expect(branches[0]?.side).toMatchObject({ answer: 'Paris', em: 0, reward: null });
  expect(branches[0]?.side.steps).toMatchObject([
    { kind: 'search', text: 'author of X', passages: [{ text: 'She was born in Rome.' }] },
    { kind: 'answer', text: 'Paris' },
  ]);
});

const node = (parent: number | null, role: string, content: string) => ({ parent, message: { role, content } });
const episode = (nodes: object[]): string =>
  JSON.stringify({ id: 'e', task: { data: { prompt: QUESTION, answer: 'Rome' } }, traces: [{ nodes }] });
const search = (words: string): string => `<search>${words}</search>`;

it('a branch of a branch names it, and a conversation of its own names nothing', async () => {
  const { final, branches } = await read(
    episode([
      node(null, 'user', QUESTION),
      node(0, 'assistant', search('a')),
      node(1, 'tool', 'A'),
      node(2, 'assistant', search('b')),
      node(3, 'tool', 'B'),
      node(4, 'assistant', '<answer>one</answer>'),
      node(4, 'assistant', '<answer>two</answer>'),
      node(null, 'user', 'another'),
      node(7, 'assistant', '<answer>three</answer>'),
      node(0, 'assistant', '<answer>Rome</answer>'),
    ]),
    'traces.jsonl',
  );
  expect(final.answer).toBe('Rome');
  expect(branches.map(({ branch, parent, cut, side }) => [branch, parent, cut, side.answer, side.em])).toEqual([
    [1, 0, 1, 'one', 0],
    [2, 1, 3, 'two', 0],
    [3, null, 1, 'three', 0],
  ]);
});

it('an end on which the model said nothing is left out, and the others keep their numbers', async () => {
  const { branches } = await read(
    episode([
      node(null, 'user', QUESTION),
      node(0, 'user', 'Well?'),
      node(0, 'assistant', '<answer>x</answer>'),
      node(0, 'assistant', '<answer>Rome</answer>'),
    ]),
    'traces.jsonl',
  );
  expect(branches.map(({ branch, side }) => [branch, side.answer])).toEqual([[2, 'x']]);
});

it('Inspect: a branch within a branch goes on from it, and the last call of the model has read all before it', async () => {
  const said = (id: string, role: string, content: string) => ({ id, role, content });
  const [asked, one, more, two, three] = [
    said('q', 'user', QUESTION),
    said('a', 'assistant', search('a')),
    said('t', 'tool', 'A'),
    said('b', 'assistant', '<answer>b</answer>'),
    said('c', 'assistant', '<answer>c</answer>'),
  ];
  const span = (id: string, parent: string | null, type: string) => ({
    ...{ event: 'span_begin', id, span_id: id, parent_id: parent, type },
  });
  const call = (id: string, input: object[], message: object) => ({
    ...{ event: 'model', span_id: id, input, output: { choices: [{ message }] } },
  });
  const sample = {
    ...{ id: 1, epoch: 1, input: QUESTION, target: 'Rome', scores: {} },
    messages: [asked, said('z', 'assistant', '<answer>Rome</answer>')],
    events: [
      span('plain', null, 'branch'),
      call('plain', [asked], one),
      span('s1', null, 'branch'),
      { event: 'branch', span_id: 's1', from_anchor: 'q' },
      call('s1', [asked], one),
      span('tool', 's1', 'tool'),
      call('tool', [asked, one, more], two),
      span('s2', 'tool', 'branch'),
      { event: 'branch', span_id: 's2', from_anchor: 't' },
      call('s2', [asked, one, more], three),
    ],
  };
  const { branches } = await read(JSON.stringify(sample), 'sample.json');
  expect(branches.map(({ parent, cut, side }) => [parent, cut, side.answer])).toEqual([
    [0, 1, 'b'],
    [1, 2, 'c'],
  ]);
});
