import { MAX_SEARCHES, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { renderQuestion } from '../../env/english';
import { answerToken } from '../../env/questions';
import type { RunConfig } from '../../config/schema';
import { BM25_SCALE, TERMS_PER_PASSAGE } from '../../retrieval/bm25';
import type { UpdateReport } from '../../rl/learning/learner';
import { earliestCuts } from '../../rl/rollout/rounds';
import type { TrajectorySide as RolloutSide } from '../../rl/rollout/trajectory';
import type { TrajectoryBatch, TrajectorySide } from '../protocol/protocol';

/**
 * One update's trajectories as the page wants them. The arrays are those of the report: nothing reads a report after its
 * update, so they may be transferred.
 */
export function trajectoryBatch(
  report: Omit<UpdateReport, 'metrics'>,
  { prompts, groupSize }: Pick<RunConfig, 'prompts' | 'groupSize'>,
  positions: number,
): TrajectoryBatch {
  const { rollout, rows, update } = report;
  // A group asks one question, so its first row stands for it.
  const asked = rows.filter((_, b) => b % groupSize === 0);
  return {
    update,
    prompts,
    groupSize,
    positions,
    answers: Uint16Array.from(asked, ({ world, chain }) => answerToken(world.schema, chain)),
    questions: asked.map(({ world, chain }) => renderQuestion(world.schema, chain)),
    draft: protocolSide(rollout.draft, rows, positions),
    final: protocolSide(rollout.final, rows, positions),
    cuts: earliestCuts(rollout),
    reviewLogProbs: rollout.reviews.logProbs,
    ...(rollout.reviews.thoughts && { reviewThoughts: rollout.reviews.thoughts }),
    advantages: Float32Array.from(report.advantages),
    reviewAdvantages: Float32Array.from(report.reviewAdvantages[0] ?? []),
  };
}

/** What the page does not need (counts it derives itself, labels of the review's judge) stays here. */
export function protocolSide(side: RolloutSide, rows: UpdateReport['rows'], positions: number): TrajectorySide {
  const { tokens, lengths, logProbs, entropies, stepStarts, stepCounts, reasons } = side;
  const { passages, passageClasses, useful, shares, em, rewards, coverage } = side;
  const written = { tokens, lengths, logProbs, entropies, stepStarts, stepCounts, reasons };
  const scores = scoresOf(side, rows, positions);
  return { ...written, passages, passageClasses, scores, useful, shares, em, rewards, coverage };
}

/** (B,4,3) BM25 scores of the retrieved passages: the same integer weights that the kernel sums, in their natural unit. */
function scoresOf(side: RolloutSide, rows: UpdateReport['rows'], positions: number): Float32Array {
  const scores = new Float32Array(side.passages.length);
  rows.forEach(({ world }, b) => {
    const { special } = world.schema.vocabulary;
    const { terms, weights } = world.index;
    const tokens = side.tokens.subarray(b * positions, b * positions + (side.lengths[b] ?? 0));
    let from = 0;
    for (let s = 0; s < (side.searches[b] ?? 0); s++) {
      const open = tokens.indexOf(special.search, from);
      from = tokens.indexOf(special.endSearch, open);
      const query = tokens.subarray(open + 1, from);
      for (let k = 0; k < PASSAGES_PER_SEARCH; k++) {
        const at = (b * MAX_SEARCHES + s) * PASSAGES_PER_SEARCH + k;
        const first = (side.passages[at] ?? 0) * TERMS_PER_PASSAGE;
        let score = 0;
        for (let i = first; i < first + TERMS_PER_PASSAGE; i++) {
          if (query.includes(terms[i] ?? 0)) score += weights[i] ?? 0;
        }
        scores[at] = score / BM25_SCALE;
      }
    }
  });
  return scores;
}

/** The buffers to hand over with a batch. */
export function transferables(batch: TrajectoryBatch): ArrayBuffer[] {
  const { draft, final, ...rest } = batch;
  return [rest, draft, final].flatMap((part) =>
    Object.values(part).flatMap((value: unknown) =>
      ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
    ),
  );
}
