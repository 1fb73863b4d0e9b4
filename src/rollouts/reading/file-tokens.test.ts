/** The numbers of tokens as trainers' files have them, each read through the whole reader and held against what was written. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileTokens } from './file-tokens';
import type { FileTokens } from './file-tokens';
import { lineAt, readRolloutFiles, rolloutAt } from '../file/read-file';

const QUESTION = 'Where was the author of X born?';
const CALL = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query": "author of X"}' } };
const CHAT = [
  { role: 'user', content: QUESTION },
  { role: 'assistant', content: '', tool_calls: [CALL] },
  { role: 'tool', tool_call_id: 'c1', content: 'She was born in Rome.' },
  { role: 'assistant', content: 'Rome' },
];
const TAGGED = '<search>author of X</search><information>Rome</information><answer>Rome</answer>';

const EMPTY_STEP = {
  kind: 'answer' as const,
  thought: '',
  text: '',
  start: 0,
  passages: [],
  useful: null,
  share: null,
};

async function tokensOf(content: string, name = 'f.jsonl'): Promise<FileTokens | null> {
  const blob = new Blob([content]);
  const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
  expect(file).toMatchObject({ skipped: 0, cutOff: null });
  // Kept beside the numbers that lists read, and not counted among them.
  expect(file.table.sizeUnit).toBe('characters');
  return fileTokens(lineAt(file, 0), rolloutAt(file, 0).final.steps);
}

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url)).toString('utf8');
const column = <K extends keyof FileTokens['tokens'][number]>(found: FileTokens | null, key: K) =>
  found?.tokens.map((token) => token[key]);

/** As they lie on disk. */
const besides = (names: readonly string[]) =>
  names.map((name) => {
    const blob = new Blob([readFileSync(new URL(`../fixtures/miles/${name}`, import.meta.url))]);
    return { name: `run/${name}`, size: blob.size, stream: () => blob.stream() };
  });

describe('tokens in a file of their own', () => {
  const [rollouts, numbers] = ['trajectory/12.jsonl', 'dashboard_columns/rollout_12.parquet'];

  it('miles: are put to the rollouts by sample_index, whichever file comes first', async () => {
    for (const names of [
      [numbers, rollouts],
      [rollouts, numbers],
    ]) {
      const file = await readRolloutFiles(besides(names));
      expect(file).toMatchObject({ skipped: 0, cutOff: null });
      expect([...file.table.steps]).toEqual([12, 12]);
      expect(file.table.questions).toEqual([QUESTION]);
      const found = [0, 1].map((row) => fileTokens(lineAt(file, row), rolloutAt(file, row).final.steps));
      expect(column(found[0] ?? null, 'text')).toEqual(['#20', '#21', '#31', '#32', '#41']);
      expect(column(found[0] ?? null, 'step')).toEqual([1, 1, 1, 1, 2]);
      expect(column(found[0] ?? null, 'written')).toEqual([true, true, false, false, true]);
      expect(column(found[0] ?? null, 'logProb')).toEqual([-0.75, -0.125, 0, 0, -0.25]);
      expect(column(found[1] ?? null, 'logProb')?.at(-1)).toBe(-0.5);
    }
  });

  it('are missed where the file is not there, and say what they are where they are alone', async () => {
    const file = await readRolloutFiles(besides([rollouts]));
    expect(fileTokens(lineAt(file, 0), rolloutAt(file, 0).final.steps)).toBeNull();
    await expect(readRolloutFiles(besides([numbers]))).rejects.toThrow('sample_index');
  });
});

describe('tokens of a file', () => {
  it('verifiers: lists of what was sampled are spread over all tokens, by message', async () => {
    const found = await tokensOf(fixture('verifiers_tokens.jsonl'));
    // The question's three tokens are left out; the branch that answers Paris has its own.
    expect(column(found, 'text')).toEqual(['#20', '#21', '#22', '#31', '#32', '#20', '#42']);
    expect(column(found, 'position')).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(column(found, 'step')).toEqual([1, 1, 1, 1, 1, 2, 2]);
    expect(column(found, 'written')).toEqual([false, true, true, false, false, false, true]);
    expect(column(found, 'logProb')).toEqual([null, -0.7, -0.1, null, null, null, -0.25]);
    expect(column(found, 'current')).toEqual([null, -0.5, -0.1, null, null, null, null]);
    expect(column(found, 'reference')).toEqual([null, -1.5, -0.2, null, null, null, null]);
    expect(column(found, 'entropy')).toEqual([null, 0.9, 0.3, null, null, null, 0.5]);
    expect(column(found, 'advantage')).toEqual([null, 0.4, 0.4, null, null, null, 0.8]);
    expect(found?.notes).toEqual([
      'log p: logprobs in the file.',
      'Ratio: trainer_logprobs over logprobs.',
      'Base: reference_logprobs.',
      'It has no token texts: #1234 is a token’s id.',
    ]);
  });

  it('ATIF: what the agent wrote alone, by step', async () => {
    const found = await tokensOf(fixture('atif_tokens.json'), 'trajectory.json');
    expect(column(found, 'text')).toEqual(['#5', '#6', '#7', '#8']);
    expect(column(found, 'step')).toEqual([1, 1, 1, 2]);
    expect(column(found, 'logProb')).toEqual([-0.5, -0.25, -0.125, -1]);
    expect(found?.has).toEqual({ logProb: true, entropy: false, current: false, reference: false, advantage: false });
    expect(found?.notes[1]).toBe(
      'The file has no entropies, second log-probabilities to make a ratio of, reference log-probabilities and advantages of tokens.',
    );
  });

  it('NeMo-RL: by the runs of its mask, without what pads it', async () => {
    const row = {
      ...{ content: CHAT, rewards: 1, idx: 0, input_lengths: 7 },
      token_ids: [1, 2, 3, 4, 5, 6, 7, 0, 0],
      token_loss_mask: [0, 0, 1, 1, 0, 0, 1, 0, 0],
      advantages: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      generation_logprobs: [0, 0, -1, -2, 0, 0, -3, 0, 0],
      prev_logprobs: [0, 0, -1.5, -2, 0, 0, -2.5, 0, 0],
    };
    const found = await tokensOf(JSON.stringify(row), 'train_data_step30.jsonl');
    expect(column(found, 'text')).toEqual(['#3', '#4', '#5', '#6', '#7']);
    expect(column(found, 'step')).toEqual([1, 1, 1, 1, 2]);
    expect(column(found, 'written')).toEqual([true, true, false, false, true]);
    expect(column(found, 'current')).toEqual([-1.5, -2, 0, 0, -2.5]);
    expect(found?.notes[1]).toBe('Ratio: prev_logprobs over generation_logprobs.');
  });

  it('NeMo-RL: one text, a run of the mask a step', async () => {
    const row = {
      ...{ content: `${QUESTION}\nassistant\n${TAGGED}`, rewards: 1, idx: 0 },
      ...{ token_ids: [1, 2, 3, 4, 5], token_loss_mask: [0, 1, 0, 1, 1], generation_logprobs: [0, -1, 0, -2, -3] },
    };
    const found = await tokensOf(JSON.stringify(row), 'train_data_step1.jsonl');
    expect(column(found, 'text')).toEqual(['#2', '#3', '#4', '#5']);
    expect(column(found, 'step')).toEqual([1, 1, 2, 2]);
  });

  it('without as many runs as turns, are a row without steps, which is said', async () => {
    const row = { content: CHAT, rewards: 1, idx: 0, token_ids: [1, 2, 3], token_loss_mask: [0, 1, 1] };
    const found = await tokensOf(JSON.stringify(row), 'train_data_step1.jsonl');
    expect(column(found, 'step')).toEqual([0, 0, 0]);
    expect(found?.notes.at(-1)).toBe('Which step they belong to cannot be told from the file.');
    expect(found?.has.logProb).toBe(false);
  });

  it('UNIPO: by the text, prompt left out, ratio and reference from its own lists', async () => {
    const strings = [
      '<search>',
      'author of X</',
      'search><information>Rome</information>',
      '<answer>Rome',
      '</answer>',
    ];
    const numbers = (base: number): number[] => strings.map((_, k) => base - k / 4);
    const response = {
      ...{ reward: 1, text: strings.join('') },
      tokens: { strings, log_probs: numbers(-1), old_log_probs: numbers(-2), ref_log_probs: numbers(-3) },
    };
    const log = { entries: [{ step: 2, prompts: [{ prompt: QUESTION, answer: 'Rome', responses: [response] }] }] };
    const found = await tokensOf(JSON.stringify(log), 'unipo.json');
    expect(column(found, 'text')).toEqual(strings);
    expect(column(found, 'step')).toEqual([1, 1, 1, 2, 2]);
    expect(column(found, 'logProb')).toEqual([-2, -2.25, -2.5, -2.75, -3]);
    expect(column(found, 'current')).toEqual([-1, -1.25, -1.5, -1.75, -2]);
    expect(column(found, 'reference')).toEqual([-3, -3.25, -3.5, -3.75, -4]);
    expect(found?.notes).toEqual([
      'log p: old_log_probs in the file.',
      'Ratio: log_probs over old_log_probs.',
      'Base: ref_log_probs.',
      'The file has no entropies and advantages of tokens.',
      'It has no mask: which of them are trained on is unknown.',
    ]);
  });

  it('UNIPO: prompt and response in one list, as byte-level tokenizers write them; one list of numbers is no ratio', async () => {
    const strings = ['Q', '?Ċ', '<answer>', 'NewĠYork', '</answer>'];
    const response = { text: '<answer>New York</answer>', tokens: { strings, log_probs: [-1, -2, -3, -4, -5] } };
    const log = { entries: [{ prompts: [{ prompt: QUESTION, answer: 'New York', responses: [response] }] }] };
    const found = await tokensOf(JSON.stringify(log), 'unipo.json');
    expect(column(found, 'text')).toEqual(['<answer>', 'New York', '</answer>']);
    expect(column(found, 'logProb')).toEqual([-3, -4, -5]);
    expect(found?.has.current).toBe(false);
  });

  it('miles: the response at the end of its tokens', async () => {
    const row = {
      ...{ sample_index: 1, group_index: 0, reward: 1, messages: CHAT, response_length: 4 },
      ...{ tokens: [9, 9, 1, 2, 3, 4], loss_mask: [1, 0, 0, 1], rollout_log_probs: [-1, 0, 0, -2] },
    };
    const found = await tokensOf(JSON.stringify(row), 'trajectory/9.jsonl');
    expect(column(found, 'text')).toEqual(['#1', '#2', '#3', '#4']);
    expect(column(found, 'step')).toEqual([1, 1, 1, 2]);
    expect(column(found, 'logProb')).toEqual([-1, 0, 0, -2]);
  });

  it('are none where a file has none, or lists of other lengths', async () => {
    expect(await tokensOf(JSON.stringify({ question: QUESTION, completion: TAGGED }))).toBeNull();
    const row = { content: CHAT, rewards: 1, idx: 0, token_ids: [1, 2, 3, 4], prev_logprobs: [-1] };
    const found = await tokensOf(JSON.stringify(row), 'train_data_step1.jsonl');
    expect(found?.has.current).toBe(false);
  });

  it('bear a line that somebody else changed', () => {
    const line = JSON.stringify({ cutpoint_tokens: { strings: 7, ids: ['a'], mask: null, logProbs: [-1, 'x'] } });
    expect(fileTokens(line, [])?.tokens.map(({ text, logProb }) => [text, logProb])).toEqual([
      ['·', -1],
      ['·', null],
    ]);
    expect(fileTokens('{"cutpoint_tokens":{}}', [])).toBeNull();
    // Lengths that do not add up are no lengths.
    const wrong = JSON.stringify({ messages: CHAT, cutpoint_tokens: { ids: [1, 2], messages: [3, -1, -1e9, 1e9] } });
    expect(fileTokens(wrong, [{ ...EMPTY_STEP, end: 4 }])?.tokens.map(({ step }) => step)).toEqual([0, 0]);
  });
});
