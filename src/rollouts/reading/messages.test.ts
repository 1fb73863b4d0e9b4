import { describe, expect, it } from 'vitest';
import { contentOf, isMessages, messageEvents, roleOf } from './messages';
import type { Message } from './messages';

const said = (...messages: Message[]) => messageEvents(messages).map(({ kind, text }) => [kind, text]);
const call = (query: string) => ({ function: { name: 'search', arguments: { query } } });

describe('messages', () => {
  it('are a list of objects that each have a role', () => {
    expect(isMessages([{ role: 'user' }, { from: 'gpt' }])).toBe(true);
    for (const none of [
      [],
      [{}],
      [{ role: 'user' }, 'x'],
      [{ role: 'user' }, { role: 3 }],
      { role: 'user' },
      'user',
      null,
    ])
      expect(isMessages(none)).toBe(false);
  });

  it.each([
    [{ role: 'critic' }, 'tool'],
    [{ role: 'constructor' }, 'tool'],
    [{ role: 'developer' }, 'system'],
    [{ from: 'function_call' }, 'assistant'],
    [{ role: 'ipython' }, 'tool'],
    [{ from: 'human' }, 'user'],
    [{ from: 'gpt' }, 'assistant'],
    [{ role: 'function' }, 'tool'],
    [{ from: 'observation' }, 'tool'],
    [{ role: 'tool', from: 'gpt' }, 'tool'],
    [{ role: 1 }, null],
    [{}, null],
  ])('%j has the role %s', (message, role) => {
    expect(roleOf(message)).toBe(role);
  });

  it.each([
    [{ content: 'Hello' }, 'Hello'],
    [{ value: 'Hello' }, 'Hello'],
    [{ content: [{ type: 'text', text: 'Hel' }, { type: 'image' }, 'l', { text: 3 }, { text: 'o' }] }, 'Hello'],
    [{ content: null }, ''],
    [{}, ''],
    [{ content: { title: 'Dune' } }, '{"title":"Dune"}'],
  ])('%j says %j', (message, content) => {
    expect(contentOf(message)).toBe(content);
  });
});

describe('what the model said', () => {
  it('in plain words is thought, of which the last may be the answer', () => {
    expect(said({ role: 'assistant', content: ' Tacoma ' })).toEqual([['think', 'Tacoma']]);
    expect(messageEvents([{ role: 'assistant', content: '<think>x</think>a' }]).map(({ loose }) => loose)).toEqual([
      undefined,
      true,
    ]);
    expect(said({ role: 'assistant', content: '<think>Hm.</think> Tacoma' })).toEqual([
      ['think', 'Hm.'],
      ['think', 'Tacoma'],
    ]);
    expect(said({ role: 'assistant', content: 'Tacoma' }, { role: 'user', content: '' })).toEqual([
      ['think', 'Tacoma'],
    ]);
  });

  it('before it speaks again is thought', () => {
    expect(said({ role: 'assistant', content: 'First,' }, { role: 'assistant', content: 'Tacoma' })).toEqual([
      ['think', 'First,'],
      ['think', 'Tacoma'],
    ]);
  });

  it('beside a call or in tags is what the tags say', () => {
    expect(said({ role: 'assistant', content: 'I look.', tool_calls: [call('Dune'), call('Sand')] })).toEqual([
      ['think', 'I look.'],
      ['search', 'Dune'],
      ['search', 'Sand'],
    ]);
    expect(said({ role: 'assistant', content: 'So <answer>Tacoma</answer> it is' })).toEqual([
      ['think', 'So'],
      ['answer', 'Tacoma'],
      ['think', 'it is'],
    ]);
    const asked = { role: 'assistant', content: '<search>Dune</search>' };
    for (const tag of ['think', 'thinking', 'reasoning'])
      expect(said(asked, { role: 'assistant', content: `<${tag}>Hm.</${tag}>` })).toEqual([
        ['search', 'Dune'],
        ['think', 'Hm.'],
      ]);
  });

  it.each(['reasoning_content', 'reasoning', 'thinking'])('of its thoughts in "%s" comes first', (key) => {
    expect(said({ role: 'assistant', [key]: ' Hm. ', content: 'Tacoma' })).toEqual([
      ['think', 'Hm.'],
      ['think', 'Tacoma'],
    ]);
    expect(said({ role: 'assistant', [key]: ' ', content: 'Tacoma' })).toEqual([['think', 'Tacoma']]);
    expect(said({ role: 'assistant', [key]: null, content: 'Tacoma' })).toEqual([['think', 'Tacoma']]);
  });

  it.each([
    ['a list', [call('Dune')]],
    ['JSON text', JSON.stringify([call('Dune')])],
    ['JSON texts', [JSON.stringify(call('Dune'))]],
    ['flat', [{ id: 'c', type: 'function', name: 'search', arguments: '{"query": "Dune"}' }]],
    ['a name and arguments', [{ id: 'c', function: 'search', arguments: { query: 'Dune' } }]],
  ])('as calls: %s', (_, tool_calls) => {
    expect(said({ role: 'assistant', content: '', tool_calls })).toEqual([['search', 'Dune']]);
  });

  it('as a call of an older kind, or of another maker', () => {
    const asked = { name: 'search', arguments: '{"query": "Dune"}' };
    expect(said({ role: 'assistant', content: '', function_call: asked })).toEqual([['search', 'Dune']]);
    expect(said({ role: 'function_call', content: JSON.stringify(asked) })).toEqual([['search', 'Dune']]);
    const content = [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'u1', name: 'search', input: { query: 'Dune' } },
    ];
    expect(said({ role: 'assistant', content })).toEqual([
      ['think', 'Hm.'],
      ['think', 'I look.'],
      ['search', 'Dune'],
    ]);
    const results = [{ type: 'tool_result', tool_use_id: 'u1', content: [{ type: 'text', text: 'By Herbert.' }] }];
    expect(messageEvents([{ role: 'user', content: results }])).toMatchObject([
      { kind: 'information', text: 'By Herbert.', call: 'u1' },
    ]);
  });

  it('may be nothing', () => {
    expect(said({ role: 'assistant', content: null })).toEqual([]);
  });
});

describe('what it was told', () => {
  const asked: Message = { role: 'assistant', content: '', tool_calls: [call('Dune')] };
  const question = ['search', 'Dune'];

  it('by a tool is a result, as it was structured, even an empty one', () => {
    const documents = [{ title: 'Dune', text: 'By Herbert.' }];
    const [, told] = messageEvents([asked, { role: 'tool', content: documents }]);
    expect(told).toMatchObject({ kind: 'information', content: documents });
    expect(said(asked, { role: 'tool', content: '' })).toEqual([question, ['information', '']]);
  });

  it('in a turn of the user is a result: of tagged text only what the tags hold', () => {
    expect(said(asked, { role: 'user', content: 'By Herbert.' })).toEqual([question, ['information', 'By Herbert.']]);
    expect(said(asked, { role: 'user', content: 'Here: <information>By Herbert.</information>' })).toEqual([
      question,
      ['information', 'By Herbert.'],
    ]);
    expect(said(asked, { role: 'user', content: ' ' })).toEqual([question]);
  });

  it('by the system is no part of it', () => {
    expect(said(asked, { role: 'system', content: 'By Herbert.' })).toEqual([question]);
  });
});

it('places what was said within all messages, one after the other', () => {
  const events = messageEvents([
    { role: 'assistant', reasoning: 'Hm.', content: 'Look:', tool_calls: [call('Dune')] },
    { role: 'tool', content: 'By Herbert.' },
    { role: 'user', content: '<information>r</information>' },
    { role: 'assistant', content: '<think>x</think>Tacoma' },
  ]);
  expect(events.map(({ kind, start, end, closed }) => [kind, start, end, closed])).toEqual([
    ['think', 0, 5, true],
    ['think', 0, 5, true],
    ['search', 0, 5, true],
    ['information', 5, 16, true],
    ['information', 16, 44, true],
    ['think', 44, 60, true],
    ['think', 60, 66, true],
  ]);
});
