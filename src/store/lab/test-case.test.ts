import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { HAND_WORLD, handBatch } from '../../testing/page/hand-batch';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { caseDraft, caseRefusal, caseResult, compareResults, engineDraft, isTestCase, linkOf } from './test-case';
import type { TestCase } from './test-case';

const config = configForPreset('search-r2');
const draft = {
  ...{ update: 3, row: 5, steps: 2 },
  tokens: Uint16Array.of(1, 7, 0, 9, 0, 0),
  logProbs: Float32Array.of(-1, -1, -1, -1, 0, 0),
  entropies: new Float32Array(6),
  stepStarts: Uint16Array.of(1, 3, 0, 0, 0),
  passages: Int32Array.of(4, -1),
};
const result = { update: 3, answer: 'Norland', em: 1, reward: 1.5, tokens: [1, 2, 3] };
const kept: TestCase = {
  ...{ id: 1, name: 'n', link: linkOf(config), question: 'q', rightAnswer: 'a', step: 2, replicate: 0, forced: null },
  ...{ draft: caseDraft(draft), results: [result] },
};

describe('a case', () => {
  it('keeps of its draft what is needed to cut it again, without the padding', () => {
    expect(caseDraft(draft)).toStrictEqual({
      ...{ update: 3, row: 5, steps: 2, tokens: [1, 7, 0, 9], stepStarts: [1, 3, 0, 0, 0], passages: [4, -1] },
    });
    expect(caseDraft({ ...draft, pinned: true, revision: 2 })).toMatchObject({ pinned: true, revision: 2 });
    expect(caseDraft({ ...draft, pinned: false, tokens: new Uint16Array(3) })).toEqual({
      ...caseDraft(draft),
      tokens: [],
    });
  });

  it('goes to an engine of whatever length, without numbers of other weights', () => {
    expect(engineDraft(kept, 6)).toEqual({ ...draft, logProbs: new Float32Array(6) });
    expect(engineDraft(kept, 3)).toMatchObject({ tokens: Uint16Array.of(1, 7, 0), entropies: new Float32Array(3) });
  });

  it('has results without padding', () => {
    const view = decodeTrajectory(
      handBatch([{ draft: { steps: ['<answer> Norland </answer>'], em: 1, reward: 1.5 } }]),
      HAND_WORLD,
      0,
      true,
    );
    expect(caseResult(8, view.final, [4, 0, 5, 0, 0])).toEqual({
      ...{ update: 8, answer: 'Norland', em: 1, reward: 1.5, tokens: [4, 0, 5] },
    });
  });

  it('runs again only where the same is asked of as long trajectories', () => {
    expect(caseRefusal(kept, { ...config, learningRate: 0.5, initSeed: 9, size: 'tiny' })).toBeNull();
    const changes = {
      ...{
        world: 'atlas',
        worldSeed: 2,
        runSeed: 2,
        noise: 'full',
        poolSize: 3,
        redrawEvery: 7,
        prompts: 5,
        groupSize: 3,
      },
      maxHops: 1,
    };
    for (const [key, value] of Object.entries(changes)) {
      const told = caseRefusal(kept, { ...config, [key]: value });
      expect(told).toBe(`Kept in a run that asks other questions: ${key} differ.`);
    }
    expect(caseRefusal(kept, { ...config, worldSeed: 2, prompts: 5 })).toContain('worldSeed, prompts differ');
  });
});

describe('two results', () => {
  it.each([
    [{}, 'the same, token for token'],
    [{ update: 9, em: 0 }, 'the same, token for token'],
    [{ answer: null }, 'another answer'],
    [{ reward: 1 }, 'same answer, another reward'],
    [{ tokens: [1, 2] }, 'same answer and reward, other words'],
    [{ tokens: [1, 2, 3, 4] }, 'same answer and reward, other words'],
    [{ tokens: [1, 2, 4] }, 'same answer and reward, other words'],
  ])('with %j are %s', (other, told) => {
    expect(compareResults(result, { ...result, ...other })).toBe(told);
  });
});

describe('what was stored', () => {
  it('is a case where everything is there', () => {
    expect(isTestCase(kept)).toBe(true);
    expect(isTestCase(JSON.parse(JSON.stringify(kept)))).toBe(true);
    expect(isTestCase({ ...kept, forced: { position: 4, tokens: [1, 2, 3, 4, 5, 6, 7, 8] } })).toBe(true);
    expect(isTestCase({ ...kept, results: [{ ...result, answer: null }] })).toBe(true);
    expect(isTestCase({ ...kept, draft: { ...kept.draft, tokens: Array(4096).fill(1) } })).toBe(true);
  });

  const of = (change: object) => ({ ...kept, ...change });
  const inDraft = (change: object) => of({ draft: { ...kept.draft, ...change } });
  const inResult = (change: object) => of({ results: [result, { ...result, ...change }] });
  it.each<[what: string, value: unknown]>([
    ['null', null],
    ['a text', 'case'],
    ['nothing of it', {}],
    ...['id', 'step', 'replicate'].map((key): [string, unknown] => [`${key} as text`, of({ [key]: '1' })]),
    ...['name', 'link', 'question', 'rightAnswer'].map((key): [string, unknown] => [`no ${key}`, of({ [key]: 1 })]),
    ['no draft', of({ draft: null })],
    ...['update', 'row', 'steps'].map((key): [string, unknown] => [`half a ${key}`, inDraft({ [key]: 0.5 })]),
    ['too many tokens', inDraft({ tokens: Array(4097).fill(1) })],
    ['tokens that are none', inDraft({ tokens: ['a'] })],
    ['a token that is none', inDraft({ tokens: [1, 'a'] })],
    ['tokens that are no list', inDraft({ tokens: {} })],
    ['six steps', inDraft({ stepStarts: [1, 2, 3, 4, 5, 6] })],
    ['thirteen passages', inDraft({ passages: Array(13).fill(1) })],
    ['what was forced as text', of({ forced: 'x' })],
    ['what was forced nowhere', of({ forced: { position: 'x', tokens: [1] } })],
    ['nine forced tokens', of({ forced: { position: 1, tokens: Array(9).fill(1) } })],
    ['no list of results', of({ results: {} })],
    ['no result', of({ results: [] })],
    ['a result that is none', of({ results: [result, null] })],
    ...['update', 'em', 'reward'].map((key): [string, unknown] => [
      `a result without ${key}`,
      inResult({ [key]: NaN }),
    ]),
    ['a result with an answer of no kind', inResult({ answer: 4 })],
    ['a result of text', inResult({ reward: '1' })],
    ['a result without tokens', inResult({ tokens: null })],
  ])('is none: %s', (_, value) => {
    expect(isTestCase(value)).toBe(false);
  });
});
