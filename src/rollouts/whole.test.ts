import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineAt, readRolloutFiles, rolloutAt } from './file/read-file';
import { messagesText, wholeOf } from './whole';
import type { WholeMessage } from './whole';
import { ownLine } from './write-own';

const whole = (row: object, side: 'draft' | 'final' = 'final', most?: number) =>
  wholeOf(JSON.stringify(row), side, most);
/** `model: text a | call b`, with a star for what was inserted. */
const told = (messages: readonly WholeMessage[]): string[] =>
  messages.map(
    ({ role, writer, parts }) =>
      `${role} (${writer}): ${parts.map(({ kind, text, inserted }) => `${kind}${inserted ? '*' : ''} ${text}`).join(' | ')}`,
  );

describe('a rollout of tags', () => {
  const completion =
    '<think>Hm.</think>\n<search>X</search>\n<information>Doc</information><think>So.</think><answer>Rome</answer>';

  it('is its prompt, then one message in which calls and results are set off', () => {
    const { messages, prompt } = whole({ prompt: 'Question: Who?', completion });
    expect(prompt).toBe('Question: Who?');
    expect(told(messages)).toEqual([
      'user (prompt): text Question: Who?',
      'assistant (model): text <think>Hm.</think> | call <search>X</search> | results* <information>Doc</information> | text <think>So.</think><answer>Rome</answer>',
    ]);
  });

  it('has a prompt by its turns, which stays one text', () => {
    const prompt = '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n';
    const found = whole({ prompt, completion: 'Me.' });
    expect(found.prompt).toBe(prompt);
    expect(found.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
  });

  it('does not take results that the model made up for the environment’s', () => {
    const made = '<information>Invented</information><answer>x</answer>';
    expect(told(whole({ question: 'q', completion: made }).messages)).toEqual([`assistant (model): text ${made}`]);
    const late = `${completion.replace('<answer>Rome</answer>', '')}${made}`;
    const [message] = whole({ question: 'q', completion: late }).messages;
    expect(message?.parts.filter(({ inserted }) => inserted).map(({ text }) => text)).toEqual([
      '<information>Doc</information>',
    ]);
  });

  it('says what the environment wrote besides', () => {
    const retry = 'My action is not valid. I must put the query between <search> and </search>.';
    const parts = whole({ question: 'q', completion: `<think>a</think>\n${retry}\n<answer>x</answer>` }).messages[0]
      ?.parts;
    expect(parts?.filter(({ inserted }) => inserted).map(({ text }) => text)).toEqual([retry]);
  });

  it('has a draft beside its final', () => {
    const row = { question: 'q', draft: '<answer>y</answer>', final: { completion: '<answer>x</answer>', reward: 1 } };
    expect(whole(row, 'draft').messages[0]?.parts[0]?.text).toBe('<answer>y</answer>');
    expect(whole(row).messages[0]?.parts[0]?.text).toBe('<answer>x</answer>');
  });

  it('in one text with its prompt is parted from it', () => {
    const text = '<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n<answer>x</answer>';
    const { messages, prompt } = whole({ question: 'Who?', text });
    expect(prompt).toBe('<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n');
    expect(messages.map(({ writer }) => writer)).toEqual(['prompt', 'model']);
  });
});

describe('a chat', () => {
  const call = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query": "X"}' } };
  const chat = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Who?' },
    { role: 'assistant', content: 'I look.', reasoning_content: 'Hm.', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: 'Doc' },
    { role: 'user', content: 'Go on.' },
    { role: 'assistant', content: 'Rome' },
  ];

  it('is its messages, with thoughts, calls and results', () => {
    const { messages, prompt } = whole({ messages: chat });
    expect(prompt).toBe('system:\nBe brief.\n\nuser:\nWho?');
    expect(told(messages)).toEqual([
      'system (prompt): text Be brief.',
      'user (prompt): text Who?',
      `assistant (model): thought Hm. | text I look. | call ${JSON.stringify({ function: call.function }, null, 2)}`,
      'tool (environment): results* Doc',
      'user (environment): results* Go on.',
      'assistant (model): text Rome',
    ]);
    expect(messagesText(messages)).toContain('tool:\nDoc\n\nuser:\nGo on.');
  });

  it('in parts keeps calls, results and what is no text', () => {
    const { messages } = whole({
      prompt: [{ role: 'user', content: [{ type: 'image', url: 'i' }] }],
      completion: [
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'search', input: { q: 'X' } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Doc' }] }],
        },
      ],
    });
    expect(told(messages)).toEqual([
      expect.stringContaining('"url": "i"'),
      `assistant (model): call ${JSON.stringify({ q: 'X' }, null, 2)}`,
      'user (environment): results* Doc',
    ]);
  });
});

describe('a turn in which the server searched', () => {
  it('is the model’s, the environment’s, and the model’s again', () => {
    const { messages } = whole({
      prompt: [{ role: 'user', content: 'Who?' }],
      completion: [
        {
          role: 'assistant',
          content: [
            { type: 'server_tool_use', id: 'a', name: 'web_search', input: { query: 'X' } },
            { type: 'web_search_tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Doc' }] },
            { type: 'text', text: 'Rome' },
          ],
        },
      ],
    });
    expect(messages.map(({ writer, parts }) => [writer, parts[0]?.kind])).toEqual([
      ['prompt', 'text'],
      ['model', 'call'],
      ['environment', 'results'],
      ['model', 'text'],
    ]);
  });
});

describe('a trajectory of our own', () => {
  const side = (answer: string) => ({
    tokens: [
      'who',
      '<think>',
      'hop',
      '</think>',
      '<search>',
      'rel:x',
      '</search>',
      '<information>',
      'e:Rome',
      '</information>',
    ].concat(['<answer>', answer, '</answer>']),
    ...{
      logProbs: [],
      entropies: [],
      stepStarts: [1, 10],
      searches: [],
      end: 'finished',
      em: 1,
      reward: 1,
      coverage: 1,
    },
  });
  const line = ownLine({
    ...{ update: 1, row: 0, world: 'w', question: 'who', answer: 'e:Rome', review: { cut: 1, logProbs: [-1, -1] } },
    ...{ draft: side('e:Pisa'), final: side('e:Rome'), advantage: 0, reviewAdvantage: 0 },
  });

  it('is its tokens, of either side', () => {
    const { messages, prompt } = wholeOf(line, 'final');
    expect(prompt).toBe('who');
    expect(told(messages)).toEqual([
      'user (prompt): text who',
      'assistant (model): text <think> hop </think> | call <search> x </search> | results* <information> Rome </information> | text <answer> Rome </answer>',
    ]);
    expect(messagesText(wholeOf(line, 'draft').messages)).toContain('<answer> Pisa </answer>');
  });
});

describe('what is long', () => {
  it('is cut off, and says so', () => {
    const long = { prompt: 'p'.repeat(10), completion: `<search>x</search>${'y'.repeat(1000)}` };
    const { messages, more, prompt } = whole(long, 'final', 100);
    expect(more).toBe(true);
    expect(prompt).toHaveLength(10);
    const length = messagesText(messages).length;
    expect(length).toBeGreaterThan(80);
    expect(length).toBeLessThan(140);
    expect(whole(long, 'final', 5000).more).toBe(false);
    expect(whole(long, 'final', 0)).toMatchObject({ messages: [], more: true });
    const countless = Array.from({ length: 5000 }, () => ({ role: 'assistant', content: 'a' }));
    expect(whole({ question: 'q', completion: countless }, 'final', 100).messages.length).toBeLessThan(60);
  });

  it('of 50 MB takes no time that grows with its square', () => {
    const line = JSON.stringify({ question: 'q', completion: `<search>x</search>${'word '.repeat(10_000_000)}` });
    const began = performance.now();
    expect(wholeOf(line, 'final', 200_000).more).toBe(true);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('is nothing where the line is none', () => {
    for (const line of ['', 'x', '[]', '{}', '{"completion": 3}', '{"messages": [{}]}']) {
      expect(wholeOf(line, 'final')).toEqual({ messages: [], prompt: null, more: false });
    }
  });
});

describe('of every writer that is known', () => {
  const FOLDERS = ['fixtures', 'cases'];
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`./${folder}`, import.meta.url))
      .filter((name) => /\.(jsonl|json|parquet|eval)$/.test(name) && !/expect|versions|summaries/.test(name))
      .map((name) => `${folder}/${name}`),
  );

  it.each(files)('what was found stands in what the environment wrote: %s', async (name) => {
    const blob = new Blob([new Uint8Array(readFileSync(new URL(`./${name}`, import.meta.url)))]);
    const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
    for (let row = 0; row < file.table.cuts.length; row += 1) {
      for (const side of ['draft', 'final'] as const) {
        const { messages } = wholeOf(lineAt(file, row), side);
        const parts = messages.flatMap((message) => (message.writer === 'prompt' ? [] : message.parts));
        const inserted = parts
          .filter((part) => part.inserted)
          .map(({ text }) => text)
          .join('\n');
        const { steps, answer } = rolloutAt(file, row)[side];
        const words = (text: string) => text.match(/\p{L}{3,}/gu) ?? [];
        for (const { passages } of steps) {
          for (const { text } of passages) for (const word of words(text)) expect(inserted).toContain(word);
        }
        const own = parts
          .filter((part) => !part.inserted)
          .map(({ text }) => text)
          .join('\n');
        for (const word of words(answer ?? '')) expect(own).toContain(word);
      }
    }
  });
});
