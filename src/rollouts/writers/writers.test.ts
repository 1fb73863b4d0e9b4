/** Rows as trainers write them, by hand after their source; those that their own code wrote are in ../fixtures. */
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../file/read-file';
import type { RolloutFile, SourceFile } from '../file/read-file';

const QUESTION = 'Where was the author of X born?';
const PROMPT = `<|im_start|>user\n${QUESTION}<|im_end|>\n<|im_start|>assistant\n`;
const GOOD = '<search>author of X</search><information>She was born in Rome.</information><answer>Rome</answer>';
const CALL = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query": "author of X"}' } };
const FOUND = 'She was born in Rome.';
const CHAT = [
  { role: 'user', content: QUESTION },
  { role: 'assistant', content: '', tool_calls: [CALL] },
  { role: 'tool', tool_call_id: 'c1', content: FOUND },
  { role: 'assistant', content: 'Rome' },
];

const source = (content: string, name: string): SourceFile => {
  const blob = new Blob([content]);
  return { name, size: blob.size, stream: () => blob.stream() };
};
const opened = (rows: unknown, name = 'x.jsonl'): Promise<RolloutFile> =>
  readRolloutFiles([
    source(
      Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).join('\n') : JSON.stringify(rows, null, 2),
      name,
    ),
  ]);

/** One search that found the answer, then the answer. */
const STEPS = [
  { kind: 'search', text: 'author of X', passages: [{ text: FOUND }] },
  { kind: 'answer', text: 'Rome' },
];

interface Case {
  writer: string;
  file?: string;
  rows: unknown;
  step: number | null;
  group: string;
  reward: number;
  advantage?: number;
  golds?: string[];
}

const CASES: Case[] = [
  {
    writer: 'verl V1',
    rows: [{ input: PROMPT, output: GOOD, gts: { target: ['Rome'] }, score: 1, step: 40, uid: '3f1c_2_0' }],
    ...{ step: 40, group: '3f1c', reward: 1 },
  },
  {
    writer: 'TRL, whose functions are not called reward',
    rows: [{ step: 3, prompt: PROMPT, completion: GOOD, accuracy: 1, format: 0.5, advantage: 0.7, answer: 'Rome' }],
    ...{ step: 3, group: QUESTION, reward: 1.5, advantage: 0.7 },
  },
  {
    writer: 'ms-swift',
    rows: [
      {
        step: ['5'],
        prompt: [PROMPT],
        completion: [GOOD],
        EM: [1],
        Format: [0.2],
        advantages: [0.7],
        solution: ['Rome'],
      },
    ],
    ...{ step: 5, group: QUESTION, reward: 1.2, advantage: 0.7 },
  },
  {
    writer: 'verifiers',
    rows: [
      {
        ...{ id: 'e1', env: { id: 'wiki' }, group: { id: 'g1' }, run: { work: { step: 12 } } },
        task: { data: { prompt: QUESTION, answer: 'Rome' } },
        traces: [
          {
            rewards: { em: { score: 1, weight: 2 }, format: { score: 0.5, weight: 1 } },
            nodes: CHAT.map((message, k) => ({
              parent: k === 0 ? null : k - 1,
              message:
                k === 1
                  ? {
                      role: 'assistant',
                      content: '',
                      tool_calls: [{ id: 'c1', name: 'search', arguments: '{"query": "author of X"}' }],
                    }
                  : message,
              advantages: message.role === 'assistant' ? [0.25, 0.25] : null,
            })),
          },
        ],
      },
    ],
    ...{ step: 12, group: 'g1', reward: 2.5, advantage: 0.25 },
  },
  {
    writer: 'Inspect, a sample',
    rows: [
      {
        ...{ id: 'q1', epoch: 1, input: QUESTION, target: 'Rome', scores: { match: { value: 'C' } } },
        messages: [
          CHAT[0],
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ id: 'c1', function: 'search', arguments: { query: 'author of X' }, type: 'function' }],
          },
          { role: 'tool', tool_call_id: 'c1', function: 'search', content: 'attachment://a1' },
          {
            role: 'assistant',
            content: [
              { type: 'reasoning', reasoning: 'Rome it is.' },
              { type: 'text', text: 'Rome' },
            ],
          },
        ],
        attachments: { a1: FOUND },
      },
    ],
    ...{ step: null, group: 'q1', reward: 1 },
  },
  {
    writer: 'Inspect, a log',
    file: 'log.json',
    rows: {
      ...{ version: 2, status: 'success', eval: { task: 'wiki' } },
      samples: [{ id: 7, epoch: 1, input: QUESTION, target: ['Rome'], messages: CHAT, scores: { a: { value: 'P' } } }],
    },
    ...{ step: null, group: 'wiki 7', reward: 0.5 },
  },
  {
    writer: 'NeMo Gym',
    rows: [
      {
        responses_create_params: { input: [{ role: 'user', content: QUESTION, type: 'message' }] },
        response: {
          output: [
            { type: 'reasoning', summary: [{ type: 'summary_text', text: 'I search.' }] },
            { type: 'function_call', call_id: 'c1', name: 'search', arguments: '{"query": "author of X"}' },
            { type: 'function_call_output', call_id: 'c1', output: FOUND },
            { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Rome' }] },
          ],
        },
        ...{ reward: 1, _ng_task_index: 4, _ng_rollout_index: 0, expected_answer: 'Rome', answer: 'Rome' },
      },
    ],
    ...{ step: null, group: '4', reward: 1 },
  },
  {
    writer: 'SkyRL',
    file: 'dumped_evals/global_step_20_evals/nq.jsonl',
    rows: [
      {
        ...{ input_prompt: PROMPT, output_response: GOOD, score: [0, 0.5, 1], stop_reason: 'stop' },
        env_extras: { reward_spec: { ground_truth: { target: ['Rome'] } }, extra_info: { question: QUESTION } },
      },
    ],
    ...{ step: 20, group: QUESTION, reward: 1.5 },
  },
  {
    writer: 'AReaL',
    file: 'rollout/4/12.jsonl',
    rows: [
      {
        task_id: 12,
        sample_idx: 0,
        head_version: 3,
        tail_version: 4,
        reward: 1,
        prompt: PROMPT,
        completion: GOOD,
        answer: 'Rome',
      },
    ],
    ...{ step: 4, group: '12', reward: 1 },
  },
  {
    writer: 'miles',
    file: 'trajectory/9.jsonl',
    rows: [
      {
        sample_index: 17,
        group_index: 2,
        status: 'completed',
        reward: 1,
        prompt: CHAT.slice(0, 1),
        messages: CHAT,
        answer: 'Rome',
      },
    ],
    ...{ step: 9, group: '2', reward: 1 },
  },
  {
    writer: 'NeMo-RL, training',
    file: 'train_data_step30.jsonl',
    rows: [
      {
        content: [
          PROMPT,
          '<search>author of X</search>',
          `<information>${FOUND}</information>`,
          '<answer>Rome</answer>',
        ],
        rewards: 1,
        advantages: [0, 0, -0.5],
        token_ids: [1, 2, 3],
        idx: 0,
      },
    ],
    ...{ step: 30, group: QUESTION, reward: 1, advantage: -0.5, golds: [] },
  },
  {
    writer: 'NeMo-RL, validation',
    file: 'val_data_step40.jsonl',
    rows: [{ content: CHAT, rewards: 0, idx: 0 }],
    ...{ step: 40, group: QUESTION, reward: 0, golds: [] },
  },
  {
    writer: 'rLLM',
    file: 'episode.json',
    rows: {
      ...{ training_step: 12, task: { question: QUESTION, ground_truth: 'Rome' }, task_hash: 'ab', is_correct: true },
      trajectories: [
        { name: 'agent', reward: 1, steps: [{ chat_completions: CHAT.slice(0, 2) }, { chat_completions: CHAT }] },
      ],
    },
    ...{ step: 12, group: 'ab', reward: 1 },
  },
  {
    writer: 'OpenPipe ART',
    file: 'trajectories/train/0006.jsonl',
    rows: [
      {
        ...{ format_version: 2, group_index: 3, trajectory_index: 0, reward: 0.75, metadata: '{"answer": "Rome"}' },
        messages: CHAT.map((message) => ({
          ...{ tool_call_id: null, trainable: false, ...message },
          tool_calls: 'tool_calls' in message ? JSON.stringify(message.tool_calls) : null,
        })),
      },
    ],
    ...{ step: 6, group: '3', reward: 0.75 },
  },
  {
    writer: 'ATIF',
    file: 'trajectory.json',
    rows: {
      ...{
        schema_version: 'ATIF-v1.8',
        session_id: 's',
        agent: { name: 'a', version: '1' },
        extra: { reward: 1, ground_truth: 'Rome' },
      },
      steps: [
        { step_id: 1, source: 'user', message: QUESTION },
        {
          ...{ step_id: 2, source: 'agent', message: '', reasoning_content: 'I search.' },
          tool_calls: [{ tool_call_id: 'c1', function_name: 'search', arguments: { query: 'author of X' } }],
          observation: { results: [{ source_call_id: 'c1', content: FOUND }] },
        },
        { step_id: 3, source: 'agent', message: 'Rome' },
      ],
    },
    ...{ step: null, group: QUESTION, reward: 1 },
  },
  {
    writer: 'trackio',
    rows: [{ messages: CHAT, metadata: { step: 8, reward: 0.5, ground_truth: 'Rome' } }],
    ...{ step: 8, group: QUESTION, reward: 0.5 },
  },
  {
    writer: 'UNIPO',
    file: 'unipo.json',
    rows: {
      entries: [
        {
          step: 2,
          prompts: [
            {
              prompt: PROMPT,
              answer: 'Rome',
              responses: [{ reward: 1, advantage: 0.5, tokens: { strings: [GOOD.slice(0, 9), GOOD.slice(9)] } }],
            },
          ],
        },
      ],
    },
    ...{ step: 2, group: '0 0', reward: 1, advantage: 0.5 },
  },
  {
    writer: 'Search-o1',
    file: 'out.json',
    rows: [
      {
        id: 3,
        Question: `<|im_start|>user\nYou can search.\n\nQuestion:\n${QUESTION}\n\n<|im_end|>\n`,
        answer: ['Rome'],
        Output: GOOD,
        Metrics: { em: 1 },
      },
    ],
    ...{ step: null, group: QUESTION, reward: 2 },
  },
];

describe('rows of', () => {
  it.each(CASES)('$writer', async ({ rows, file: name, step, group, reward, advantage, golds = ['Rome'] }) => {
    const file = await opened(rows, name);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect(file.table.cuts).toHaveLength(1);
    const rollout = rolloutAt(file, 0);
    expect(rollout).toMatchObject({ question: QUESTION, golds, step, group, advantage: advantage ?? null });
    expect(rollout.final).toMatchObject({ answer: 'Rome', reward, steps: STEPS });
  });
});

describe('a group', () => {
  it('is the same question of the same task, whatever the uid of verl V1 ends in', async () => {
    const row = (uid: string, score: number, output = GOOD) => ({
      input: PROMPT,
      output,
      gts: 'Rome',
      score,
      step: 1,
      uid,
    });
    const file = await opened([row('a_0_0', 1), row('a_1_0', 0), row('b_0_0', 1)]);
    expect(Array.from(file.table.groups)).toEqual([0, 0, 1]);
    expect(file.table.advantages[0]).toBeCloseTo(Math.SQRT1_2, 5);
  });

  it('has one row a session of verl V1: of its outputs the last is the whole', async () => {
    const row = (uid: string, output: string) => ({ input: PROMPT, output, gts: 'Rome', score: 1, step: 1, uid });
    const file = await opened([row('a_0_0', '<answer>half</answer>'), row('a_1_0', GOOD), row('a_0_1', GOOD)]);
    expect(Array.from(file.table.groups)).toEqual([0, 0]);
    expect([0, 1].map((place) => rolloutAt(file, place).final.answer)).toEqual(['Rome', 'Rome']);
  });

  it('has none of the rows with which verl V1 fills its batch', async () => {
    const row = (uid: string, output: string) => ({ input: PROMPT, output, gts: 'Rome', score: 1, step: 1, uid });
    const file = await opened([row('a_0_0', GOOD), row(`pad${'0f'.repeat(16)}_0_0`, '')]);
    expect(file.table.groups).toHaveLength(1);
    expect(file.skips).toMatchObject([{ line: 2, reason: 'verl filled its batch with it: no rollout' }]);
  });

  it('keeps the agents of an episode apart', async () => {
    const trace = (name: string) => ({
      agent: { name },
      rewards: {},
      nodes: [
        { parent: null, message: CHAT[0] },
        { parent: 0, message: CHAT[3] },
      ],
    });
    const episode = {
      id: 'e',
      env: {},
      task: { data: { prompt: QUESTION } },
      group: { id: 'g' },
      traces: [trace('a'), trace('b')],
    };
    const file = await opened([episode]);
    expect([0, 1].map((place) => rolloutAt(file, place).group)).toEqual(['g a', 'g b']);
  });
});

describe('what cannot be used', () => {
  it('is told with its keys and the kind that comes nearest, once a file', async () => {
    const foreign = { responses_create_params: {}, tokens: [] };
    const file = await readRolloutFiles([
      source(JSON.stringify({ question: QUESTION, completion: GOOD }), 'good.jsonl'),
      source([foreign, foreign, foreign].map((row) => JSON.stringify(row)).join('\n'), 'bad.jsonl'),
    ]);
    expect(file.skipped).toBe(1);
    expect(file.skips).toMatchObject([{ file: 'bad.jsonl', line: 0 }]);
    expect(file.skips[0]?.reason).toMatch(
      /none of 3 .*line 1: no question.*its keys are responses_create_params, tokens; nearest is NeMo Gym, which also has response$/,
    );
  });

  it('of several rollouts in a line leaves the others', async () => {
    const line = { step: ['1', '1'], prompt: [PROMPT, PROMPT], completion: [GOOD, ''], EM: [1, 0] };
    const file = await opened([line]);
    expect(file.table.cuts).toHaveLength(1);
    expect(file.skips).toMatchObject([{ line: 1, reason: 'rollout 2 of 2: "completion" is empty' }]);
  });

  it('of facts says that they are some', async () => {
    await expect(opened([{ head: 'Oslo', relation: 'in', tail: 'Norway' }])).rejects.toThrow(
      /its keys are head, relation, tail, which are those of facts: as a table .* they open as a world/,
    );
  });
});
