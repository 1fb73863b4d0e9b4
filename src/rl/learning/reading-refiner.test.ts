import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { initialParameters } from '../../models/initialise';
import { modelForward } from '../../models/model.reference';
import { reviewText } from '../rollout/review-text';
import { reviewRounds } from '../rollout/rounds';
import type { Learner } from './learner';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

const READS = { reviewReading: 'steps', reviewSees: 'certainty', reviewSupervision: 1 } as const;

function make(overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, { process: 'passage', combine: 'sum', ...READS, ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

const update = async (learner: Learner) => (await learner.update()).metrics;

describe('a refiner that reads again', () => {
  it.each([
    { reviewSees: 'certainty', refinerWeights: 'shared', maxRevisions: 1 },
    { reviewSees: 'text', refinerWeights: 'separate', maxRevisions: 3 },
    { reviewSees: 'certainty', refinerWeights: 'separate', maxRevisions: 2, reviewThoughts: 0.5, refinerLayers: 3 },
  ] as const)(
    'says in a rollout, read back once, what one forward pass over the same text says: %o',
    async (change) => {
      const learner = make(change);
      // Other weights than the actor's.
      await update(learner);
      const rows = learner.questions(3);
      const options = learner.rolloutOptions(3);
      const reads = learner.readback.count;
      const result = await learner.rollout.run(learner.optimizer.params, rows, options);
      expect(learner.readback.count - reads).toBe(1);
      const rounds = reviewRounds(result);
      expect(rounds).toHaveLength(change.maxRevisions);
      for (const { draft, reviews } of rounds) {
        const want = await learner.readReviews(draft, 'present');
        reviews.reviewed.forEach((reviewed, b) => {
          const got = reviews.logProbs.subarray(b * 6, b * 6 + 6);
          if (reviewed === 0) return;
          got.forEach((logProb, j) => {
            if (j > draft.stepCounts[b]!) expect(logProb).toBe(-Infinity);
            else expect(Math.abs(logProb - want[b * 6 + j]!)).toBeLessThan(2e-4);
          });
          expect(got.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 4);
        });
      }
      // Rows that were accepted before are not read again.
      const [, second] = rounds;
      if (second !== undefined) {
        expect(second.reviews.reviewed).toEqual(rounds[0]!.reviews.cuts.map((cut) => Math.min(1, cut)));
      }
      learner.destroy();
    },
  );

  it('goes on from a cut as after any review that made it', async () => {
    const [again, behind] = [make(), make({ reviewReading: 'behind', reviewSees: 'text', reviewSupervision: 0 })];
    const rows = again.questions(3);
    const review = { mode: 'oracleLabel', margin: 0, gate: 'model', cut: 'model' } as const;
    const [a, b] = await Promise.all(
      [again, behind].map((one) => one.rollout.run(one.optimizer.params, rows, { ...one.rolloutOptions(3), review })),
    );
    expect(a!.draft).toEqual(b!.draft);
    expect(a!.final).toEqual(b!.final);
    expect(new Set(a!.reviews.cuts).size).toBeGreaterThan(1);
    again.destroy();
    behind.destroy();
  });

  it('learns to read from labels: wrong drafts are told from right ones better than by the base', async () => {
    const learner = make({
      ...{ prompts: 8, groupSize: 8, refinerWeights: 'separate', reviewWeight: 0 },
      ...{ refinerLearningRate: 2e-3, reviewLabelSteps: 4 },
    });
    const numbers = [];
    for (let i = 0; i < 8; i++) numbers.push(await update(learner));
    const [first, last] = [numbers[0]!['reviewCrossEntropy']!, numbers.at(-1)!['reviewCrossEntropy']!];
    expect(last).toBeLessThan(0.8 * first);
    expect(numbers[0]).toMatchObject({ reviewRows: 0, reviewLoss: 0 });
    expect((await learner.state()).refiner!.optimizerStep).toBe(4 * 8);
    learner.destroy();
  });

  it('repeats exactly, and goes on exactly from a state', async () => {
    const change = { refinerWeights: 'separate', refinerLearningRate: 1e-3, reviewLabelSteps: 2 } as const;
    const [one, other] = [make(change), make(change)];
    await update(one);
    const state = await one.state();
    other.restore(state);
    expect(JSON.stringify(await update(other))).toBe(JSON.stringify(await update(one)));
    expect(await other.state()).toEqual(await one.state());
    one.destroy();
    other.destroy();
  });

  it('may be deeper than the actor: it begins as one of the actor’s layers does, and its further layers learn', async () => {
    const own = { refinerWeights: 'separate', refinerLearningRate: 1e-3, reviewLabelSteps: 2 } as const;
    const [deep, again, flat] = [make({ ...own, refinerLayers: 4 }), make({ ...own, refinerLayers: 4 }), make(own)];
    const { draft } = await deep.roll(deep.questions(3), deep.rolloutOptions(3));
    expect(await deep.readReviews(draft, 'present')).toEqual(await flat.readReviews(draft, 'present'));
    expect(await deep.readReviews(draft, 'base')).toEqual(await flat.readReviews(draft, 'base'));
    again.restore(await deep.state());
    expect(JSON.stringify(await update(again))).toBe(JSON.stringify(await update(deep)));
    const state = await deep.state();
    expect(state.params).toHaveLength(deep.table.size);
    expect(state.refiner!.params).toHaveLength(deep.refinerTable.size);
    const { offset, size } = deep.refinerTable.byName.get('model.layers.3.self_attn.o_proj.weight')!;
    expect(state.refiner!.params.subarray(offset, offset + size).some((weight) => weight !== 0)).toBe(true);
    again.restore(state);
    expect(JSON.stringify(await update(again))).toBe(JSON.stringify(await update(deep)));
    expect(await again.state()).toEqual(await deep.state());
    for (const one of [deep, again, flat]) one.destroy();
  });

  it('may be wider: it begins as the actor does, up to rounding, whatever its depth, and goes on exactly', async () => {
    const own = { refinerWeights: 'separate', refinerLearningRate: 1e-3, reviewLabelSteps: 2 } as const;
    const wide = { ...own, refinerWidth: 64, refinerLayers: 3, reviewThoughts: 0.5 };
    const [one, again, flat] = [make(wide), make(wide), make({ ...own, reviewThoughts: 0.5 })];
    expect(one.refinerTable.shape).toMatchObject({ width: 64, heads: 8, kvHeads: 8, headDim: 8, ffn: 160, layers: 3 });
    const { draft } = await one.roll(one.questions(3), one.rolloutOptions(3));
    const want = await flat.readReviews(draft, 'present');
    (await one.readReviews(draft, 'present')).forEach((logProb, i) => {
      if (logProb === -Infinity) expect(want[i]).toBe(-Infinity);
      else expect(Math.abs(logProb - want[i]!)).toBeLessThan(2e-4);
    });
    again.restore(await one.state());
    expect(JSON.stringify(await update(again))).toBe(JSON.stringify(await update(one)));
    const state = await one.state();
    expect(state.refiner!.params).toHaveLength(one.refinerTable.size);
    again.restore(state);
    expect(JSON.stringify(await update(again))).toBe(JSON.stringify(await update(one)));
    expect(await again.state()).toEqual(await one.state());
    for (const learner of [one, again, flat]) learner.destroy();
  });

  it('may think before it judges: what it wrote is what its own reading of the text finds likeliest, and it goes on exactly', async () => {
    const own = { refinerWeights: 'separate', refinerLearningRate: 3e-3, reviewThoughts: 1, reviewSamples: 2 } as const;
    const [one, other] = [make(own), make(own)];
    const fresh = await one.state();
    const numbers = [];
    for (let i = 0; i < 6; i++) numbers.push(await update(one));
    expect(numbers.at(-1)!['thoughtAccuracy']).toBeGreaterThan(numbers[0]!['thoughtAccuracy']! + 0.1);
    // Of many minds: what it has learned so far is mostly to say that it cannot tell.
    const noise = initialParameters(one.refinerTable, 9);
    const params = fresh.refiner!.params.map((x, i) => x + 0.5 * noise[i]!);
    one.restore({ ...fresh, refiner: { ...fresh.refiner!, params } });
    const { draft, reviews } = await one.roll(one.questions(7), one.rolloutOptions(7));
    const { thoughts } = reviews;
    expect(thoughts).toHaveLength(draft.em.length * 4);
    const { vocabulary } = one.family.schema;
    const { special, entityBase } = vocabulary;
    const state = await one.state();
    const weights = new Map(
      one.refinerTable.entries.map(({ name, offset, size }) => [
        name,
        Float64Array.from(state.refiner!.params.subarray(offset, offset + size)),
      ]),
    );
    const shape = { ...one.refinerTable.shape, hidden: one.refinerTable.shape.width, eps: 1e-5, theta: 10000 };
    const found = new Set<number>();
    draft.em.forEach((_, b) => {
      const written = thoughts!.subarray(4 * b, 4 * b + 4);
      const { tokens, thinks } = reviewText(draft, b, vocabulary, one.config, written);
      expect(written.filter((token) => token > 0)).toHaveLength(thinks.length);
      const { logits } = modelForward(shape, weights, { batch: 1, seqLen: tokens.length, tokens });
      thinks.forEach((t, hop) => {
        const at = (token: number) => logits[t * vocabulary.size + token]!;
        const got = written[hop]!;
        found.add(got);
        expect(got === special.question || got >= entityBase).toBe(true);
        for (let token = entityBase; token < vocabulary.size; token++)
          expect(at(got)).toBeGreaterThan(at(token) - 1e-4);
        expect(at(got)).toBeGreaterThan(at(special.question) - 1e-4);
      });
    });
    expect(found.size).toBeGreaterThan(1);
    other.restore(state);
    expect(JSON.stringify(await update(other))).toBe(JSON.stringify(await update(one)));
    expect(await other.state()).toEqual(await one.state());
    one.destroy();
    other.destroy();
  });

  it('trains no label where the actor alone is stepped on', async () => {
    const learner = make();
    const base = await learner.state();
    const metrics = await (await learner.update(undefined, undefined, 'actor')).metrics;
    expect(metrics).toMatchObject({ reviewCrossEntropy: null, gradNormReview: 0 });
    learner.restore(base);
    const alone = await (await learner.update(undefined, undefined, 'refiner')).metrics;
    expect(alone['reviewCrossEntropy']).toBeGreaterThan(0);
    expect(alone['gradNormActor']).toBe(0);
    learner.destroy();
  });
});
