/** Which rows of a batch are listed, and in which order. */
import { emAt } from '../../lib/exact-match';
import { verdictOf } from '../../recordings/decode-trajectory';
import { hasValue } from '../../recordings/shown-rows';
import type { Facet, ShownRows } from '../../recordings/shown-rows';

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
  { id: 'longest', label: 'length, longest first' },
  { id: 'shortest', label: 'length, shortest first' },
  { id: 'searches', label: 'searches, most first' },
  { id: 'latest', label: 'training step, latest first' },
] as const;
export type RowSort = (typeof ROW_SORTS)[number]['id'];

const REVIEWED: readonly (RowFilter | RowSort)[] = ['saved', 'harmed', 'wasted', 'missed', 'gain', 'unsure'];
const OF_FILES: readonly RowSort[] = ['longest', 'shortest', 'searches', 'latest'];

/** In files of LLMs nothing but the words of passages tells what an answer rests on. */
const UNGROUNDED = {
  label: 'answer not in its passages',
  help: 'no passage that it found holds its answer word for word, right or wrong',
};

/** What a filter is called for these rows. */
export function filterWords(id: RowFilter, shown: ShownRows | null): { label: string; help: string } {
  if (id === 'lucky' && shown?.facets?.ungrounded) return UNGROUNDED;
  const { label, help } = ROW_FILTERS.find((filter) => filter.id === id) ?? ROW_FILTERS[0];
  if (id === 'despite' && shown?.facets?.ungrounded)
    return { label, help: 'wrong, though all of its evidence was found' };
  return { label, help };
}

/** Whether rows can have what a filter or an order is about. In a run all are there, so that nothing moves with its settings. */
export function applies(id: RowFilter | RowSort, { facets, hasRefiner }: ShownRows): boolean {
  if (OF_FILES.some((sort) => sort === id)) return facets !== undefined;
  return facets === undefined || hasRefiner || !REVIEWED.includes(id);
}

/** Rewards lie in 0..2: the answer counts 1, perfect searches 1 more. */
export const REWARD_BINS = 8;
const MOST_REWARD = 2;

export interface ListQuery {
  filter: RowFilter;
  sort: RowSort;
  find: string;
  /** One bar of the reward histogram, or all. */
  bin: number | null;
  /** Of a file: the value that each facet must have, by their keys. */
  facets: Readonly<Record<string, string>>;
}

export const WHOLE_LIST: ListQuery = { filter: 'all', sort: 'question', find: '', bin: null, facets: {} };

/** Each number is that of the rows that would be listed if its filter, bar or value was the chosen one. */
export interface RowList {
  /** Places of the listed rows. */
  places: number[];
  counts: Record<RowFilter, number>;
  bins: number[];
  /** By facet and value, in the order of the facets. */
  facets: number[][];
  /** Something besides the filter leaves rows out. */
  narrowed: boolean;
}

export function rewardBin(reward: number): number {
  return Math.min(REWARD_BINS - 1, Math.max(0, Math.floor((reward * REWARD_BINS) / MOST_REWARD)));
}

/** Lower and upper reward of a bin. */
export function binRange(bin: number): [number, number] {
  const width = MOST_REWARD / REWARD_BINS;
  return [bin * width, (bin + 1) * width];
}

export function passes(filter: RowFilter, { batch, hasRefiner, facets }: ShownRows, place: number): boolean {
  const em = emAt(batch.final.em, place);
  switch (filter) {
    case 'all':
      return true;
    case 'lucky':
      return facets?.ungrounded ? facets.ungrounded[place] === 1 : em === 1 && (batch.final.coverage[place] ?? 0) < 1;
    case 'despite':
      return em === 0 && batch.final.coverage[place] === 1;
    case 'malformed':
      return batch.final.reasons[place] !== 1;
    default:
      return verdictOf(hasRefiner, batch.cuts[place] ?? 0, emAt(batch.draft.em, place), em) === filter;
  }
}

/**
 * @param hits 1 for each place that contains the words of the search; null where there is none
 * @param labels a facet that comes last
 */
export function listRows(
  stored: ShownRows,
  hits: Uint8Array | null,
  query: ListQuery,
  labels: Facet | null = null,
): RowList {
  const counts = { all: 0, saved: 0, harmed: 0, wasted: 0, missed: 0, lucky: 0, despite: 0, malformed: 0 };
  const bins = Array.from({ length: REWARD_BINS }, () => 0);
  const facets = [...(stored.facets?.facets ?? []), ...(labels ? [labels] : [])];
  const byValue = facets.map(({ values }) => values.map(() => 0));
  // A facet that this file has not, or a value that it has not, as a link may name one, asks for nothing.
  const wanted = facets.map(({ id, values }) => values.findIndex(({ key }) => key === query.facets[id]));
  const places: number[] = [];
  const { rewards } = stored.batch.final;
  for (let place = 0; place < stored.rows.length; place += 1) {
    if (hits?.[place] === 0) continue;
    const reward = rewards[place] ?? 0;
    const bin = Number.isNaN(reward) ? null : rewardBin(reward);
    const fits = passes(query.filter, stored, place);
    const inBin = query.bin === null || query.bin === bin;
    let failed = Number(!fits) + Number(!inBin);
    let failedFacet = -1;
    wanted.forEach((value, k) => {
      const facet = facets[k];
      if (value < 0 || (facet && hasValue(facet, place, value))) return;
      failed += 1;
      failedFacet = k;
    });
    // A row that one choice alone leaves out is counted where that choice is made.
    if (failed > 1) continue;
    if (failed === 0) places.push(place);
    if (failed === 0 || !fits) for (const { id } of ROW_FILTERS) if (passes(id, stored, place)) counts[id] += 1;
    if (bin !== null && (failed === 0 || !inBin)) bins[bin] = (bins[bin] ?? 0) + 1;
    facets.forEach((facet, k) => {
      const numbers = byValue[k];
      if (!numbers || (failed > 0 && failedFacet !== k)) return;
      const code = facet.codes[place] ?? 0;
      if (!facet.several) numbers[code] = (numbers[code] ?? 0) + 1;
      else for (let value = 0; value < numbers.length; value += 1) numbers[value]! += (code >> value) & 1;
    });
  }
  const narrowed = hits !== null || query.bin !== null || wanted.some((value) => value >= 0);
  return { places: sorted(places, stored, query.sort), counts, bins, facets: byValue, narrowed };
}

/** Ties keep the order of the batch. */
function sorted(places: number[], { batch, groups, facets }: ShownRows, sort: RowSort): number[] {
  const reward = (place: number): number => batch.final.rewards[place] ?? 0;
  const group = (place: number): number => groups[place] ?? 0;
  const gain = (place: number): number => reward(place) - (batch.draft.rewards[place] ?? 0);
  // Without a review all log-probabilities are 0: accepted for certain.
  const cutChance = (place: number): number => 1 - Math.exp(batch.reviewLogProbs[place * 6] ?? 0);
  const told = (of: 'steps' | 'lengths' | 'searches', place: number): number => facets?.[of][place] ?? 0;
  const order: Record<RowSort, (a: number, b: number) => number> = {
    question: (a, b) => group(a) - group(b) || ascending(-reward(a), -reward(b)),
    best: (a, b) => ascending(-reward(a), -reward(b)),
    worst: (a, b) => ascending(reward(a), reward(b)),
    advantage: (a, b) => ascending(-Math.abs(batch.advantages[a] ?? 0), -Math.abs(batch.advantages[b] ?? 0)),
    gain: (a, b) => ascending(gain(a), gain(b)),
    unsure: (a, b) => cutChance(b) - cutChance(a),
    longest: (a, b) => told('lengths', b) - told('lengths', a),
    shortest: (a, b) => told('lengths', a) - told('lengths', b),
    searches: (a, b) => told('searches', b) - told('searches', a),
    latest: (a, b) => told('steps', b) - told('steps', a),
  };
  return places.sort((a, b) => order[sort](a, b) || a - b);
}

/** What is unknown comes last. */
function ascending(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;
}
