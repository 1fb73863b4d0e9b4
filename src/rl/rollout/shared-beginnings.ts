import { BLOCK_TOKENS } from '../../env/episode-limits';

/** Rows whose first `count` tokens are those of row `from`, so that their keys and values are its too. */
export interface SharedBeginning {
  from: number;
  to: number[];
  count: number;
}

/**
 * Rows of a batch that begin alike: all but the newest token of a text are the beginning of a longer one, or of an equal one before
 * it. A sweep cuts one draft in several places many times, so it reads the draft once. Texts of one block are read by each row.
 */
export function sharedBeginnings(texts: readonly Uint16Array[]): SharedBeginning[] {
  const shared = new Map<string, SharedBeginning>();
  const read: number[] = [];
  const long = texts.flatMap((text, row) => (text.length > BLOCK_TOKENS ? [{ text, row }] : []));
  for (const { text, row } of long.toSorted((a, b) => b.text.length - a.text.length)) {
    const count = text.length - 1;
    const from = read.find((other) => text.subarray(0, count).every((token, t) => token === texts[other]?.[t]));
    if (from === undefined) {
      read.push(row);
      continue;
    }
    const key = `${from} ${count}`;
    const group = shared.get(key) ?? { from, to: [], count };
    group.to.push(row);
    shared.set(key, group);
  }
  return [...shared.values()];
}
