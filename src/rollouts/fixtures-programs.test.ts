/** Files of programs that evaluate, trace or run agents (scripts/proofs/write_evaluations.py, write_agents.py, write_libraries.py), read as a person's file is. */
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
    ['AutoGen, what a run gave', 'autogen.json', SEARCHES, unknown],
    ['AutoGen, the state of an agent', 'autogen_state.json', SEARCHES, unknown],
    ['AutoGen, the state of a team', 'autogen_team.json', SEARCHES, unknown],
    ['Haystack, what an agent gave', 'haystack.json', SEARCHES, unknown],
    ['Strands, its messages', 'strands.json', SEARCHES, unknown],
    ['LlamaIndex, messages of an agent', 'llama_index.json', SEARCHES, unknown],
    ['LlamaIndex, a store of chats', 'llama_index_store.json', SEARCHES, unknown],
    ['LlamaIndex, a memory', 'llama_index_memory.json', SEARCHES, unknown],
    ['LlamaIndex, the context of a run', 'llama_index_context.json', SEARCHES, unknown],
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

it('HELM: each instance, with all of its right answers', async () => {
  const file = await read('helm.json');
  const rows = [0, 1].map((row) => rolloutAt(file, row));
  expect(rows.map(({ golds }) => golds)).toEqual([['Calden', 'Calden Republic'], ['Osk']]);
  expect(rows.map(({ final }) => [final.answer, final.em])).toEqual([
    ['Calden', 1],
    ['Calden', 0],
  ]);
  expect(rows[1]?.question).toBe('In which country does Tarn lie?');
});

it('Haystack: the answer of a pipeline, whose documents are the search', async () => {
  const { question: asked, final } = rolloutAt(await read('haystack_pipeline.json'), 0);
  expect(asked).toBe(question);
  expect(final.steps).toMatchObject([{ kind: 'search', text: question, passages: [{}, {}] }, ROME]);
  expect(final.steps[0]?.passages.map(({ text }) => text).sort()).toEqual([VARGA.text, X.text].sort());
});

it('Phoenix: of the requests of one run, which it lists from the last on, the last', async () => {
  const file = await read('phoenix.jsonl');
  expect(file.table.lines).toHaveLength(1);
  expect(rolloutAt(file, 0)).toMatchObject({
    question: 'In which country was the painter Ada Veld born?',
    final: { answer: 'Calden', steps: [{ text: 'Ada Veld birthplace' }, { text: 'Morrow country' }, {}] },
  });
  expect(file.skips.map(({ line }) => line)).toEqual([2, 4, 6]);
  expect(file.skips[0]?.reason).toMatch(/^a span without messages/);
});

it('tau2: a simulated user ends what the model has answered', async () => {
  const file = await read('tau2.json');
  expect(file.table.lines).toHaveLength(2);
  expect(rolloutAt(file, 1)).toMatchObject({
    question: 'In which cases is a wire fee waived on a savings account?',
    group: 'task_001',
    final: { answer: 'Calden', reward: 0, steps: [{ passages: [{}, {}] }, { passages: [{}, {}] }, { kind: 'answer' }] },
  });
});

it('tau2: what tools of the simulated user bring is no evidence', async () => {
  const call = (role: string, name: string, given: object) => ({
    role,
    content: null,
    tool_calls: [{ id: `${name} ${role}`, name, arguments: given, requestor: role }],
  });
  const messages = [
    { role: 'user', content: question },
    call('assistant', 'search', { query: 'author of X' }),
    { id: 'search assistant', role: 'tool', content: X.text, requestor: 'assistant' },
    { role: 'assistant', content: 'Apply for it.' },
    call('user', 'apply', { card: 'gold' }),
    { id: 'apply user', role: 'tool', content: 'Rome', requestor: 'user' },
    { role: 'user', content: 'Done.' },
    { role: 'assistant', content: 'Rome' },
    { role: 'user', content: '###STOP###' },
  ];
  const blob = new Blob([JSON.stringify({ simulations: [{ task_id: 'a', messages }] })]);
  const file = await readRolloutFiles([{ name: 'results.json', size: blob.size, stream: () => blob.stream() }]);
  const { steps } = rolloutAt(file, 0).final;
  expect(steps).toMatchObject([{ text: 'author of X', passages: [X] }, ROME]);
});

it('a table of spans is one of rollouts', async () => {
  const header = 'context.span_id,attributes.llm.input_messages,attributes.llm.output_messages';
  const said = `"[{'message.role': 'user', 'message.content': 'Who?'}]","[{'message.role': 'assistant', 'message.content': 'Ines'}]"`;
  const blob = new Blob([`${header}\na,${said}\n`]);
  const file = await readRolloutFiles([{ name: 'spans.csv', size: blob.size, stream: () => blob.stream() }]);
  expect(rolloutAt(file, 0)).toMatchObject({ question: 'Who?', final: { answer: 'Ines' } });
});

it('turns of a chat that stand alone say how they become one', async () => {
  const turns = [
    { role: 'user', content: question },
    { role: 'assistant', content: 'Rome' },
  ];
  const blob = new Blob(turns.map((turn, k) => `${JSON.stringify(k === 0 ? turn : { message: turn })}\n`));
  const file = { name: 'a.jsonl', size: blob.size, stream: () => blob.stream() };
  await expect(readRolloutFiles([file])).rejects.toThrow('one turn of a chat');
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
