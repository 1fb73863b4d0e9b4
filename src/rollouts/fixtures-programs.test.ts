/** Files of programs that evaluate, trace or run agents (scripts/proofs/write_evaluations.py, write_agents.py), read as a person's file is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from './file/read-file';

const read = (fixture: string) => {
  const blob = new Blob([readFileSync(new URL(`./fixtures/${fixture}`, import.meta.url))]);
  return readRolloutFiles([{ name: fixture, size: blob.size, stream: () => blob.stream() }]);
};
const question = 'Where was the author of X born?';
const X = { text: 'X is a novel by Ines Varga.' };
const VARGA = { text: 'Ines Varga was born in Rome.' };
const ROME = { kind: 'answer', text: 'Rome' };
/** Each search with what it found. */
const SEARCHES = [
  { kind: 'search', text: 'author of X', passages: [X] },
  { kind: 'search', text: 'Ines Varga born', passages: [VARGA] },
];
/** Passages that stand beside an answer were retrieved for the question. */
const RETRIEVAL = [{ kind: 'search', text: question, passages: [X, VARGA] }];
const known = { golds: ['Rome'], em: 1 };
const unknown = { golds: [], em: null, reward: null };

describe('one rollout of', () => {
  it.each([
    ['OpenInference, a span of each request', 'openinference.json', SEARCHES, unknown],
    ['OpenTelemetry, exported as OTLP', 'opentelemetry.jsonl', SEARCHES, unknown],
    ['MLflow, with what it was judged', 'mlflow_trace.json', SEARCHES, { ...known, reward: 0.5 }],
    ['promptfoo, whose provider gives a chat', 'promptfoo.jsonl', SEARCHES, { ...known, reward: 0.75 }],
    ['DeepEval’s goldens', 'deepeval_goldens.jsonl', RETRIEVAL, known],
    ['Ragas, a table', 'ragas.csv', RETRIEVAL, known],
    ['Ragas, turns', 'ragas_turns.jsonl', SEARCHES, known],
    ['smolagents, its steps', 'smolagents.json', SEARCHES, unknown],
    ['smolagents, its messages', 'smolagents_messages.json', SEARCHES, unknown],
    ['OpenAI Agents, its items', 'openai_agents.json', SEARCHES, unknown],
    ['OpenAI Agents, its state', 'openai_agents_state.json', SEARCHES, unknown],
    ['LangGraph, its messages', 'langgraph.json', SEARCHES, unknown],
    ['Pydantic AI, its messages', 'pydantic_ai.json', SEARCHES, unknown],
  ])('%s', async (_, fixture, steps, { golds, ...side }) => {
    const file = await read(fixture);
    expect(file.table.lines).toHaveLength(1);
    const rollout = rolloutAt(file, 0);
    expect(rollout).toMatchObject({ question, golds });
    expect(rollout.final).toMatchObject({ answer: 'Rome', ...side, steps: [...steps, ROME] });
  });
});

it('lm-evaluation-harness: each answer once, though each filter has a row', async () => {
  const file = await read('lm_eval.jsonl');
  const rows = [0, 1].map((row) => rolloutAt(file, row));
  expect(file.table.lines).toHaveLength(2);
  expect(rows).toMatchObject([{ question, golds: ['Rome', 'Roma'] }, { question }]);
  expect(rows.map(({ final }) => [final.answer, final.em])).toEqual([
    ['Rome', 1],
    ['Oslo', 0],
  ]);
  expect(rows[0]?.final.steps.slice(0, 2).map(({ text }) => text)).toEqual(['author of X', 'Ines Varga born']);
});

it('DeepEval: a test run, whose tools or passages are the steps', async () => {
  const file = await read('deepeval.json');
  const [right, wrong] = [0, 1].map((row) => rolloutAt(file, row).final);
  expect(file.table.lines).toHaveLength(2);
  expect(right).toMatchObject({ answer: 'Rome', em: 1, reward: 1, steps: [...SEARCHES, ROME] });
  expect(wrong).toMatchObject({ answer: 'Oslo', em: 0, reward: 0, steps: [...RETRIEVAL, { text: 'Oslo' }] });
});

it('spans that hold no chat are told', async () => {
  const { skips } = await read('openinference.json');
  expect(skips.map(({ line }) => line)).toEqual([2, 4, 6]);
  expect(skips[0]?.reason).toMatch(/^a span without messages/);
});

it('a span whose first messages the SDK dropped says so', async () => {
  const attributes = { 'llm.input_messages.3.message.role': 'tool', 'llm.input_messages.3.message.content': 'x' };
  const blob = new Blob([JSON.stringify({ span_id: 'a', attributes })]);
  const file = { name: 'spans.jsonl', size: blob.size, stream: () => blob.stream() };
  await expect(readRolloutFiles([file])).rejects.toThrow('its first messages were dropped');
});

it('a span whose calls are numbered from anywhere is read', async () => {
  const [asked, said] = ['llm.input_messages.0.message', 'llm.output_messages.0.message'];
  const call = `${said}.tool_calls.1.tool_call.function`;
  const attributes = {
    ...{ [`${asked}.role`]: 'user', [`${asked}.content`]: question, [`${said}.role`]: 'assistant' },
    ...{ [`${call}.name`]: 'search', [`${call}.arguments`]: '{"query": "author of X"}' },
  };
  const blob = new Blob([JSON.stringify({ span_id: 'a', attributes })]);
  const file = await readRolloutFiles([{ name: 'a.jsonl', size: blob.size, stream: () => blob.stream() }]);
  expect(rolloutAt(file, 0).final.steps).toMatchObject([{ text: 'author of X' }]);
});
