/** What the rows of a file can be filtered by. Values are of the whole file, so that a filter means the same at each step. */
import { GROUNDED, TRUNCATED, UNKNOWN } from '../../rollouts/file/row-faults';
import type { RowTable } from '../../rollouts/file/row-table';
import type { Facet, FacetValue, RowFacets } from '../../recordings/shown-rows';

/** From so many searches on, rows share a value. */
const MOST_SEARCHES = 6;
/** So many steps are told apart. */
const MOST_STEPS = 8;
const LENGTH_BINS = 6;
/** Of a length that is a round number: 1, 2 or 5 times a power of ten. */
const ROUND = [1, 2, 5, 10];

/** @returns those by which the rows of this file do differ, or could */
export function facetsOf(table: RowTable): RowFacets {
  const { final, faults, steps, sizeUnit } = table;
  const world = faults.rules.world === table.steps.length;
  const facets = [
    exactMatch(table),
    searches(final.searches),
    lengths(final.sizes, sizeUnit),
    endings(table),
    stepFacet('useless', 'First search without new evidence', faults.useless, 'each brought new evidence'),
    stepFacet('flawed', 'First flawed step', faults.flawed, 'none'),
    grounded(faults.grounded),
  ];
  return {
    facets: facets.filter((facet) => facet !== null),
    steps,
    lengths: final.sizes,
    searches: final.searches,
    ungrounded: world ? null : faults.grounded.map((code) => Number(code === GROUNDED.no)),
  };
}

/** Those of the rows [from, to). */
export function facetRows(all: RowFacets, from: number, to: number): RowFacets {
  return {
    facets: all.facets.map((facet) => ({ ...facet, codes: facet.codes.subarray(from, to) })),
    steps: all.steps.subarray(from, to),
    lengths: all.lengths.subarray(from, to),
    searches: all.searches.subarray(from, to),
    ungrounded: all.ungrounded?.subarray(from, to) ?? null,
  };
}

function facet(id: string, label: string, values: readonly FacetValue[], codes: Uint8Array): Facet {
  return { id, label, values, codes };
}

function exactMatch({ final }: RowTable): Facet {
  const values = [
    { key: 'right', label: 'right' },
    { key: 'wrong', label: 'wrong' },
    { key: 'unknown', label: 'unknown' },
  ];
  // Whatever is neither 1 nor 0 is not known: the file has no right answer.
  const codes = Uint8Array.from(final.em, (em) => (em === 1 ? 0 : em === 0 ? 1 : 2));
  return facet('em', 'Exact match', codes.includes(2) ? values : values.slice(0, 2), codes);
}

function searches(numbers: Uint16Array): Facet {
  const most = numbers.reduce((a, b) => Math.max(a, b), 0);
  const values = Array.from({ length: Math.min(most, MOST_SEARCHES) + 1 }, (_, number) => ({
    key: String(number),
    label: number === MOST_SEARCHES && most > number ? `${number} or more` : String(number),
  }));
  const codes = Uint8Array.from(numbers, (number) => Math.min(number, MOST_SEARCHES));
  return facet('searches', 'Searches', values, codes);
}

/** Equal widths, to the round number next above the longest. */
function lengths(sizes: Uint32Array, unit: RowTable['sizeUnit']): Facet {
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const width = roundUp(Math.max(1, (most + 1) / LENGTH_BINS));
  const bins = Math.floor(most / width) + 1;
  const values = Array.from({ length: bins }, (_, bin) => ({
    key: String(bin * width),
    label: `${short(bin * width)}–${short((bin + 1) * width)}`,
  }));
  const what = unit === 'mixed' ? 'tokens or characters' : unit;
  return facet(
    'length',
    `Length, ${what}`,
    values,
    Uint8Array.from(sizes, (size) => Math.floor(size / width)),
  );
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((factor) => factor * power >= value) ?? 10) * power;
}

/** "1,500", "20k". */
function short(number: number): string {
  return number >= 10_000 ? `${number / 1000}k` : number.toLocaleString('en');
}

function endings({ faults }: RowTable): Facet {
  const { endingNames, tellsTruncation } = faults;
  const names = tellsTruncation && !endingNames.includes(TRUNCATED) ? [...endingNames, TRUNCATED] : endingNames;
  const values = names.map((name) => ({ key: name.replaceAll(' ', '-'), label: name }));
  return facet('ended', 'Ended', values, faults.endings);
}

/** Step by step, then what no step is to be blamed for. null where nothing tells of any row. */
function stepFacet(id: string, label: string, at: Int16Array, none: string): Facet | null {
  if (at.every((step) => step === UNKNOWN)) return null;
  const most = Math.min(
    MOST_STEPS,
    at.reduce((a, b) => Math.max(a, b), 0),
  );
  const values = Array.from({ length: most }, (_, k) => ({
    key: String(k + 1),
    label: k + 1 === MOST_STEPS ? `step ${k + 1} or later` : `step ${k + 1}`,
  }));
  values.push({ key: 'none', label: none });
  const unknown = at.includes(UNKNOWN);
  if (unknown) values.push({ key: 'unknown', label: 'unknown' });
  const codes = Uint8Array.from(at, (step) => (step > 0 ? Math.min(step, most) - 1 : step === 0 ? most : most + 1));
  return facet(id, label, values, codes);
}

function grounded(codes: Uint8Array): Facet {
  const values = [
    { key: 'no', label: 'not in its passages' },
    { key: 'yes', label: 'in its passages' },
    { key: 'yes-or-no', label: 'yes or no' },
    { key: 'none', label: 'no answer' },
  ];
  return facet('grounded', 'Answer', values, codes);
}
