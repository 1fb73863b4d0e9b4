/** In which order placed prompts are fed, in blocks: all at once, but for those that take over what another one is fed in the same round. */
import type { FeedStep } from './decode-batch';
import type { Placement } from './prefix-cache';

export interface PlacedPrompt extends Placement {
  /** Of the prompt, all that are fed before it writes. */
  fed: readonly number[];
  /** Whether the logits of its tokens are wanted. */
  keep: boolean;
}

/**
 * @param placed in the order in which they were placed: a source stands before who takes from it
 * @param most tokens of a row in one step
 */
export function feedPlan(placed: readonly PlacedPrompt[], most: number): FeedStep[] {
  // Logits are of a row's newest token alone.
  const keep = placed.some((prompt) => prompt.keep);
  const block = keep ? 1 : most;
  const begun = new Map<number, { begin: number; start: number }>();
  const timed = placed.map((prompt) => {
    const source = prompt.from === null ? undefined : begun.get(prompt.from);
    const begin =
      source === undefined ? 0 : Math.max(0, source.begin + Math.ceil((prompt.start - source.start) / block));
    begun.set(prompt.row, { begin, start: prompt.start });
    return { ...prompt, begin };
  });
  const count = Math.max(...timed.map(({ begin, start, fed }) => begin + Math.ceil((fed.length - start) / block) + 1));
  return Array.from({ length: count }, (_, k): FeedStep => {
    const copies = new Map<string, { from: number; to: number[]; count: number }>();
    for (const { row, from, start, begin } of timed) {
      if (from === null || begin !== k) continue;
      const key = `${from} ${start}`;
      const known = copies.get(key);
      if (known === undefined) copies.set(key, { from, to: [row], count: start });
      else known.to.push(row);
    }
    const fed = timed.flatMap(({ row, begin, start, fed: tokens }) => {
      const first = start + (k - begin) * block;
      if (k < begin) return [];
      return tokens.slice(first, first + block).map((token, n) => ({ row, position: first + n, token }));
    });
    return { copies: [...copies.values()], fed, keep };
  });
}
