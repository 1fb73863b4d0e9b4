/** Rollouts that play what a test says: for the logic before and behind a rollout, without a device. */
import type { Slice } from '../../gpu/buffers';
import type { Vocabulary } from '../../retrieval/vocabulary';
import type { Roller, RolloutOptions, RolloutResult, RolloutRow } from '../../rl/rollout/rollout';
import { reviewsOf, sideOf, type SideRow } from './sides';

/** What becomes of a row. */
export interface Played {
  draft: SideRow;
  /** Said and done by the review, 0 by default: accepted. */
  cut?: number;
  /** The draft again without it. */
  final?: SideRow;
}

export type Play = (row: RolloutRow, options: RolloutOptions) => Played;

/** One call of a rollout. */
export interface Asked {
  rows: readonly RolloutRow[];
  options: RolloutOptions;
}

export function playRows(
  vocabulary: Vocabulary,
  positions: number,
  { rows, options }: Asked,
  play: Play,
): RolloutResult {
  const played = rows.map((row) => play(row, options));
  const draft = sideOf(
    vocabulary,
    positions,
    played.map((one) => one.draft),
  );
  const final = sideOf(
    vocabulary,
    positions,
    played.map((one) => one.final ?? one.draft),
  );
  const reviews = reviewsOf(
    draft,
    played.map(({ cut }) => cut ?? 0),
  );
  if (options.review === null) reviews.reviewed.fill(0);
  return { draft, reviews, later: [], final };
}

/** @returns the rollout and, growing, what was asked of it */
export function fakeRollout(
  vocabulary: Vocabulary,
  shape: { batch: number; positions: number },
  play: Play,
): Roller & { asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    ...shape,
    asked,
    run: (_params, rows, options) => {
      asked.push({ rows, options });
      return Promise.resolve(playRows(vocabulary, shape.positions, { rows, options }, play));
    },
  };
}

/** Parameters that nobody reads. */
export const NO_PARAMS: Slice = {
  buffer: {
    __brand: 'GPUBuffer',
    label: '',
    size: 0,
    usage: 0,
    mapState: 'unmapped',
    mapAsync: () => Promise.resolve(undefined),
    getMappedRange: () => new ArrayBuffer(0),
    unmap: () => undefined,
    destroy: () => undefined,
  },
  offset: 0,
  size: 0,
};
