/** Shapes that several commands have in common. */
import { MAX_SWEEP_REPLICATES, type DraftRow } from './protocol';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isAskedRow({ update, row, pinned }: Record<string, unknown>): boolean {
  return isCount(update) && isCount(row) && (pinned === undefined || typeof pinned === 'boolean');
}

export function isDraftRow(value: unknown): value is DraftRow {
  if (!isRecord(value)) return false;
  const { revision, tokens, logProbs, entropies, stepStarts, steps, passages } = value;
  return (
    isAskedRow(value) &&
    (revision === undefined || (isCount(revision) && revision >= 1 && revision <= 65535)) &&
    tokens instanceof Uint16Array &&
    logProbs instanceof Float32Array &&
    entropies instanceof Float32Array &&
    [logProbs, entropies].every(({ length }) => length === tokens.length) &&
    stepStarts instanceof Uint16Array &&
    isCount(steps) &&
    steps >= 1 &&
    steps <= stepStarts.length &&
    passages instanceof Int32Array
  );
}

/** Replicate numbers that fit into the 16 bits that a random counter has for them. */
export function areReplicates(first: unknown, count: unknown): boolean {
  return isCount(first) && isCount(count) && count >= 1 && count <= MAX_SWEEP_REPLICATES && first + count <= 65536;
}
