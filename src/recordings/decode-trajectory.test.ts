import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../testing/page/fake-batch';
import { makeFakeWorld } from '../testing/page/fake-world';
import { summarizeBatch, tellingRow } from './batch-summary';
import { decodeTokens, decodeTrajectory, phrase, tokenWord, verdictOf } from './decode-trajectory';

const fake = makeFakeWorld();
const world = fake.description;
const batch = makeFakeBatch(fake, 5, 6, 8, 0.6, true);
const groups = Array.from({ length: 48 }, (_, row) => Math.floor(row / 8));
const rows = Array.from({ length: 48 }, (_, row) => decodeTrajectory(batch, world, row, true));

describe('verdictOf', () => {
  it.each([
    [1, 0, 1, 'saved'],
    [2, 1, 0, 'harmed'],
    [3, 0, 0, 'wasted'],
    [3, 1, 1, 'wasted'],
    [0, 0, 0, 'missed'],
    [0, 1, 1, 'kept'],
  ] as const)('cut %i, draft %i, final %i is %s', (cut, draftEm, finalEm, verdict) => {
    expect(verdictOf(true, cut, draftEm, finalEm)).toBe(verdict);
    expect(verdictOf(false, 0, draftEm, finalEm)).toBe('none');
  });
});

describe('phrase', () => {
  const relation = world.relationBase + 6;
  const entity = fake.entitiesOf('country')[0] ?? 0;

  it('says a relation and an entity, in either order, as a person would', () => {
    expect(phrase(world, [entity, relation])).toBe('the capital of Norland');
    expect(phrase(world, [relation, entity])).toBe('the capital of Norland');
  });

  it('lists anything else', () => {
    expect(phrase(world, [entity])).toBe('Norland');
    expect(phrase(world, [entity, entity])).toBe('Norland · Norland');
    expect(phrase(world, [relation, relation])).toBe('capital · capital');
  });

  it('takes names as they are, special patterns of String.replace included', () => {
    const odd = {
      ...world,
      tokenStrings: world.tokenStrings.map((text, k) => (k === entity ? 'country:$& {x}' : text)),
    };
    expect(phrase(odd, [entity, relation])).toBe('the capital of $& {x}');
  });

  it('keeps tags whole and names unknown tokens', () => {
    expect(tokenWord(world, world.special.endThink)).toBe('</think>');
    expect(tokenWord(world, 60_000)).toBe('token 60000');
  });
});

describe('decodeTrajectory', () => {
  it('reads steps, queries, passages and answers back from tokens', () => {
    for (const { draft } of rows) {
      expect(draft.steps.length).toBeGreaterThan(0);
      for (const step of draft.steps) {
        expect(step.end).toBeGreaterThan(step.start);
        if (step.kind !== 'search') continue;
        expect(step.text).toMatch(/^the |^[A-Z]/);
        expect(step.passages).toHaveLength(3);
        for (const passage of step.passages) {
          expect(passage.sentence).toMatch(/\.$/);
          expect(passage.evidence).not.toBeNull();
          expect(world.sources).toContain(passage.source);
        }
      }
      if (draft.endReason === null) expect(draft.answer).not.toBeNull();
    }
  });

  it('shows the reward that its own evidence gives', () => {
    for (const { final } of rows) {
      const searches = final.steps.filter((step) => step.kind === 'search');
      const useful = searches.reduce((sum, step) => sum + (step.useful ?? 0), 0);
      expect(final.reward).toBeCloseTo(final.em * (1 + (searches.length ? useful / searches.length : 0)), 6);
    }
  });

  it('keeps every step before the cut', () => {
    const cut = rows.filter((row) => row.cut > 1);
    expect(cut.length).toBeGreaterThan(0);
    for (const row of cut) expect(row.final.steps.slice(0, row.cut - 1)).toEqual(row.draft.steps.slice(0, row.cut - 1));
  });

  it('gives probabilities of accept and of the legal cuts only', () => {
    for (const row of rows) {
      expect(row.review).toHaveLength(row.draft.steps.length + 1);
      expect(row.review?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
    const withoutModel = makeFakeBatch(fake, 5, 2, 4, 0.6, false);
    expect(decodeTrajectory(withoutModel, world, 0, false).review).toBeNull();
  });

  it('names why a malformed trajectory ended', () => {
    const malformed = makeFakeBatch(fake, 9, 40, 8, 0.6, false);
    const reasons = Array.from(
      { length: 320 },
      (_, row) => decodeTrajectory(malformed, world, row, false).final.endReason,
    );
    expect(reasons).toContain('thought too long');
  });
});

describe('decodeTokens', () => {
  it('tells what the policy wrote from what the environment inserted', () => {
    const row = rows.find((view) => view.draft.steps[0]?.kind === 'search');
    const step = row?.draft.steps[0];
    if (!row || !step) throw new Error('the fake batch holds no search');
    const tokens = decodeTokens(batch, world, 'draft', row.row, [step]);
    expect(tokens.filter((token) => !token.written)).toHaveLength(14);
    expect(tokens.filter((token) => token.written).map((token) => token.text)).toContain('<search>');
    for (const token of tokens) expect(token.logProb < 0).toBe(token.written);
  });
});

describe('summarizeBatch', () => {
  it('counts every row once', () => {
    const summary = summarizeBatch(batch, groups, true);
    expect(Object.values(summary.verdicts).reduce((sum, n) => sum + n, 0)).toBe(48);
    expect(summary.cuts.reduce((sum, n) => sum + n, 0)).toBe(48);
    expect(summary.verdicts.saved).toBe(rows.filter((row) => row.verdict === 'saved').length);
    expect(summary.wrongDrafts + summary.rightDrafts).toBe(48);
  });

  it('marks groups whose rewards are all equal', () => {
    for (const { group, zeroVariance } of summarizeBatch(batch, groups, true).groups) {
      const rewards = new Set(batch.final.rewards.subarray(8 * group, 8 * group + 8));
      expect(zeroVariance).toBe(rewards.size === 1);
    }
  });

  it('picks a saved row to look at where there is one', () => {
    expect(rows.some((row) => row.verdict === 'saved')).toBe(true);
    expect(rows[tellingRow(batch)]?.verdict).toBe('saved');
  });
});
