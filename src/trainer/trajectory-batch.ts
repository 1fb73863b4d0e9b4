import { renderQuestion } from '../env/english';
import { answerToken } from '../env/questions';
import type { RunConfig } from '../config/schema';
import type { UpdateReport } from '../rl/learner';
import { earliestCuts } from '../rl/rounds';
import type { TrajectorySide as RolloutSide } from '../rl/trajectory';
import type { TrajectoryBatch, TrajectorySide } from './protocol';

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
    draft: protocolSide(rollout.draft),
    final: protocolSide(rollout.final),
    cuts: earliestCuts(rollout),
    reviewLogProbs: rollout.reviews.logProbs,
    advantages: Float32Array.from(report.advantages),
    reviewAdvantages: Float32Array.from(report.reviewAdvantages[0] ?? []),
  };
}

/** What the page does not need (counts it derives itself, labels of the review's judge) stays here. */
function protocolSide(side: RolloutSide): TrajectorySide {
  const { tokens, lengths, logProbs, entropies, stepStarts, stepCounts, reasons } = side;
  const { passages, passageClasses, useful, shares, em, rewards, coverage } = side;
  const written = { tokens, lengths, logProbs, entropies, stepStarts, stepCounts, reasons };
  return { ...written, passages, passageClasses, useful, shares, em, rewards, coverage };
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
