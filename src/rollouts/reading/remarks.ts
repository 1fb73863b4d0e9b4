/** What a person said of a trajectory: labels and a note, of all of it or of one step. A row keeps them under `REMARKS`. */
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';

export interface Remark {
  /** Which side its step is of; of a trajectory that was not cut the final one. */
  side: 'draft' | 'final';
  /** From 1; null for the trajectory as a whole. */
  step: number | null;
  labels: readonly string[];
  note: string;
}

/** The key that a row has them under, whatever its format. */
export const REMARKS = 'cutpoint_labels';

export const MOST_LABELS = 12;
/** Characters. */
export const MOST_LABEL = 40;
export const MOST_NOTE = 2000;
/** Of one trajectory; one a step, and one for the whole. */
const MOST_REMARKS = 200;

/** Those of a row, without what is not understood of them. */
export function remarksOf(row: JsonObject): readonly Remark[] {
  const given = row[REMARKS];
  if (!isArray(given)) return [];
  return given
    .slice(0, MOST_REMARKS)
    .filter(isObject)
    .map((one): Remark => {
      const step = finite(one['step']);
      return {
        side: one['side'] === 'draft' ? 'draft' : 'final',
        step: step !== null && Number.isInteger(step) && step > 0 ? step : null,
        labels: cleanLabels(isArray(one['labels']) ? one['labels'].flatMap((label) => text(label) ?? []) : []),
        note: (text(one['note']) ?? '').slice(0, MOST_NOTE),
      };
    })
    .filter(saysSomething);
}

/** Each once, in their order, without spaces around them. */
export function cleanLabels(labels: readonly string[]): string[] {
  const clean = labels.map((label) => label.replace(/\s+/g, ' ').trim().slice(0, MOST_LABEL).trim());
  return [...new Set(clean)].filter((label) => label !== '').slice(0, MOST_LABELS);
}

export function saysSomething({ labels, note }: Remark): boolean {
  return labels.length > 0 || note.trim() !== '';
}

/** Where a remark belongs, in words: "step 2 of the draft". */
export function remarkPlace({ side, step }: Remark, isCut: boolean): string {
  if (step === null) return 'trajectory';
  return isCut ? `step ${step} of the ${side === 'draft' ? 'draft' : 'final side'}` : `step ${step}`;
}

/** A row with other remarks, the rest of its text as it was; none takes them out. */
export function withRemarks(line: string, remarks: readonly Remark[]): string {
  const end = line.trimEnd();
  const before = end.lastIndexOf(`,"${REMARKS}":`);
  const own = before < 0 ? undefined : asRemarks(end.slice(before + 1));
  const bare = own === undefined ? end : `${end.slice(0, before)}}`;
  if (remarks.length === 0 || !bare.endsWith('}')) return own === undefined ? line : bare;
  const comma = /\{\s*\}$/.test(bare) ? '' : ',';
  return `${bare.slice(0, -1)}${comma}"${REMARKS}":${JSON.stringify(remarks)}}`;
}

/** The list, where a line ends with it. */
function asRemarks(ending: string): unknown {
  try {
    const value: unknown = JSON.parse(`{${ending}`);
    return isObject(value) && Object.keys(value).length === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}
