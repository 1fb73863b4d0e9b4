import { MAX_STEPS } from '../../env/episode-limits';
import { philox4x32, PURPOSES, uniformFromWord } from '../../lib/philox';
import type { Slice } from '../../gpu/buffers';
import { BatchUploader } from '../../models/batch';
import { Transformer } from '../../models/transformer';
import type { Learner } from '../../rl/learning/learner';
import { pack } from '../../rl/learning/pack';
import type { RolloutResult, RolloutRow } from '../../rl/rollout/rollout';
import { reviewRounds } from '../../rl/rollout/rounds';

export interface SampledToken {
  /** Of the forward pass, and of the rollout. */
  logProb: number;
  got: number;
  /** The part of [0, 1) that chooses this token. */
  lower: number;
  upper: number;
  /** The uniform number of its place. */
  uniform: number;
}

/** Every token that drafts, regenerated suffixes and reviews sampled, seen in one forward pass over each whole text. */
export async function teacherForced(
  learner: Learner,
  rows: readonly RolloutRow[],
  result: RolloutResult,
  update: number,
  /** Weights that the reviews came from. */
  reviewer: Slice = learner.optimizer.params,
): Promise<SampledToken[]> {
  const { gpu, recorder, readback, table, positions } = learner;
  const { size, special, actorAllowed } = learner.family.schema.vocabulary;
  const owner = gpu.buffers.scope();
  const capacity = rows.length * positions;
  const model = new Transformer(recorder, owner, table, capacity, positions);
  const uploader = new BatchUploader(gpu.device, owner, size, capacity);
  const found: SampledToken[] = [];
  const rounds = reviewRounds(result);
  // Which attempt wrote what stands at a position: every cut gives all positions from there on to the next one.
  const attempts = rows.map(() => new Array<number>(positions).fill(0));
  for (const [r, round] of [...rounds, { draft: result.final, reviews: null }].entries()) {
    const { draft: side, reviews } = round;
    const sequences = rows.map(({ logicalRow }, b) => {
      const tokens = [...side.tokens.subarray(b * positions, b * positions + side.lengths[b]!)];
      const items = tokens.flatMap((token, t) => {
        const got = side.logProbs[b * positions + t]!;
        if (got === 0) return [];
        const key = [t, logicalRow, attempts[b]![t]!, PURPOSES.rollout];
        return [{ position: t - 1, target: token, got, allowed: actorAllowed, key }];
      });
      return { tokens, length: tokens.length, items };
    });
    const reviewed = rows.flatMap(({ logicalRow }, b) => {
      if (reviews?.reviewed[b] !== 1) return [];
      const length = side.lengths[b]!;
      // The review reads the text; its integer comes after <review>.
      const legal = new Uint32Array(size);
      for (let j = 0; j <= side.stepCounts[b]!; j++) legal[special.integers[j]!] = 1;
      const said = reviews.integers[b]!;
      const got = reviews.logProbs[b * 6 + said]!;
      const key = [length + 1, logicalRow, r, PURPOSES.review];
      const items = [{ position: length, target: special.integers[said]!, got, allowed: legal, key }];
      const tokens = [...side.tokens.subarray(b * positions, b * positions + length), special.review];
      return [{ tokens, length: length + 1, items }];
    });
    reviews?.cuts.forEach((cut, b) => {
      if (cut > 0) attempts[b]?.fill(r + 1, side.stepStarts[b * MAX_STEPS + cut - 1]);
    });
    for (const [params, list] of [
      [learner.optimizer.params, sequences],
      [reviewer, reviewed],
    ] as const) {
      if (list.length === 0) continue;
      const [packed, ...rest] = pack(list, capacity);
      if (packed === undefined || rest.length > 0) throw new Error('one batch holds all sequences');
      recorder.submit();
      model.forward(params, uploader.upload(packed));
      const ld = model.logitStride;
      const logits = await readback.readF32(model.logits, packed.items.length * ld);
      packed.items.forEach(({ target, got, allowed, key }, n) => {
        const weights = Array.from(allowed, (may, v) => (may === 1 ? Math.exp(logits[n * ld + v]!) : 0));
        const upTo = (end: number) => weights.slice(0, end).reduce((a, w) => a + w, 0);
        const total = upTo(size);
        const [t = 0, row = 0, attempt = 0, purpose = 0] = key;
        const [word] = philox4x32(t, row, update, attempt * 65536, learner.config.runSeed, purpose);
        found.push({
          logProb: Math.log(weights[target]! / total),
          got,
          lower: upTo(target) / total,
          upper: upTo(target + 1) / total,
          uniform: uniformFromWord(word),
        });
      });
    }
  }
  owner.destroyAll();
  return found;
}
