import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import type { Gpu } from '../../gpu/device';
import { Readback } from '../../gpu/readback';
import { Recorder } from '../../gpu/recorder';
import * as reference from '../../kernels/grpo/grpo.reference';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { mean } from '../../lib/stats';
import { BatchUploader } from '../../models/batch';
import { initialParameters } from '../../models/initialise';
import { modelBackward, modelForward, type ModelWeights } from '../../models/model.reference';
import { OptimizerState } from '../../models/optimizer';
import { parameterTable } from '../../models/parameters';
import { Transformer } from '../../models/transformer';
import { compareNumbers } from '../../selftest/bench/bounds';
import { scriptRow } from '../../selftest/launch/episode-script';
import { normals } from '../../selftest/bench/draw';
import { reviewsOf, sideOf } from '../../testing/engine/sides';
import { openTestGpu } from '../../testing/engine/warm-learner';
import { GrpoTrainer, type GrpoMetrics, type GrpoOptions } from './grpo';
import { policyPositions } from '../rollout/policy-tokens';
import type { ReviewForm } from '../rollout/review-text';
import type { TrajectorySide } from '../rollout/trajectory';
import { readingPositions } from '../rollout/step-reader';
import type { Thoughts } from './loss-rows';
import { reviewActions } from './review-actions';
import type { RolloutResult } from '../rollout/rollout';

const family = microwikiFamily();
const { vocabulary } = family.schema;
const { positions } = episodeLimits(3);
const world = family.draw(1, 0.3);
const table = parameterTable({
  vocab: vocabulary.size,
  width: 16,
  layers: 2,
  heads: 2,
  kvHeads: 2,
  headDim: 8,
  ffn: 24,
  ropeTheta: 10000,
  rmsEps: 1e-5,
});
/** Larger than at a real start, so that probabilities are far from uniform. */
const spread = (seed: number) => initialParameters(table, seed).map((x) => 3 * x);
const [policy, base] = [spread(1), spread(2)];

const options: GrpoOptions = {
  learningRate: 0,
  maxGradNorm: 1,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.95,
  clipLow: 0.2,
  clipHigh: 0.2,
  klBeta: 0.04,
  entropyBonus: 0.01,
  aggregation: 'sequenceMean',
  discardedTokens: 'out',
  epochs: 1,
  reviewWeight: 0.2,
  reviewGate: 'model',
  reviewSupervision: 0,
  reviewLabelSteps: 4,
  refinerLearningRate: 0,
};

/** Six trajectories that nothing trained wrote: right, wrong and malformed ones. */
const scripted = Array.from({ length: 6 }, (_, row) =>
  scriptRow(world, 0, new PhiloxStream(5, PURPOSES.rollout, row), { errorEvery: 15 }),
);
const B = scripted.length;
const BEHIND = { reviewReading: 'behind', reviewSees: 'text' } as const;
const THINKS = { reviewReading: 'steps', reviewSees: 'certainty', reviewThoughts: 0.5 } as const;
/** (B,4) of each hop some entity; and what they should be: the same in every other row. */
const written = Uint16Array.from({ length: B * 4 }, (_, i) =>
  i % 4 < scripted[Math.floor(i / 4)]!.chain.relations.length ? vocabulary.entityBase + ((7 * i) % 40) : 0,
);
const trueThoughts = written.map((token, i) =>
  token === 0 || i % 8 < 4 ? token : i % 4 === 1 ? vocabulary.special.question : token + 1,
);
/** Old log-probabilities of another policy, for the second epoch. */
const side = sideOf(
  vocabulary,
  positions,
  scripted.map(({ tokens, chosen }, b) => ({
    tokens,
    logProbs: normals(tokens.length, b + 1).map((x, t) => (chosen[t] === true ? -4 + x : 0)),
  })),
);
const cuts = side.stepCounts.reduce<number[]>((all, steps, b) => [...all, b % (steps + 1)], []);
const rollout: RolloutResult = { draft: side, final: side, reviews: reviewsOf(side, cuts), later: [] };
const withThoughts = { ...rollout, reviews: { ...rollout.reviews, thoughts: written } };
const advantages = [1, -0.5, 0.25, 0, -1, 0.75];
const reviewAdvantages = [0.5, 0, -1, 0, 0.25, 0];

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());
beforeEach(() => {
  gpu.device.pushErrorScope('validation');
  return async () => {
    expect((await gpu.device.popErrorScope())?.message).toBeUndefined();
  };
});

interface Update {
  rollout?: RolloutResult;
  advantages?: number[];
  reviewAdvantages?: number[] | null;
  change?: Partial<GrpoOptions>;
  form?: ReviewForm;
  thoughts?: Thoughts;
  capacity?: number;
}

/** One update on fresh buffers: its metrics, the gradient of its last epoch, and the parameters after it. */
async function update(
  given: Update = {},
): Promise<{ metrics: GrpoMetrics; grads: Float32Array; params: Float32Array }> {
  const owner = gpu.buffers.scope();
  const recorder = new Recorder(gpu, owner);
  const readback = new Readback(recorder, owner);
  const longest = readingPositions(positions, 4);
  const capacity = given.capacity ?? B * longest;
  const model = new Transformer(recorder, owner, table, capacity, longest);
  const uploader = new BatchUploader(gpu.device, owner, vocabulary.size, capacity);
  const optimizer = new OptimizerState(recorder, owner, table);
  gpu.device.queue.writeBuffer(optimizer.params.buffer, 0, policy);
  const frozen = owner.upload('base', base);
  const trainer = new GrpoTrainer(
    recorder,
    owner,
    model,
    uploader,
    optimizer,
    frozen,
    vocabulary,
    positions,
    given.form ?? BEHIND,
  );
  const trained = await trainer.update(
    given.rollout ?? rollout,
    given.advantages ?? advantages,
    given.reviewAdvantages === null
      ? []
      : reviewActions(given.rollout ?? rollout, [given.reviewAdvantages ?? reviewAdvantages]),
    { ...options, ...given.change },
    undefined,
    given.thoughts,
  );
  const metrics = await trained.metrics;
  const grads = await readback.readF32(optimizer.grads, table.size);
  const params = await readback.readF32(optimizer.params, table.size);
  owner.destroyAll();
  return { metrics, grads, params };
}

const shape = { ...table.shape, hidden: 16, eps: 1e-5, theta: 10000 };
const weightsOf = (arena: Float32Array): ModelWeights =>
  new Map(
    table.entries.map(({ name, offset, size }) => [name, Float64Array.from(arena.subarray(offset, offset + size))]),
  );
const [policyWeights, baseWeights] = [weightsOf(policy), weightsOf(base)];

/** What a review reads again: `<review>`, then each step with how sure the policy was in it, or `<review>` once more. */
function readAgain(b: number, { reviewSees, reviewThoughts }: ReviewForm, thoughts = written) {
  const { special } = vocabulary;
  const text: number[] = [special.review];
  const marks: number[] = [];
  const thinks: number[] = [];
  const { tokens, chosen, outcome, chain } = scripted[b]!;
  tokens.forEach((token, t) => {
    text.push(token);
    const step = outcome.steps.findIndex((_, s) => t + 1 === (outcome.steps[s + 1]?.start ?? tokens.length));
    if (step < 0) return;
    const from = outcome.steps[step]!.start;
    const sure = Array.from({ length: t + 1 - from }, (_, i) =>
      chosen[from + i] === true ? side.logProbs[b * positions + from + i]! : 0,
    );
    const doubts = [-0.1, -0.5, -1, -2, -3.5].filter((bound) => Math.min(...sure) < bound).length;
    if (reviewThoughts !== undefined && step + 1 === outcome.steps.length) {
      text.push(special.review);
      chain.relations.forEach((_, hop) => thinks.push(text.push(thoughts[b * 4 + hop]!) - 2));
    }
    marks.push(text.length);
    text.push(reviewSees === 'certainty' ? (special.integers[doubts] ?? special.review) : special.review);
  });
  return { text, marks, thinks };
}

/** Chances of `flawed` behind each step that give these six numbers. */
function chancesOf(logProbs: Float32Array, steps: number): number[] {
  const p = Array.from(logProbs, Math.exp);
  const from = (j: number) => p.slice(j, steps + 1).reduce((a, x) => a + x, 0);
  return Array.from({ length: steps }, (_, i) => (i === steps - 1 ? from(1) : p[i + 1]! / from(i + 1)));
}

/** The same in doubles, over whole sequences with a mask: positions that are not the policy's get a gradient of exactly 0. */
function expected(
  change: Partial<GrpoOptions>,
  oldFromNew: boolean,
  { said = cuts, form = BEHIND }: { said?: readonly number[]; form?: ReviewForm } = {},
) {
  const settings = { ...options, ...change };
  const arena = new Float64Array(table.size);
  const sums = { loss: 0, policyLoss: 0, reviewLoss: 0, kl: 0, approxKl: 0, clipFraction: 0, entropy: 0, tokens: 0 };
  const reviewEntropies: number[] = [];
  const add = (
    tokens: readonly number[],
    legal: ArrayLike<number>,
    written: readonly boolean[],
    advantage: number,
    old: ArrayLike<number>,
    weights: { weight: number; klBeta: number; entropyBonus: number },
    targets: readonly number[] = tokens.slice(1),
  ) => {
    const T = tokens.length - 1;
    const input = { batch: 1, seqLen: T, tokens: tokens.slice(0, T) };
    const { logits, tape } = modelForward(shape, policyWeights, input);
    const rows = { batch: 1, seqLen: T, vocab: vocabulary.size, targets: [...targets] };
    const mask = Float64Array.from(written.slice(1), Number);
    const allowed = Float64Array.from({ length: T * vocabulary.size }, (_, i) => legal[i % vocabulary.size]!);
    const shared = { ...rows, ...settings, ...weights, aggregation: 'tokenMean' as const, policyMask: mask, allowed };
    const nothing = { advantages: [0], oldLogProbs: mask, refLogProbs: mask };
    const ref = reference.grpoLoss({ ...shared, ...nothing, logits: modelForward(shape, baseWeights, input).logits });
    const got = reference.grpoLoss({
      ...shared,
      logits,
      advantages: [advantage],
      oldLogProbs: Array.from({ length: T }, (_, t) => old[t + 1]!),
      refLogProbs: ref.logProbs,
      oldFromNew,
    });
    const dLogits = got.dLogits.map((x) => x * weights.weight);
    for (const [name, grad] of modelBackward(tape, dLogits)) {
      const { offset } = table.byName.get(name)!;
      grad.forEach((x, i) => (arena[offset + i]! += x));
    }
    return { ...got, loss: got.loss * weights.weight, policyLoss: got.policyLoss * weights.weight };
  };
  const { special } = vocabulary;
  const verdictLegal = Float64Array.from({ length: vocabulary.size }, (_, v) =>
    v === special.integers[0] || v === special.integers[1] ? 1 : 0,
  );
  scripted.forEach(({ tokens, chosen }, b) => {
    const old = side.logProbs.subarray(b * positions);
    const weights = { weight: 1 / B, klBeta: settings.klBeta, entropyBonus: settings.entropyBonus };
    const got = add(tokens, vocabulary.actorAllowed, chosen, advantages[b]!, old, weights);
    const count = chosen.filter(Boolean).length;
    sums.loss += got.loss;
    sums.policyLoss += got.policyLoss;
    for (const key of ['kl', 'approxKl', 'clipFraction', 'entropy'] as const) sums[key] += got[key] * count;
    sums.tokens += count;
    const verdicts = (
      says: readonly (readonly [step: number, integer: number])[],
      advantage: number,
      weight: number,
    ) => {
      const { text, marks } = readAgain(b, form);
      const targets = [...text.slice(1), 0];
      const asked = [...text.map(() => false), false];
      const chances = chancesOf(rollout.reviews.logProbs.subarray(b * 6, b * 6 + 6), marks.length);
      const old = new Float32Array(text.length + 1);
      for (const [step, integer] of says) {
        const t = marks[step]!;
        targets[t] = special.integers[integer]!;
        asked[t + 1] = true;
        old[t + 1] = Math.log(integer === 1 ? chances[step]! : 1 - chances[step]!);
      }
      // The aggregate is a mean over the verdicts; the loss their sum.
      const review = { weight: says.length * weight, klBeta: 0, entropyBonus: 0 };
      const got = add([...text, 0], verdictLegal, asked, advantage, old, review, targets);
      return { ...got, entropy: got.entropy * says.length };
    };
    if (form.reviewReading === 'steps') {
      const S = side.stepCounts[b]!;
      const cut = said[b]!;
      const before = Array.from({ length: Math.min(cut, S - 1) }, (_, i) => [i, i + 1 === cut ? 1 : 0] as const);
      const gate = settings.reviewGate === 'always' ? [] : ([[S - 1, cut === 0 ? 0 : 1]] as const);
      const says = cut === 0 ? [...gate] : [...before, ...gate];
      const { loss, entropy } = verdicts(says, reviewAdvantages[b]!, settings.reviewWeight / B);
      sums.reviewLoss += loss;
      if (reviewAdvantages[b] !== 0) reviewEntropies.push(entropy);
      return;
    }
    const lowest = settings.reviewGate === 'always' ? 1 : 0;
    const legal = Float64Array.from({ length: vocabulary.size }, (_, v) => {
      const integer = special.integers.findIndex((token) => token === v);
      return integer >= lowest && integer <= side.stepCounts[b]! ? 1 : 0;
    });
    const read = [...tokens, special.review, special.integers[said[b]!]!];
    const last = read.map((_, t) => t === read.length - 1);
    const oldReview = new Float32Array(read.length).fill(rollout.reviews.logProbs[b * 6 + said[b]!]!);
    const review = { weight: settings.reviewWeight / B, klBeta: 0, entropyBonus: 0 };
    const { loss, entropy } = add(read, legal, last, reviewAdvantages[b]!, oldReview, review);
    sums.reviewLoss += loss;
    if (reviewAdvantages[b] !== 0) reviewEntropies.push(entropy);
  });
  return { arena, ...sums, reviewEntropy: mean(reviewEntropies) };
}

/**
 * weight / B times the sum of the reviews' cross-entropies with their labels, in doubles: of verdicts behind what was thought, of
 * thoughts behind the true ones.
 */
function labelLoss(labelled: TrajectorySide, form: ReviewForm, weight: number) {
  const arena = new Float64Array(table.size);
  const { special } = vocabulary;
  const losses: number[] = [];
  const gradientsOf = (text: readonly number[]) => {
    const { logits, tape } = modelForward(shape, policyWeights, { batch: 1, seqLen: text.length, tokens: text });
    const dLogits = logits.map(() => 0);
    return {
      add: (t: number, tokens: readonly number[], label: number, weight: number) => {
        const chances = tokens.map((token) => Math.exp(logits[t * vocabulary.size + token]!));
        const sum = chances.reduce((total, x) => total + x, 0);
        tokens.forEach((token, j) => {
          dLogits[t * vocabulary.size + token] = weight * (chances[j]! / sum - Number(token === label));
          if (token === label) losses.push(-Math.log(chances[j]! / sum));
        });
      },
      end: () => {
        for (const [name, grad] of modelBackward(tape, dLogits)) {
          const { offset } = table.byName.get(name)!;
          grad.forEach((x, i) => (arena[offset + i]! += x));
        }
      },
    };
  };
  scripted.forEach(({ tokens }, b) => {
    const steps = labelled.stepCounts[b]!;
    const right = labelled.em[b] === 1;
    const { text, marks } =
      form.reviewReading === 'steps'
        ? readAgain(b, form)
        : { text: [...tokens, special.review], marks: [tokens.length] };
    const most = form.reviewReading === 'steps' ? 1 : steps;
    const of = gradientsOf(text);
    marks.forEach((t, i) => {
      const fine = i + 1 === steps ? right : labelled.useful[b * 4 + i] === 1;
      const label = form.reviewReading === 'steps' ? Number(!fine) : right ? 0 : labelled.flawed[b]!;
      of.add(t, special.integers.slice(0, most + 1), special.integers[label]!, weight / B);
    });
    of.end();
    if (form.reviewThoughts === undefined) return;
    const taught = readAgain(b, form, trueThoughts);
    const thoughts = gradientsOf(taught.text);
    const entities = Array.from(
      { length: vocabulary.size - vocabulary.entityBase },
      (_, i) => vocabulary.entityBase + i,
    );
    taught.thinks.forEach((t, hop) => {
      const { reviewThoughts = 0 } = form;
      thoughts.add(t, [special.question, ...entities], trueThoughts[b * 4 + hop]!, (weight * reviewThoughts) / B);
    });
    thoughts.end();
  });
  return { arena, crossEntropy: mean(losses) };
}

const near = (got: ArrayLike<number>, want: ArrayLike<number>, rtol: number) => {
  const result = compareNumbers(got, want, { rtol, atol: 1e-8 });
  expect(result.ok, JSON.stringify(result)).toBe(true);
};

describe('the joint update', () => {
  it('has the gradient of the loss over exactly the tokens that the policy wrote, in actor and reviews', async () => {
    scripted.forEach(({ chosen, tokens }, b) => {
      const written = policyPositions(side.tokens, b * positions, tokens.length, vocabulary.special);
      expect(written).toEqual(chosen.flatMap((mine, t) => (mine ? [t] : [])));
    });
    const { metrics, grads } = await update();
    const want = expected({}, true);
    near(grads, want.arena, 1e-4);
    expect(metrics.actorTokens).toBe(want.tokens);
    expect(metrics.reviewRows).toBe(3);
    expect(metrics.loss).toBeCloseTo(want.loss, 5);
    expect(metrics.reviewLoss).toBeCloseTo(want.reviewLoss, 5);
    expect(metrics.policyLoss).toBeCloseTo(want.policyLoss, 5);
    expect(metrics.klK3).toBeCloseTo(want.kl / want.tokens, 3);
    expect(metrics.entropy).toBeCloseTo(want.entropy / want.tokens, 4);
    expect(metrics.reviewEntropy).toBeCloseTo(want.reviewEntropy, 4);
    expect(metrics.approxKl).toBe(0);
    const norm = Math.sqrt(want.arena.reduce((a, x) => a + x * x, 0));
    expect(metrics.gradNorm / norm).toBeCloseTo(1, 3);
  });

  it('clips against the log-probabilities of the rollout from the second epoch on', async () => {
    const { metrics, grads } = await update({ change: { epochs: 2 } });
    const want = expected({}, false);
    near(grads, want.arena, 1e-4);
    expect(metrics.clipFraction).toBeGreaterThan(0);
    expect(metrics.clipFraction).toBeCloseTo(want.clipFraction / want.tokens, 6);
    expect(metrics.approxKl).toBeCloseTo(want.approxKl / want.tokens, 3);
    expect((await update()).metrics.clipFraction).toBe(0);
  });

  it('trains what a review said, not the cut that was made of it, over the integers that were legal', async () => {
    const said = cuts.map((cut) => Math.max(1, cut));
    // As where every draft is cut, at a step drawn by chance.
    const reviews = { ...reviewsOf(side, said), cuts: Uint8Array.from(said, (cut, b) => (b % 2 === 0 ? 1 : cut)) };
    const { grads } = await update({ rollout: { ...rollout, reviews }, change: { reviewGate: 'always' } });
    near(grads, expected({ reviewGate: 'always' }, true, { said }).arena, 1e-4);
  });

  it.each([
    { reviewReading: 'steps', reviewSees: 'text' },
    { reviewReading: 'steps', reviewSees: 'certainty' },
    THINKS,
  ] as const)('trains every verdict that an integer stands for, and no thought: %o', async (form) => {
    const rollout = withThoughts;
    const { metrics, grads } = await update({ form, rollout });
    const want = expected({}, true, { form });
    near(grads, want.arena, 1e-4);
    expect(metrics.reviewRows).toBe(3);
    expect(metrics.reviewLoss).toBeCloseTo(want.reviewLoss, 5);
    expect(metrics.reviewEntropy).toBeCloseTo(want.reviewEntropy, 4);
    const later = await update({ form, rollout, change: { epochs: 2 } });
    near(later.grads, expected({}, false, { form }).arena, 1e-4);
    const said = cuts.map((cut) => Math.max(1, cut));
    const forced = { ...rollout, reviews: { ...reviewsOf(side, said), thoughts: written } };
    const gated = await update({ form, rollout: forced, change: { reviewGate: 'always' } });
    near(gated.grads, expected({ reviewGate: 'always' }, true, { form, said }).arena, 1e-4);
    // What it sees is part of the text.
    expect(grads).not.toEqual(
      (await update({ rollout, form: { ...form, reviewSees: form.reviewSees === 'text' ? 'certainty' : 'text' } }))
        .grads,
    );
  });

  it.each([BEHIND, { reviewReading: 'steps', reviewSees: 'certainty' }, THINKS] as const)(
    'has the gradient of the cross-entropy of labels: %o',
    async (form) => {
      const em = Uint8Array.of(1, 0, 0, 1, 0, 1);
      const flawed = side.stepCounts.map((steps, b) => (em[b] === 1 ? 0 : 1 + (b % steps)));
      const useful = Uint8Array.from({ length: B * 4 }, (_, i) => ((i * 5 + 1) % 3 === 0 ? 1 : 0));
      const labelled = { ...side, em, flawed, useful };
      const alone = { klBeta: 0, entropyBonus: 0, reviewWeight: 0, reviewSupervision: 0.5 };
      const { metrics, grads } = await update({
        form,
        change: alone,
        advantages: new Array<number>(B).fill(0),
        rollout: { ...rollout, draft: labelled, final: labelled },
        ...(form === THINKS ? { thoughts: { written, labels: trueThoughts, weight: 0.5 } } : {}),
      });
      const want = labelLoss(labelled, form, 0.5);
      near(grads, want.arena, 1e-4);
      expect(metrics.reviewCrossEntropy).toBeCloseTo(want.crossEntropy, 4);
      expect([metrics.reviewLoss, metrics.reviewRows]).toEqual([0, 0]);
    },
  );

  it('has exactly no gradient without advantages, penalty and bonus, and then moves nothing', async () => {
    const zeros = new Array<number>(B).fill(0);
    const { metrics, grads, params } = await update({
      advantages: zeros,
      reviewAdvantages: zeros,
      change: { klBeta: 0, entropyBonus: 0, learningRate: 1e-2 },
    });
    expect(grads.every((g) => g === 0)).toBe(true);
    expect([metrics.gradNormActor, metrics.gradNormReview, metrics.gradNorm, metrics.reviewRows]).toEqual([0, 0, 0, 0]);
    expect(metrics.reviewEntropy).toBeNull();
    expect(params).toEqual(policy);
    expect(metrics.klK3).toBeGreaterThan(0);
  });

  it('does not depend on how sequences fall into batches', async () => {
    const whole = await update();
    const split = await update({ capacity: 2 * positions });
    near(split.grads, whole.grads, 1e-5);
    expect(split.metrics.loss).toBeCloseTo(whole.metrics.loss, 5);
    expect(split.metrics.actorTokens).toBe(whole.metrics.actorTokens);
    // The same batches twice: bit for bit.
    expect((await update()).grads).toEqual(whole.grads);
  });

  it('leaves reviews without an advantage out entirely', async () => {
    // Other drafts where the review has no advantage; the final trajectories stay as they are.
    const drafts = scripted.map(({ tokens }, b) => ({
      tokens: reviewAdvantages[b] === 0 ? scripted[0]!.tokens : tokens,
    }));
    const draft = sideOf(vocabulary, positions, drafts);
    const other = await update({
      rollout: {
        ...rollout,
        draft,
        reviews: reviewsOf(
          draft,
          cuts.map((cut, b) => (reviewAdvantages[b] === 0 ? 0 : cut)),
        ),
      },
    });
    const whole = await update();
    expect(other.grads).toEqual(whole.grads);
    expect(other.metrics.gradNormReview).toBe(whole.metrics.gradNormReview);
  });

  it('trains no review at weight 0 or where nothing reviews', async () => {
    const off = await update({ change: { reviewWeight: 0 } });
    const none = await update({ reviewAdvantages: null });
    expect(off.grads).toEqual(none.grads);
    expect([off.metrics.gradNormReview, off.metrics.reviewRows, off.metrics.reviewLoss]).toEqual([0, 0, 0]);
    expect(off.metrics.gradNorm).toBe(off.metrics.gradNormActor);
    const joint = await update();
    expect(joint.metrics.gradNormReview).toBeGreaterThan(0);
    expect(joint.metrics.gradNormActor).toBe(off.metrics.gradNormActor);
  });

  it('never reads what the rollout says about tokens that the environment wrote', async () => {
    const logProbs = side.logProbs.map((x) => (x === 0 ? -123 : x));
    const changed = { ...side, logProbs, entropies: side.entropies.map(() => 9) };
    const change = { epochs: 2 };
    const other = await update({ rollout: { ...rollout, final: changed }, change });
    expect(other.grads).toEqual((await update({ change })).grads);
  });
});
