import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { PASSAGE_CLASSES } from '../../env/evidence';
import { renderPassage, renderQuestion } from '../../env/english';
import type { UpdateReport } from '../../rl/learning/learner';
import { thoughtsOf } from '../../rl/rollout/review-text';
import type { Reviews, TrajectorySide } from '../../rl/rollout/trajectory';
import { ownLine, ownSide } from '../../rollouts/write-own';
import type { OwnSide } from '../../rollouts/write-own';
import { END_REASONS } from '../protocol/protocol';

/** One JSON object per trajectory of an update: text people can read, and every number the page shows. */
export function* trajectoryLines(
  report: Omit<UpdateReport, 'metrics'>,
  positions: number,
  runSeed: number,
): Generator<string> {
  const { rollout, rows, update } = report;
  for (const [b, row] of rows.entries()) {
    const { world, chain, slot, logicalRow } = row;
    const { schema } = world;
    const cut = rollout.reviews.cuts[b] ?? 0;
    const trajectory = {
      update,
      row: logicalRow,
      world: schema.id,
      question: renderQuestion(schema, chain),
      answer: schema.vocabulary.strings[schema.vocabulary.entityBase + chain.answer] ?? '',
      draft: sideObject(rollout.draft, row, b, positions),
      review: reviewObject(rollout.reviews, b, row),
      // An accepted draft is the final trajectory.
      final: cut === 0 ? null : sideObject(rollout.final, row, b, positions),
      advantage: report.advantages[b] ?? 0,
      reviewAdvantage: report.reviewAdvantages[0]?.[b] ?? 0,
    };
    yield ownLine(trajectory, {
      runSeed,
      worldSeed: world.seed,
      poolMember: slot,
      hops: chain.relations.length,
      // Reviews after the first, each of the text that the cut before it led to.
      later: rollout.later.flatMap(({ draft, reviews }, r) =>
        reviews.reviewed[b] === 0
          ? []
          : [
              {
                draft: ownSide(sideObject(draft, row, b, positions)),
                review: reviewObject(reviews, b, row),
                reviewAdvantage: report.reviewAdvantages[r + 1]?.[b],
              },
            ],
      ),
    });
  }
}

function sideObject(
  side: TrajectorySide,
  { world }: UpdateReport['rows'][number],
  b: number,
  positions: number,
): OwnSide & { flawedStep: number } {
  const { strings } = world.schema.vocabulary;
  const length = side.lengths[b] ?? 0;
  const start = b * positions;
  const searches = Array.from({ length: side.searches[b] ?? 0 }, (_, s) => {
    const at = (b * MAX_SEARCHES + s) * PASSAGES_PER_SEARCH;
    return {
      useful: side.useful[b * MAX_SEARCHES + s] ?? 0,
      share: side.shares[b * MAX_SEARCHES + s] ?? 0,
      passages: Array.from({ length: PASSAGES_PER_SEARCH }, (_, k) => {
        const id = side.passages[at + k] ?? -1;
        const { text, source } = renderPassage(world, id);
        return { id, text, source, class: PASSAGE_CLASSES[side.passageClasses[at + k] ?? 0] };
      }),
    };
  });
  return {
    tokens: Array.from(side.tokens.subarray(start, start + length), (token) => strings[token] ?? ''),
    logProbs: Array.from(side.logProbs.subarray(start, start + length)),
    entropies: Array.from(side.entropies.subarray(start, start + length)),
    stepStarts: Array.from(side.stepStarts.subarray(b * MAX_STEPS, b * MAX_STEPS + (side.stepCounts[b] ?? 0))),
    searches,
    end: END_REASONS[side.reasons[b] ?? 0],
    em: side.em[b] ?? 0,
    reward: side.rewards[b] ?? 0,
    coverage: side.coverage[b] ?? 0,
    flawedStep: side.flawed[b] ?? 0,
  };
}

function reviewObject(
  { cuts, integers, logProbs, thoughts }: Reviews,
  b: number,
  { world }: UpdateReport['rows'][number],
) {
  const { strings } = world.schema.vocabulary;
  const written = thoughtsOf(thoughts, b)?.filter((token) => token > 0);
  return {
    ...(written && { thoughts: Array.from(written, (token) => strings[token] ?? '') }),
    cut: cuts[b],
    integer: integers[b],
    logProbs: Array.from(logProbs.subarray(b * 6, b * 6 + 6), finiteOrNull),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
