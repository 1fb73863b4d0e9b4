/** In which order placed prompts are fed: all at once, but for those that take over what another one is fed in the same round. */
import type { FeedStep } from './decode-batch';
import type { Placement } from './prefix-cache';

export interface PlacedPrompt extends Placement {
  /** Of the prompt, all that are fed before it writes. */
  fed: readonly number[];
  /** Whether the logits of its tokens are wanted. */
  keep: boolean;
}

/** @param placed in the order in which they were placed: a source stands before who takes from it */
export function feedPlan(placed: readonly PlacedPrompt[]): FeedStep[] {
  const begun = new Map<number, { begin: number; start: number }>();
  const timed = placed.map((prompt) => {
    const source = prompt.from === null ? undefined : begun.get(prompt.from);
    const begin = source === undefined ? 0 : Math.max(0, source.begin + prompt.start - source.start);
    begun.set(prompt.row, { begin, start: prompt.start });
    return { ...prompt, begin };
  });
  const count = Math.max(...timed.map(({ begin, start, fed }) => begin + fed.length - start + 1));
  return Array.from({ length: count }, (_, k): FeedStep => {
    const copies = new Map<string, { from: number; to: number[]; count: number }>();
    for (const { row, from, start, begin } of timed) {
      if (from === null || begin !== k) continue;
      const key = `${from} ${start}`;
      const known = copies.get(key);
      if (known === undefined) copies.set(key, { from, to: [row], count: start });
      else known.to.push(row);
    }
    const rows = timed.filter(({ begin, start, fed }) => begin <= k && start + k - begin < fed.length);
    return {
      copies: [...copies.values()],
      fed: rows.map(({ row, begin, start, fed }) => {
        const position = start + k - begin;
        return { row, position, token: fed[position] ?? 0 };
      }),
      keep: rows.some(({ keep }) => keep),
    };
  });
}
