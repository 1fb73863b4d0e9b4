/** Which rows of a batch are listed, and in which order. */
import { emAt } from '../../lib/exact-match';
import { verdictOf } from '../../recordings/decode-trajectory';
import type { ShownRows } from '../../recordings/shown-rows';

export const ROW_FILTERS = [
  { id: 'all', label: 'all', help: 'every trajectory' },
  { id: 'saved', label: 'saved', help: 'wrong, cut, right' },
  { id: 'harmed', label: 'harmed', help: 'right, cut, wrong' },
  { id: 'wasted', label: 'wasted', help: 'cut, and as right or wrong as before' },
  { id: 'missed', label: 'missed', help: 'wrong and accepted' },
  { id: 'lucky', label: 'lucky guess', help: 'right, but not every hop was supported by a passage' },
  { id: 'despite', label: 'wrong despite evidence', help: 'wrong, though every hop was supported by a passage' },
  { id: 'malformed', label: 'malformed', help: 'broke a rule of the format and was ended' },
] as const;
export type RowFilter = (typeof ROW_FILTERS)[number]['id'];

export const ROW_SORTS = [
  { id: 'question', label: 'question' },
  { id: 'best', label: 'reward, best first' },
  { id: 'worst', label: 'reward, worst first' },
  { id: 'advantage', label: 'size of the advantage' },
  { id: 'gain', label: 'change by the cut' },
  { id: 'unsure', label: 'chance of a cut' },
] as const;
export type RowSort = (typeof ROW_SORTS)[number]['id'];

/** Rewards lie in 0..2: the answer counts 1, perfect searches 1 more. */
export const REWARD_BINS = 8;
const MOST_REWARD = 2;

export interface ListQuery {
  filter: RowFilter;
  sort: RowSort;
  find: string;
  /** One bar of the reward histogram, or all. */
  bin: number | null;
}

export const WHOLE_LIST: ListQuery = { filter: 'all', sort: 'question', find: '', bin: null };

export interface RowList {
  /** Places of the listed rows. */
  places: number[];
  /** Rows that each filter would list, whatever is searched for. */
  counts: Record<RowFilter, number>;
  /** Rows in each bin of final reward that pass filter and search. */
  bins: number[];
}

export function rewardBin(reward: number): number {
  return Math.min(REWARD_BINS - 1, Math.max(0, Math.floor((reward * REWARD_BINS) / MOST_REWARD)));
}

/** Lower and upper reward of a bin. */
export function binRange(bin: number): [number, number] {
  const width = MOST_REWARD / REWARD_BINS;
  return [bin * width, (bin + 1) * width];
}

export function passes(filter: RowFilter, { batch, hasRefiner }: ShownRows, place: number): boolean {
  const em = emAt(batch.final.em, place);
  switch (filter) {
    case 'all':
      return true;
    case 'lucky':
      return em === 1 && (batch.final.coverage[place] ?? 0) < 1;
    case 'despite':
      return em === 0 && batch.final.coverage[place] === 1;
    case 'malformed':
      return batch.final.reasons[place] !== 1;
    default:
      return verdictOf(hasRefiner, batch.cuts[place] ?? 0, emAt(batch.draft.em, place), em) === filter;
  }
}

/** @param hits 1 for each place that contains the words of the search; null where there is none */
export function listRows(stored: ShownRows, hits: Uint8Array | null, query: ListQuery): RowList {
  const counts = { all: 0, saved: 0, harmed: 0, wasted: 0, missed: 0, lucky: 0, despite: 0, malformed: 0 };
  const bins = Array.from({ length: REWARD_BINS }, () => 0);
  const places: number[] = [];
  const { rewards } = stored.batch.final;
  for (let place = 0; place < stored.rows.length; place += 1) {
    for (const { id } of ROW_FILTERS) if (passes(id, stored, place)) counts[id] += 1;
    if (!passes(query.filter, stored, place)) continue;
    if (hits?.[place] === 0) continue;
    const reward = rewards[place] ?? 0;
    const bin = Number.isNaN(reward) ? null : rewardBin(reward);
    if (bin !== null) bins[bin] = (bins[bin] ?? 0) + 1;
    if (query.bin === null || query.bin === bin) places.push(place);
  }
  return { places: sorted(places, stored, query.sort), counts, bins };
}

/** Ties keep the order of the batch. */
function sorted(places: number[], { batch, groups }: ShownRows, sort: RowSort): number[] {
  const reward = (place: number): number => batch.final.rewards[place] ?? 0;
  const group = (place: number): number => groups[place] ?? 0;
  const gain = (place: number): number => reward(place) - (batch.draft.rewards[place] ?? 0);
  // Without a review all log-probabilities are 0: accepted for certain.
  const cutChance = (place: number): number => 1 - Math.exp(batch.reviewLogProbs[place * 6] ?? 0);
  const order: Record<RowSort, (a: number, b: number) => number> = {
    question: (a, b) => group(a) - group(b) || ascending(-reward(a), -reward(b)),
    best: (a, b) => ascending(-reward(a), -reward(b)),
    worst: (a, b) => ascending(reward(a), reward(b)),
    advantage: (a, b) => ascending(-Math.abs(batch.advantages[a] ?? 0), -Math.abs(batch.advantages[b] ?? 0)),
    gain: (a, b) => ascending(gain(a), gain(b)),
    unsure: (a, b) => cutChance(b) - cutChance(a),
  };
  return places.sort((a, b) => order[sort](a, b) || a - b);
}

/** What is unknown comes last. */
function ascending(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;
}
