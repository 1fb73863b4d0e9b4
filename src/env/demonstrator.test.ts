import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { demonstrate, reviewTarget, type Demonstration, type DemonstratorErrors } from './demonstrator';
import { END_REASON, parseTrajectory } from './episode';
import { flawedStep, labelEvidence } from './evidence';
import { microwikiFamily } from './microwiki';
import { drawQuestion, informationTokens, questionTokens } from './questions';
import type { Chain } from './world-types';

const family = microwikiFamily();
const world = family.draw(11, 0.3);
const { vocabulary } = family.schema;
const PAPER: DemonstratorErrors = { vagueQuery: 0.42, wrongRelation: 0.13, wrongEntity: 0.05, guess: 0.08 };
const NONE: DemonstratorErrors = { vagueQuery: 0, wrongRelation: 0, wrongEntity: 0, guess: 0 };

function many(count: number, errors: DemonstratorErrors): { chain: Chain; demo: Demonstration }[] {
  const stream = new PhiloxStream(1, PURPOSES.warmStart);
  return Array.from({ length: count }, () => {
    const chain = drawQuestion(world, stream, 3);
    return { chain, demo: demonstrate(world, chain, stream, errors) };
  });
}

describe('demonstrator', () => {
  it('writes the grammar: parsing its tokens gives back what it did', () => {
    for (const { chain, demo } of many(200, PAPER)) {
      const outcome = parseTrajectory(vocabulary, demo.tokens);
      expect(outcome.reason).toBe(END_REASON.finished);
      expect(outcome.length).toBe(demo.length);
      expect(outcome.answer).toBe(demo.answer);
      expect(outcome.steps.map((step) => step.start)).toEqual(demo.stepStarts);
      expect(outcome.searches).toHaveLength(demo.searches.length);
      outcome.searches.forEach((search, i) => {
        const shown = demo.tokens.slice(search.informationStart, search.informationStart + 14);
        expect(shown).toEqual(informationTokens(world, demo.searches[i] ?? []));
        expect(demo.policyMask.slice(search.informationStart, search.informationStart + 14)).not.toContain(1);
      });
      const question = questionTokens(family.schema, chain);
      expect(demo.tokens.slice(0, question.length)).toEqual(question);
      const masked = demo.policyMask.filter((bit) => bit === 0).length;
      expect(masked).toBe(question.length + 14 * demo.searches.length);
      demo.tokens.forEach((token, i) => {
        if (demo.policyMask[i] === 1) expect(vocabulary.actorAllowed[token]).toBe(1);
      });
    }
  });

  it('without errors searches hop by hop and is nearly always right', () => {
    const demos = many(300, NONE);
    for (const { chain, demo } of demos) expect(demo.searches).toHaveLength(chain.relations.length);
    const right = demos.filter(({ demo }) => demo.correct).length / demos.length;
    expect(Math.abs(right - world.ceilings.perfectReaderEm)).toBeLessThan(0.06);
  });

  it('errs at the stated rates', () => {
    const demos = many(1500, PAPER).map(({ demo }) => parseTrajectory(vocabulary, demo.tokens));
    // The first step meets the same four chances whatever the question: standard deviation of the rate below 0.013.
    const first = (holds: (o: (typeof demos)[number]) => boolean): number => demos.filter(holds).length / demos.length;
    expect(Math.abs(first((o) => o.steps[0]?.search === -1) - 0.08)).toBeLessThan(0.03);
    expect(Math.abs(first((o) => o.searches[0]?.query.length === 1) - 0.42)).toBeLessThan(0.04);
    // Some random relations and entities are the right ones by luck: 0.13 * 9/10 + 0.05 * 59/60.
    const asked = many(1500, PAPER).filter(({ chain, demo }) => {
      const query = parseTrajectory(vocabulary, demo.tokens).searches[0]?.query ?? [];
      const right = [vocabulary.entityBase + chain.start, vocabulary.relationBase + (chain.relations[0] ?? 0)];
      return query.length === 2 && query.some((token, k) => token !== right[k]);
    });
    expect(Math.abs(asked.length / 1500 - 0.166)).toBeLessThan(0.03);
  });

  it('leaves room to learn', () => {
    const demos = many(1500, PAPER);
    const em = demos.filter(({ demo }) => demo.correct).length / demos.length;
    expect(em).toBeGreaterThan(0.3);
    expect(em).toBeLessThan(0.6);
  });

  it('reviews by the flawed step, or by any legal integer when the judge errs', () => {
    const stream = new PhiloxStream(2, PURPOSES.warmStart);
    const demos = many(400, PAPER);
    let agree = 0;
    for (const { chain, demo } of demos) {
      const truth = flawedStep(labelEvidence(world, chain, demo.searches), demo.stepStarts.length, demo.correct);
      expect(reviewTarget(world, chain, demo, stream, 1)).toBe(truth);
      const blind = reviewTarget(world, chain, demo, stream, 0);
      expect(blind).toBeGreaterThanOrEqual(0);
      expect(blind).toBeLessThanOrEqual(demo.stepStarts.length);
      if (blind === truth) agree++;
    }
    expect(agree / demos.length).toBeLessThan(0.45);
  });
});
