import { describe, expect, it } from 'vitest';
import { readLine } from './read-line';
import { NOT_CLOSED } from './steps';
import { exactMatch, normalizeAnswer } from '../text/squad';

const SEARCH_R1 = `<think>I need the author.</think>
<search>who wrote Dune</search>

<information>Doc 1(Title: "Dune (novel)") Dune is a novel by Frank Herbert.
Doc 2(Title: "Sand") Sand is made of grains.
</information>

<think>Now his birthplace.</think><search>Frank Herbert born</search>
<information>Doc 1(Title: "Frank Herbert") Frank Herbert was born in Tacoma, Washington.
Doc 2(Title: "Dune (novel)") Dune is a novel by Frank Herbert.</information>
<answer>The Tacoma</answer>`;

function read(row: object) {
  return readLine(JSON.stringify(row));
}

describe('what is cited', () => {
  it('counts without its marks, in answers and in thoughts', () => {
    const completion =
      '<think>So <cite id="a1-2">Herbert</cite>.</think><answer>The <cite id="a1">Tacoma</cite></answer>';
    const { final } = read({ question: 'q', gold: 'Tacoma', completion });
    expect(final).toMatchObject({ answer: 'The Tacoma', em: 1 });
    expect(final.steps[0]?.thought).toBe('So Herbert.');
  });
});

describe('SQuAD rules', () => {
  it('drops case, punctuation and articles', () => {
    expect(normalizeAnswer('The  U.S. of an  "A"')).toBe('us of');
    expect(normalizeAnswer('thé Atlas, Another')).toBe('thé atlas another');
    expect(exactMatch('The Tacoma.', ['Seattle', 'tacoma'])).toBe(1);
    expect(exactMatch('Tacoma, Washington', ['tacoma'])).toBe(0);
    expect(exactMatch(null, [''])).toBe(0);
  });
});

describe('tagged text', () => {
  const rollout = read({
    prompt: 'Answer the question. You may <search> query </search>.\nQuestion: Where was the author of Dune born?\n',
    completion: SEARCH_R1,
    golden_answers: ['Tacoma'],
    step: 7,
  });

  it('is parsed into steps with queries, passages and the answer', () => {
    expect(rollout.question).toBe('Where was the author of Dune born?');
    expect(rollout.step).toBe(7);
    expect(rollout.final.steps.map(({ kind, text, thought }) => [kind, text, thought])).toEqual([
      ['search', 'who wrote Dune', 'I need the author.'],
      ['search', 'Frank Herbert born', 'Now his birthplace.'],
      ['answer', 'The Tacoma', ''],
    ]);
    expect(rollout.final.steps[0]?.passages.map(({ title, text }) => [title, text])).toEqual([
      ['Dune (novel)', 'Dune is a novel by Frank Herbert.'],
      ['Sand', 'Sand is made of grains.'],
    ]);
  });

  it('counts answer-bearing passages as evidence: EM 1, one of two searches', () => {
    const [first, second] = rollout.final.steps;
    expect(first?.useful).toBe(0);
    expect(second?.useful).toBe(1);
    expect(second?.share).toBe(0.5);
    expect(second?.passages.map(({ evidence }) => evidence)).toEqual(['new', 'irrelevant']);
    expect(rollout.final).toMatchObject({ em: 1, reward: 1.5, rewardGiven: false, coverage: 1, endReason: null });
  });

  it('takes supporting titles and given labels first', () => {
    const titled = read({
      question: 'q',
      completion: SEARCH_R1,
      answer: 'Tacoma',
      supporting_facts: { title: ['Dune (novel)', 'Frank Herbert', 'Elsewhere'], sent_id: [0, 0, 1] },
    });
    expect(titled.final.steps.map(({ useful }) => useful)).toEqual([1, 1, null]);
    expect(titled.final.steps[1]?.passages.map(({ evidence }) => evidence)).toEqual(['new', 'repeated']);
    expect(titled.final.coverage).toBeCloseTo(2 / 3);
    const labelled = read({ question: 'q', completion: SEARCH_R1, answer: 'x', useful: [true, false], score: 0.3 });
    expect(labelled.final.steps.map(({ useful }) => useful)).toEqual([1, 0, null]);
    expect(labelled.final).toMatchObject({ em: 0, reward: 0.3, rewardGiven: true });
  });

  it('sees what is not finished', () => {
    const ends = (completion: string) => read({ question: 'q', completion, gold: 'x' }).final;
    expect(ends('<think>hm</think><search>a</search>').endReason).toBe('search without results');
    expect(ends('<think>hm').steps).toMatchObject([{ kind: 'unfinished', thought: 'hm' }]);
    expect(ends('<answer>x').endReason).toBe(NOT_CLOSED);
    expect(ends('<answer> </answer>').endReason).toBe('empty answer');
    expect(ends('So \\boxed{x}.')).toMatchObject({ answer: 'x', em: 1 });
    // Templates put the opening tag into the prompt.
    expect(ends('hm</think><answer>x</answer>').steps).toMatchObject([{ kind: 'answer', thought: 'hm', text: 'x' }]);
  });
});

describe('messages', () => {
  it('reads tool calls and their results', () => {
    const rollout = read({
      prompt: [{ role: 'user', content: 'Where was the author of Dune born?' }],
      completion: [
        {
          role: 'assistant',
          content: '<think>Search.</think>',
          tool_calls: [
            { type: 'function', function: { name: 'search', arguments: { query: 'author of Dune' } } },
            { type: 'function', function: { name: 'search', arguments: '{"query_list": ["Herbert born"]}' } },
          ],
        },
        { role: 'tool', name: 'search', content: '[{"title": "Dune", "text": "By Frank Herbert."}]' },
        { role: 'tool', name: 'search', content: '{"result": "Doc 1 (Title: \\"F. H.\\") Born in Tacoma."}' },
        { role: 'assistant', content: 'Tacoma' },
      ],
      answer: 'Tacoma',
      em_reward: 1,
      format_reward: 0.5,
      advantage: -0.25,
    });
    expect(rollout.question).toBe('Where was the author of Dune born?');
    expect(rollout.final.steps.map(({ kind, text }) => [kind, text])).toEqual([
      ['search', 'author of Dune'],
      ['search', 'Herbert born'],
      ['answer', 'Tacoma'],
    ]);
    expect(rollout.final.steps[1]?.passages[0]).toMatchObject({ title: 'F. H.', text: 'Born in Tacoma.' });
    expect(rollout.final).toMatchObject({ em: 1, reward: 1.5 });
    expect(rollout.advantage).toBe(-0.25);
  });

  it('reads one conversation with prompt and completion in it', () => {
    const rollout = read({
      messages: [
        { role: 'system', content: 'Search.' },
        { role: 'user', content: 'Question: Who?\nAnswer shortly.' },
        { role: 'assistant', content: '<search>who</search>' },
        { role: 'user', content: '<information>[1] It was Ada.</information>' },
        { role: 'assistant', content: '<answer>Ada</answer>' },
      ],
      ground_truth: { target: ['Ada'] },
    });
    expect(rollout.question).toBe('Who?');
    expect(rollout.final.steps).toMatchObject([{ text: 'who', useful: 1 }, { text: 'Ada' }]);
  });
});

describe('draft and final', () => {
  const draft = '<search>a</search><information>x</information><answer>no</answer>';
  const final =
    '<search>a</search><information>x</information><search>b</search><information>yep</information><answer>yep</answer>';

  it('infers the cut from the first step that differs', () => {
    const rollout = read({ question: 'q', gold: 'yep', draft, final: { completion: final, reward: 2 } });
    expect(rollout.cut).toBe(2);
    expect(rollout.draft.em).toBe(0);
    expect(rollout.final).toMatchObject({ em: 1, reward: 2 });
    expect(read({ question: 'q', gold: 'yep', draft, final: draft }).cut).toBe(0);
  });

  it.each([
    ['of another thought', `<think>hm</think>${draft}`, 1],
    ['of another query', draft.replace('>a<', '>b<'), 1],
    ['of another kind', '<search>a</search>', 1],
    ['that is missing', '<search>a</search><information>x</information>', 2],
    ['of another answer', draft.replace('no', 'yep'), 2],
  ])('infers a cut at a step %s', (_, other, cut) => {
    expect(read({ question: 'q', gold: 'yep', draft, final: other }).cut).toBe(cut);
  });

  it('takes a final side that only goes on for one that was cut at the last step', () => {
    const begun = '<search>a</search><information>x</information>';
    expect(read({ question: 'q', gold: 'yep', draft: begun, final: draft }).cut).toBe(1);
  });

  it('takes a given cut, and refuses one that is not there', () => {
    expect(read({ question: 'q', gold: 'yep', draft, final, cut: 1 }).cut).toBe(1);
    expect(read({ question: 'q', gold: 'yep', draft, final, cut: 2 }).cut).toBe(2);
    const accepted = read({ question: 'q', gold: 'yep', draft, final, cut: 0 });
    expect(accepted.cut).toBe(0);
    expect(accepted.final).toBe(accepted.draft);
    const short = '<answer>yep</answer>';
    expect(read({ question: 'q', draft, final: short, cut: 2 }).cut).toBe(2);
    for (const cut of [3, -1, 1.5])
      expect(() => read({ question: 'q', draft, final, cut })).toThrow(/draft has 2 steps/);
    expect(() => read({ question: 'q', draft: final, final: short, cut: 3 })).toThrow(/draft has 3 steps/);
  });

  it('takes a draft alone for one that was reviewed and accepted', () => {
    const rollout = read({ question: 'q', gold: 'no', draft, reward: 5 });
    expect(rollout).toMatchObject({ cut: 0, reviewed: true, draft: { em: 1, rewardGiven: false } });
    expect(rollout.final).toBe(rollout.draft);
    expect(read({ question: 'q', draft, completion: final })).toMatchObject({ cut: 2, reviewed: true });
    expect(read({ question: 'q', draft: null, completion: final })).toMatchObject({ cut: 0, reviewed: false });
    expect(read({ question: 'q', final })).toMatchObject({ cut: 0, reviewed: false, final: { answer: 'yep' } });
  });

  it('gives each side its own reward and labels, and the line’s to the final one', () => {
    const sides = read({
      question: 'q',
      gold: 'yep',
      reward: 2,
      useful: [1, 1],
      draft: { completion: draft, reward: 0.25, useful: [0] },
      final: { completion: final },
    });
    expect(sides.draft).toMatchObject({ reward: 0.25, rewardGiven: true });
    expect(sides.final).toMatchObject({ reward: 2, rewardGiven: true });
    expect(sides.draft.steps.map(({ useful }) => useful)).toEqual([0, null]);
    expect(sides.final.steps.map(({ useful }) => useful)).toEqual([1, 1, null]);
    // Both sides show the same passage.
    expect(sides.draft.steps[0]?.passages[0]?.id).toBe(sides.final.steps[0]?.passages[0]?.id);
  });
});

describe('a completion', () => {
  const answered = '<answer>x</answer>';

  it.each([
    [{ completion: answered }],
    [{ response: [answered] }],
    [{ generated_text: [{ role: 'assistant', content: answered }] }],
    [
      {
        trajectory: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: answered },
        ],
      },
    ],
    [{ text: `user\nq\nassistant\n${answered}` }],
    [{ sequences_str: `<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n${answered}` }],
    [{ sequence: answered }],
  ])('is found in %j', (row) => {
    expect(read({ question: 'q', ...row }).final.steps).toMatchObject([{ kind: 'answer', thought: '', text: 'x' }]);
  });

  it('goes on to the end, however often the assistant speaks', () => {
    const text =
      'user\nq\nassistant\n<search>a</search>\nuser\n<information>r</information>\nassistant\n<answer>x</answer>';
    expect(read({ question: 'q', text }).final.steps).toMatchObject([{ text: 'a' }, { text: 'x' }]);
  });

  it('brings its step, group and advantage', () => {
    const row = { question: 'q', completion: answered };
    expect(read(row)).toMatchObject({ step: null, group: 'q', advantage: null, review: null, reviewed: false });
    expect(read({ ...row, step: 3, uid: 7, advantages: 0.5 })).toMatchObject({ step: 3, group: '7', advantage: 0.5 });
  });

  it.each([
    [{ gold: 'X' }, 1],
    [{ gold: 'y', em: 1 }, 0],
    [{ em: 1 }, 1],
    [{ exact_match: true }, 1],
    [{ acc: 0.5 }, 0],
    [{}, null],
  ])('is right by its right answers, else as it says itself, else unknown: %j', (row, em) => {
    expect(read({ question: 'q', completion: answered, ...row }).final).toMatchObject({ em, reward: em });
  });

  it('without a reward is worth EM x (1 + mean u_i)', () => {
    const completion = '<search>a</search><information>r</information>'.repeat(4) + answered;
    const row = { question: 'q', completion, gold: 'x', useful: [1, 0, 0, 0] };
    expect(read(row).final).toMatchObject({ reward: 1.25, rewardGiven: false, coverage: 1 });
    expect(read({ ...row, score: 0 }).final).toMatchObject({ reward: 0, rewardGiven: true });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['{', /not JSON/],
    ['[1]', /not an object/],
    ['{"completion": "x"}', /no question/],
    ['{"question": "q"}', /no completion/],
    ['{"question": "q", "completion": 3}', /neither text nor/],
    ['{"question": "q", "completion": ["a", "b"]}', /"completion" is neither text nor/],
    ['{"question": "q", "completion": ""}', /empty/],
    ['{"question": "q", "completion": [{"role": "user", "content": "a"}]}', /"completion" is empty/],
    ['{"question": "q", "text": 3}', /no completion/],
    ['{"question": "q", "draft": {"completion": 3}}', /"draft" is neither text nor/],
    ['{"question": "q", "draft": "a", "final": ""}', /"final" is empty/],
    ['{"format": "cutpoint-trajectory/4"}', /newer version of Cutpoint/],
    ['{"format": "cutpoint-trajectory/2", "question": "q", "draft": {}}', /"tokens" is missing/],
  ])('%s', (line, reason) => {
    expect(() => readLine(line)).toThrow(reason);
  });

  it('understands golds that json.dumps(default=str) made', () => {
    const golds = (gts: unknown) => read({ input: 'user\nWho?\nassistant\n', output: 'x', gts }).golds;
    expect(golds({ target: "['Paris' 'Lutetia']" })).toEqual(['Paris', 'Lutetia']);
    expect(golds("{'target': ['Paris', \"L'Isle\"]}")).toEqual(['Paris', "L'Isle"]);
    expect(golds(['Paris', 'Paris'])).toEqual(['Paris']);
    expect(golds(null)).toEqual([]);
  });
});
