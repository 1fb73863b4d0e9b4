import { describe, expect, it } from 'vitest';
import { advantageOf, groupOf, numberOf, questionOf, rewardOf, stepOf, supportingTitles, usefulOf } from './fields';
import { goldsOf } from './golds';

describe('step and group', () => {
  it.each(['step', 'global_step', 'training_step', 'update', 'iteration'])(
    'the step is "%s", a whole number',
    (key) => {
      expect(stepOf({ [key]: 40 })).toBe(40);
      expect(stepOf({ [key]: 7.9 })).toBe(7);
    },
  );

  it('the step is unknown where none is given', () => {
    expect(stepOf({})).toBeNull();
  });

  it.each(['uid', 'group', 'group_id', 'prompt_id', 'question_id', 'qid'])(
    '"%s" makes a group, by text or number',
    (key) => {
      expect(groupOf({ [key]: 'a1' }, 'Who?')).toBe('a1');
      expect(groupOf({ [key]: 0 }, 'Who?')).toBe('0');
    },
  );

  it('the question makes a group where nothing else does', () => {
    expect(groupOf({}, 'Who?')).toBe('Who?');
    expect(groupOf({ uid: { id: 1 } }, 'Who?')).toBe('Who?');
  });
});

describe('the reward', () => {
  it.each([
    [{ reward: 0.5, score: 1 }, 0.5],
    [{ score: 0 }, 0],
    [{ rewards: [0.5] }, 0.5],
    [{ total_reward: true }, 1],
    [{ rewards: { em: 1, format: 0.5, note: 'x' } }, 1.5],
    [{ em_reward: 1, FormatReward: 0.25, length: 7, reward_model: 3 }, 1.25],
    [{ rewards: [0.5, 0.25] }, 0.75],
    [{ score: [0, 0, 1] }, 1],
    [{ reward: '1.0' }, 1],
    [{ reward: 'good' }, null],
    [{ metadata: { reward: 0.5 } }, 0.5],
    [{ rewards: { note: 'x' } }, null],
    [{ length: 7 }, null],
    [{}, null],
  ])('of %j is %j', (row, reward) => {
    expect(rewardOf(row)).toBe(reward);
  });
});

it('a number may be text, an advantage one a token', () => {
  expect(['5', ' 0.5 ', '-1e-3', '5 of 6', '', '0x10', true, null].map(numberOf)).toEqual([
    ...[5, 0.5, -0.001, null, null, null, 1, null],
  ]);
  expect(
    [{ advantage: '0.5' }, { advantages: [0.5, 0.5] }, { advantages: [0.5, 1] }, { advantages: [] }, {}].map(
      advantageOf,
    ),
  ).toEqual([...[0.5, 0.5, null, null, null]]);
});

describe('right answers', () => {
  it.each([
    [{ golden_answers: ['Paris', 'Lutetia', 'Paris'] }, ['Paris', 'Lutetia']],
    [{ answer: ' Paris ' }, ['Paris']],
    [{ gold: 1965 }, ['1965']],
    [{ gold: false }, ['false']],
    [{ gold: '1.50' }, ['1.50']],
    [{ gold: ['', null, 'Paris'] }, ['Paris']],
    [{ gold: '' }, []],
    [{}, []],
  ])('%j are %j', (row, golds) => {
    expect(goldsOf(row)).toEqual(golds);
  });

  it.each(['target', 'answer', 'answers', 'ground_truth', 'text', 'value'])('lie in "%s" of an object', (key) => {
    expect(goldsOf({ gts: { [key]: ['Paris', 'Lutetia'], other: 'x' } })).toEqual(['Paris', 'Lutetia']);
  });

  it.each([
    ['["Paris", "Lutetia"]', ['Paris', 'Lutetia']],
    [' {"target": "Paris"} ', ['Paris']],
    ["['Paris' 'Lutetia']", ['Paris', 'Lutetia']],
    [String.raw`['L\'Isle', "Say \"x\""]`, ["L'Isle", 'Say "x"']],
    ["{'target': ['Paris']}", ['Paris']],
    ["{'target': array(['Paris'], dtype=object)}", ['Paris']],
    ['[Paris]', ['[Paris]']],
    ["Rock 'n' Roll [album]", ["Rock 'n' Roll [album]"]],
  ])('written as text: %s', (gts, golds) => {
    expect(goldsOf({ gts })).toEqual(golds);
  });

  it.each([
    [{ gts: 'A<|answer_split|>B <|answer_split|>' }, ['A', 'B']],
    [{ answer: { value: 'A', aliases: ['B', 'C'] } }, ['A', 'B', 'C']],
    [{ answer: 'A', answer_aliases: ['B', 'A'] }, ['A', 'B']],
    [{ answer: 'A', possible_answers: '["B"]' }, ['A', 'B']],
    [{ expected_answer: 'A' }, ['A']],
    [{ env_extras: { reward_spec: { ground_truth: { target: ['A'] } } } }, ['A']],
    [{ gts: '[cut off' }, ['[cut off']],
    [{ gts: "['cut off" }, ["['cut off"]],
  ])('with all aliases: %j', (row, golds) => {
    expect(goldsOf(row)).toEqual(golds);
  });

  it('of the line go first, then those of its reward model, then those beside the question', () => {
    const metadata = { answer: 'nested' };
    const reward_model = { ground_truth: { target: ['of the model'] }, style: 'rule' };
    expect(goldsOf({ gold: 'own', reward_model, metadata })).toEqual(['own']);
    expect(goldsOf({ reward_model, metadata })).toEqual(['of the model']);
    expect(goldsOf({ reward_model: 'none', metadata })).toEqual(['nested']);
    expect(goldsOf({ extra_info: { index: 3 }, metadata: null, info: { gold: 'deep' } })).toEqual(['deep']);
  });
});

describe('the question', () => {
  it.each([
    [{ question: ' Who? ' }, 'Who?'],
    [{ query: 'Who?', prompt: 'Where?' }, 'Who?'],
    [{ problem: 'Who?' }, 'Who?'],
    [{ question: 3, extra_info: { question: 'Who?' } }, 'Who?'],
    [{ question: ' ', prompt: 'Where?' }, 'Where?'],
    [{ extra_info: {}, metadata: { question: 'Who?' } }, 'Who?'],
    [
      {
        prompt: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Who?' },
        ],
      },
      'Who?',
    ],
    [
      {
        conversations: [
          { from: 'human', value: 'Who?' },
          { from: 'gpt', value: 'Ada' },
        ],
      },
      'Who?',
    ],
    [{ prompt: [{ role: 'system', content: 'Be brief.' }] }, null],
    [{ prompt: 3 }, null],
    [{ prompt: ' ' }, null],
    [{}, null],
  ])('of %j is %j', (row, question) => {
    expect(questionOf(row)).toBe(question);
  });

  it.each([
    ['Where?', 'Where?'],
    ['Question: Who? Answer it.\nQuestion:Where is it?\nThink first.', 'Where is it?'],
    ['Question: \t Who?<|im_end|>', 'Who?'],
    ['Question: \nWho?', 'Who?'],
    ['Question:\n\nWho?<|im_end|>\n', 'Who?'],
    [
      '<|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      'Who?',
    ],
    ['system\n\nYou search.user\n\nWho leads Oskanassistant\n\n', 'Who leads Oskan'],
    ['<start_of_turn>user\nWho?<end_of_turn>\n<start_of_turn>model\n', 'Who?'],
    ['<|user|>\nWho?<|assistant|>\n', 'Who?'],
    ['<s>[INST] Who? [/INST]', 'Who?'],
    ['<｜begin▁of▁sentence｜><｜User｜>Who?<｜Assistant｜><think>\n', 'Who?'],
    ['user\nWho?\nassistant\n<tool_call>x</tool_call>\nuser\n<tool_response>r</tool_response>\nassistant\n', 'Who?'],
    ['user\nWho?\nWhere?\nassistant\n', 'Who?\nWhere?'],
    ['user\nWho?', 'Who?'],
    ['system\nBe brief.\nuser\nWho?\nassistant\nAda\nuser\nWhere?\nassistant\n<think>', 'Where?'],
    [
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n<think>\n',
      'Who?',
    ],
    ['user\nDoes an assistant\nassistants?', 'Does an assistant\nassistants?'],
    ['Ask a superuser\nwho it was', 'Ask a superuser\nwho it was'],
  ])('in the prompt %j is %j', (prompt, question) => {
    expect(questionOf({ prompt })).toBe(question);
  });
});

describe('evidence that the line names', () => {
  it.each([
    [{ supporting_titles: ['Dune', 'Sand', 'Dune'] }, ['Dune', 'Sand']],
    [{ supporting_facts: { title: ['Dune', 'Sand'], sent_id: [0, 2] } }, ['Dune', 'Sand']],
    [
      {
        supporting_facts: [
          ['Dune', 0],
          ['Sand', 2],
        ],
      },
      ['Dune', 'Sand'],
    ],
    [{ supporting_facts: [{ title: 'Dune' }, { id: 3 }, 7] }, ['Dune']],
    [{ metadata: { supporting_facts: ['Dune'] } }, ['Dune']],
    [{ supporting_titles: 'Dune' }, []],
    [{}, []],
  ])('supporting documents: %j', (row, titles) => {
    expect(supportingTitles(row)).toEqual(titles);
  });

  it.each([
    [{ useful: [1, 0, true] }, [1, 0, 1]],
    [{ search_labels: [2, -1, 0.5] }, [1, 0, 0.5]],
    [{ process_labels: [] }, []],
    [{ useful: [1, 'x'] }, null],
    [{ useful: 1 }, null],
    [{}, null],
  ])('what each search was worth: %j', (row, useful) => {
    expect(usefulOf(row)).toEqual(useful);
  });
});
