import type { AskedRow, DraftRow, TrajectoryBatch, TrajectorySide } from '../../trainer/protocol/protocol';

/** One draft of a batch as a command takes it. */
export function draftOf({ update, positions, draft }: TrajectoryBatch, row: number): DraftRow {
  return rowOf(draft, positions, { update, row }, row);
}

/** Row `place` of a side as a draft of its own. */
export function rowOf(side: TrajectorySide, positions: number, asked: AskedRow, place = 0): DraftRow {
  const of = <A extends { slice(from: number, to: number): A }>(list: A, width: number): A =>
    list.slice(place * width, (place + 1) * width);
  return {
    ...asked,
    tokens: of(side.tokens, positions),
    logProbs: of(side.logProbs, positions),
    entropies: of(side.entropies, positions),
    stepStarts: of(side.stepStarts, 5),
    steps: side.stepCounts[place] ?? 0,
    passages: of(side.passages, 12),
  };
}
