/** A batch as the page keeps it: every row, or a few telling ones once it is old. */
import { emAt } from '../lib/exact-match';
import type { TrajectoryBatch, TrajectorySide } from '../trainer/protocol/protocol';
import { summarizeBatch, tellingRow } from './batch-summary';
import { verdictOf } from './decode-trajectory';
import type { ShownRows } from './shown-rows';

export interface StoredBatch extends ShownRows {
  /** Its arrays hold the rows in `rows` only; questions and answers are those of the whole update. */
  batch: TrajectoryBatch;
}

export function storeBatch(batch: TrajectoryBatch, hasRefiner: boolean): StoredBatch {
  const count = batch.prompts * batch.groupSize;
  const groups = Uint16Array.from({ length: count }, (_, row) => Math.floor(row / batch.groupSize));
  return {
    batch,
    groups,
    rows: Array.from({ length: count }, (_, row) => row),
    whole: true,
    hasRefiner,
    summary: summarizeBatch(batch, groups, hasRefiner),
    tellingRow: tellingRow(batch),
  };
}

/** Rows of an old update that are kept: the most telling one, best, worst and median reward, and every harmful cut. */
export function sampledRows({ batch, hasRefiner, tellingRow }: StoredBatch): number[] {
  const { rewards } = batch.final;
  const byReward = Array.from(rewards.keys()).sort((a, b) => (rewards[b] ?? 0) - (rewards[a] ?? 0));
  const kept = new Set([tellingRow, byReward[0], byReward[byReward.length >> 1], byReward.at(-1)]);
  for (const row of rewards.keys()) {
    const verdict = verdictOf(hasRefiner, batch.cuts[row] ?? 0, emAt(batch.draft.em, row), emAt(batch.final.em, row));
    if (verdict === 'harmed') kept.add(row);
  }
  return [...kept].filter((row) => row !== undefined).sort((a, b) => a - b);
}

/** The same batch with the sampled rows alone; the others' memory is given back. */
export function sampleBatch(stored: StoredBatch): StoredBatch {
  return stored.whole ? keepRows(stored, sampledRows(stored)) : stored;
}

/** @param places of the rows to keep, ascending */
export function keepRows(stored: StoredBatch, places: readonly number[]): StoredBatch {
  const { batch } = stored;
  const rows = places.map((place) => stored.rows[place] ?? 0);
  const count = batch.cuts.length;
  const pick = <A extends Numbers<A>>(data: A): A => pickRows(data, places, count);
  const side = (from: TrajectorySide): TrajectorySide => ({
    tokens: pick(from.tokens),
    lengths: pick(from.lengths),
    logProbs: pick(from.logProbs),
    entropies: pick(from.entropies),
    stepStarts: pick(from.stepStarts),
    stepCounts: pick(from.stepCounts),
    reasons: pick(from.reasons),
    passages: pick(from.passages),
    passageClasses: pick(from.passageClasses),
    scores: pick(from.scores),
    useful: pick(from.useful),
    shares: pick(from.shares),
    em: pick(from.em),
    rewards: pick(from.rewards),
    coverage: pick(from.coverage),
  });
  return {
    ...stored,
    groups: rows.map((row) => Math.floor(row / batch.groupSize)),
    rows,
    whole: false,
    tellingRow: rows.includes(stored.tellingRow) ? stored.tellingRow : (rows[0] ?? 0),
    batch: {
      ...batch,
      draft: side(batch.draft),
      final: side(batch.final),
      cuts: pick(batch.cuts),
      reviewLogProbs: pick(batch.reviewLogProbs),
      ...(batch.reviewThoughts && { reviewThoughts: pick(batch.reviewThoughts) }),
      advantages: pick(batch.advantages),
      reviewAdvantages: pick(batch.reviewAdvantages),
    },
  };
}

/** One trajectory as a draft that nobody has reviewed. @param root the batch of one row that it comes from */
export function unreviewed(root: StoredBatch, side: TrajectorySide): StoredBatch {
  return {
    ...root,
    hasRefiner: false,
    batch: {
      ...root.batch,
      ...{ draft: side, final: side, cuts: new Uint8Array(1), reviewLogProbs: new Float32Array(6) },
      ...{ advantages: new Float32Array(1), reviewAdvantages: new Float32Array(1) },
    },
  };
}

/** What all typed arrays have in common. */
interface Numbers<A> {
  readonly length: number;
  slice(start: number, end: number): A;
  subarray(start: number, end: number): A;
  set(from: A, offset: number): void;
}

/** The given rows of an array that holds `count` rows of equal length, as a copy. */
function pickRows<A extends Numbers<A>>(data: A, rows: readonly number[], count: number): A {
  const width = data.length / count;
  // A copy of the right type and length; what it starts with is overwritten.
  const picked = data.slice(0, rows.length * width);
  rows.forEach((row, place) => picked.set(data.subarray(row * width, (row + 1) * width), place * width));
  return picked;
}

/** Place of a row in the arrays, or of the nearest kept one. */
export function placeOf({ rows, whole }: ShownRows, row: number): number {
  if (whole) return Math.min(Math.max(0, row), rows.length - 1);
  let best = 0;
  rows.forEach((kept, place) => {
    if (Math.abs(kept - row) < Math.abs((rows[best] ?? 0) - row)) best = place;
  });
  return best;
}

/** The batch behind the rows, where the engine sampled them: only then can it regenerate or ask weights. */
export function engineBatch(shown: ShownRows): StoredBatch | null {
  return isStored(shown) ? shown : null;
}

function isStored(shown: ShownRows): shown is StoredBatch {
  return 'positions' in shown.batch;
}
