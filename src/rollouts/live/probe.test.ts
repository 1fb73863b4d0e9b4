import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../testing/page/fake-model';
import type { FakeModel } from '../../testing/page/fake-model';
import { probe } from './probe';

const { signal } = new AbortController();
/** By how long its own turn is, and the seed. */
const next = (before: string, seed: number): string => {
  const turn = before.split('assistant:').at(-1) ?? '';
  return ` w${(turn.match(/ w/g)?.length ?? 0) * 7 + seed}`;
};
const look = (quirks: FakeModel['quirks'] = {}, named: string | null = null) =>
  probe(fakeModel({ next, quirks }).post, named, signal);
const likely = () => ({ ' w0': 0.7, ' w1': 0.3 });

describe('the probe', () => {
  it('sees what a server does', async () => {
    expect(await look({ seedLists: true, likely, echo: true })).toMatchObject({
      ...{ model: 'fake', others: [], continues: true, seeded: true, promptLists: true, seedLists: true, seeds: true },
      ...{ topLogProbs: true, promptLogProbs: true, stop: 'told', stops: true, draws: true, alone: false },
      sampling: { top_p: 1, top_k: -1, min_p: 0, repetition_penalty: 1, repeat_penalty: 1 },
    });
  });

  it.each([
    ['that wraps a text into a chat', { wraps: true }, { continues: false }],
    ['that ignores seeds', { ignoresSeeds: true }, { seeded: false, continues: true }],
    ['of one prompt a request', { promptLists: false }, { promptLists: false, seedLists: false }],
    ['that keeps stop words', { stop: 'kept' }, { stop: 'kept' }],
    ['that drops them', { stop: 'dropped' }, { stop: 'dropped' }],
    ['that refuses them', { refuses: ['stop'] }, { stop: 'refused', stops: false }],
    ['that keeps seeds while it is alone', { seedsAlone: true }, { seeded: true, alone: true }],
    ['that always writes the likeliest', { greedy: true }, { draws: false, seeded: null }],
    [
      'that knows few keys',
      { refuses: ['top_k', 'min_p'] },
      { sampling: { top_p: 1, repetition_penalty: 1, repeat_penalty: 1 } },
    ],
    ['without log-probabilities', { logProbs: false, likely }, { topLogProbs: false, promptLogProbs: false }],
  ] as const)('sees a server %s', async (_, quirks, seen) => {
    expect(await look(quirks)).toMatchObject(seen);
  });

  it('does not tell what it cannot see', async () => {
    const { post } = fakeModel({ next: () => null });
    expect(await probe(post, null, signal)).toMatchObject({ continues: null, seeded: null, stop: null });
    const same = fakeModel({ next: () => ' a' });
    expect(await probe(same.post, null, signal)).toMatchObject({ seeded: null });
  });

  it('takes the model that was named', async () => {
    expect(await look({ models: ['a', 'b'] }, 'b')).toMatchObject({ model: 'b', others: ['a'] });
    await expect(look({ models: ['a', 'b'] }, 'c')).rejects.toThrow('no model "c": it has a, b.');
    await expect(look({ models: [] })).rejects.toThrow('names no model');
    expect(await look({ models: [] }, 'any')).toMatchObject({ model: 'any' });
  });

  it.each([
    ['with a wrong key', async () => look({ key: 'other' }), /status 401: Invalid API key/],
    ['that is no server of models', async () => probe(page('<html>', 200), null, signal), /no JSON object.*<html>/s],
    [
      'without completions',
      async () =>
        probe(
          (path) => (path === 'model/models' ? page('{"data":[{"id":"a"}]}', 200) : page('', 404))(path, null, signal),
          null,
          signal,
        ),
      /status 404/,
    ],
  ])('says what is wrong with a server %s', async (_, asking, words) => {
    await expect(asking()).rejects.toThrow(words);
  });
});

function page(text: string, status: number): Parameters<typeof probe>[0] {
  return () => Promise.resolve(new Response(text, { status }));
}
