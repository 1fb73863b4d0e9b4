import { describe, expect, it, vi } from 'vitest';
import { shownLive } from '../../../testing/page/live-rollouts';
import type { FakeModel } from '../../../testing/page/fake-model';
import type { RolloutLine } from '../../../testing/page/opened-rollouts';
import type { Studio } from '../../state/studio-state';
import { runSweep } from '../cut-lab';
import { alternativesAt, goOnWithToken, turnOf } from './live-turn';

const lab = (studio: Studio) => studio.store.getState().lab;
const idle = (studio: Studio) =>
  vi.waitFor(() => expect([lab(studio).sweepAsked, lab(studio).cutAsked]).toEqual([null, null]), { timeout: 5000 });

const ASKED = { role: 'user', content: 'Where was Ada born?' };
const PASSAGES = 'Doc 1(Title: "Ada") Ada was born in Paris.\nDoc 2(Title: "Bo") Bo paints.';
const called = (query: string) => ({
  type: 'function',
  function: { name: 'search', arguments: JSON.stringify({ query }) },
});
const CALLS = [
  { role: 'assistant', content: '', tool_calls: [{ id: 'c1', ...called('Ada painter') }] },
  { role: 'tool', tool_call_id: 'c1', content: PASSAGES },
  { role: 'assistant', content: '<answer>Paris</answer>' },
];
const TAGS = [
  { role: 'assistant', content: '<search>Ada painter</search>' },
  { role: 'user', content: `<information>${PASSAGES}</information>` },
  { role: 'assistant', content: '<answer>Paris</answer>' },
];
const TOOLS = [{ type: 'function', function: { name: 'search', parameters: {} } }];
const line = (messages: object[], rest: object = {}): RolloutLine => ({
  ...{ question: 'Where was Ada born?', golden_answers: ['Rome'], messages: [ASKED, ...messages], step: 1, reward: 0 },
  ...rest,
});

/** Searches, then answers; a turn that is begun is gone on with. To what else it is asked it counts. */
const script =
  (search: string) =>
  (before: string, seed: number): string | null => {
    if (!before.includes('Ada')) return ` w${before.length + seed}`;
    const turns = before.split('[assistant] ');
    const turn = turns.at(-1) ?? '';
    const whole = turns.length === 2 ? search : `<answer>${seed % 2 === 1 ? 'Rome' : 'Oslo'}</answer>`;
    const rest = whole.startsWith(turn) ? whole.slice(turn.length) : '';
    return rest === '' ? null : (/^\s*\S+/.exec(rest)?.[0] ?? rest);
  };
const CALL = `\n<tool_call>\n${JSON.stringify({ name: 'search', arguments: '{"query":"Ada"}' })}\n</tool_call>`;
const onBench = (given: RolloutLine, quirks: FakeModel['quirks'], search: string) =>
  shownLive([[given], { chat: 'new turn', ...quirks }, { next: script(search) }], true);

describe('a rollout that was saved as messages', () => {
  it.each([
    ['calls of tools', CALLS, CALL, { calls: true }],
    ['calls that the server does not read', CALLS, CALL, {}],
    ['tags', TAGS, '<search>Ada</search>', {}],
  ] as const)('is swept with %s by messages up to each cut', async (_, messages, search, quirks) => {
    const { studio, asked } = await onBench(line([...messages], { tools: TOOLS }), quirks, search);
    expect(lab(studio).refusal).toBeNull();
    runSweep(studio);
    await idle(studio);
    expect(lab(studio).refusal).toBeNull();
    expect(lab(studio).sweep).toMatchObject({ replicates: 16 });
    // An odd seed is right, at every cut.
    expect([...lab(studio).sweep!.em]).toEqual(Array.from({ length: 32 }, (__, k) => (k + 1) % 2));
    const chats = asked.filter(({ path }) => path === 'model/chat').map(({ body }) => body);
    expect(chats).toHaveLength(48);
    expect(chats[0]).toMatchObject({ messages: [ASKED], tools: TOOLS, temperature: 1, top_k: -1 });
    const behind = chats.find(({ messages: sent }) => Array.isArray(sent) && sent.length === 3);
    expect(behind).toMatchObject({ messages: [ASKED, ...messages.slice(0, 2)] });
    expect(lab(studio).live?.rows.get('0 0')?.text).toContain(search.trim());
  });

  it.each([
    ['repeats', true],
    ['goes on', true],
    ['new turn', false],
  ] as const)('is gone on with within a message where the server %s', async (chat, goes) => {
    const { studio } = await onBench(
      line(TAGS),
      { chat, likely: () => ({ ' painter': 0.75, ' born': 0.25 }) },
      '<search>Ada painter</search>',
    );
    const { live } = lab(studio);
    const turn = turnOf(live!, 1)!;
    const at = turn.written.from + turn.written.text.indexOf(' painter');
    if (!goes) {
      await expect(alternativesAt(studio, at)).rejects.toThrow('begins a new one');
      return;
    }
    await goOnWithToken(studio, turn, at, ' painter');
    expect(lab(studio).refusal).toBeNull();
    expect(lab(studio).branch?.live?.text).toMatch(
      /^<search>Ada painter<\/search><\|im_end\|>\n<\|im_start\|>user\n<information>/,
    );
  });

  it('is not taken to be gone on with by a model that says its last turn again in a new one', async () => {
    const parrot = (before: string): string | null => {
      const turns = before.split('[assistant] ');
      const last = (turns.at(-2) ?? '').split('\n')[0] ?? '';
      return turns.length > 2 && turns.at(-1) === '' ? last : turns.at(-1) === '' ? ' w' : null;
    };
    const { studio } = await shownLive([[line(TAGS)], { chat: 'new turn' }, { next: parrot }], true);
    expect(studio.store.getState().live?.abilities?.chat).toEqual({ continues: null, repeats: false });
  });

  it('says how the server renders it, before anything is regenerated', async () => {
    const shown = '[user] Where was Ada born?\n[assistant] ';
    const rendered = async (rest: object, quirks: FakeModel['quirks'] = {}) =>
      lab((await onBench(line(TAGS, rest), quirks, '<search>Ada</search>')).studio).live?.rendered;
    expect(await rendered({ prompt_tokens: shown.length })).toMatchObject({ same: true, text: null });
    const fewer = await rendered({ prompt_tokens: 7 });
    expect([fewer?.same, fewer?.told]).toEqual([false, expect.stringContaining('the file has 7')]);
    const untold = await rendered({}, { shows: 'text' });
    expect([untold?.same, untold?.text, untold?.told]).toEqual([
      null,
      shown,
      expect.stringContaining('neither text nor'),
    ]);
    const other = await rendered({ text: `<|user|>${shown}` }, { shows: 'text' });
    expect([other?.same, other?.told]).toEqual([false, expect.stringContaining('from character 1 on')]);
  });

  it('is refused with the reason by a server without chats', async () => {
    const { studio } = await shownLive([[line(TAGS)], {}, { next: script('') }], true);
    expect(lab(studio).refusal?.message).toContain('takes no chats');
  });
});
