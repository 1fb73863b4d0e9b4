/** Labels and notes as the list shows them and as something to filter by. */
import type { Facet } from '../../../recordings/shown-rows';
import type { Remark } from '../../../rollouts/reading/remarks';
import type { RowSaid } from '../../state/labels-state';

export const LABEL_FACET = 'labels';
/** A bit each; those that fewer rows have are left out. */
const MOST_VALUES = 28;
const NOTE = 'note';

/** @param cut of the row: steps before it are drawn as the draft's */
export function saidOf(remarks: readonly Remark[], cut: number): RowSaid {
  const words = ({ labels, note }: Remark): string[] => [...labels, ...(note.trim() === '' ? [] : [NOTE])];
  const steps = remarks
    .filter(({ step }) => step !== null)
    .map((remark) => {
      const side = cut > 0 ? remark.side : 'final';
      return [`${side} ${remark.step}`, words(remark).join(', ')] as const;
    });
  return { text: [...new Set(remarks.flatMap(words))].join(', '), steps: Object.fromEntries(steps) };
}

/** null where nothing was said of any row. */
export function labelFacet(byPlace: ReadonlyMap<number, readonly Remark[]>, rows: number): Facet | null {
  if (byPlace.size === 0) return null;
  const counts = new Map<string, number>();
  for (const remarks of byPlace.values()) {
    for (const label of new Set(remarks.flatMap(({ labels }) => labels))) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  const names = [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .slice(0, MOST_VALUES)
    .map(([label]) => label);
  const codes = new Uint32Array(rows).fill(1);
  for (const [place, remarks] of byPlace) {
    const labels = new Set(remarks.flatMap((remark) => remark.labels));
    let code = 2 + (remarks.some(({ note }) => note.trim() !== '') ? 4 : 0);
    names.forEach((name, k) => {
      if (labels.has(name)) code += 2 ** (k + 3);
    });
    codes[place] = code;
  }
  const values = [
    { key: 'none', label: 'none' },
    { key: 'any', label: 'any' },
    { key: 'note', label: 'with a note' },
    ...names.map((label) => ({ key: `label-${label}`, label })),
  ];
  return { id: LABEL_FACET, label: 'Labels and notes', values, codes, several: true };
}
