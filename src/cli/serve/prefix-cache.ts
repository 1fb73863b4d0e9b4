/** Which rows of the key/value cache hold which tokens, so that what several prompts begin with is computed once. */

export interface Placement {
  row: number;
  /** Tokens whose keys and values the row has, or takes over from `from`. */
  start: number;
  /** null where the row has them itself. */
  from: number | null;
}

interface Row {
  /** That were fed, or will be by the prompt that was placed last. */
  tokens: readonly number[];
  busy: boolean;
  lastUse: number;
  /** Taken from in this round, so it may not be overwritten in it. */
  source: boolean;
  /** Tokens that it takes over in this round: they are not there before its turn. */
  taken: number;
}

interface Shared {
  at: number;
  row: Row;
  count: number;
}

export class PrefixCache {
  private readonly rows: readonly Row[];
  private uses = 0;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, () => ({ tokens: [], busy: false, lastUse: 0, source: false, taken: 0 }));
  }

  /**
   * Finds a row for each prompt, in turn, until no row is free. A prompt takes over the longest beginning that another row has,
   * or will have once it is fed (feed-plan.ts).
   *
   * @param prompts `fresh` ones take nothing over: their every token is fed
   * @returns as many placements as prompts could be placed
   */
  place(prompts: readonly { tokens: readonly number[]; fresh: boolean }[]): Placement[] {
    for (const row of this.rows) Object.assign(row, { source: false, taken: 0 });
    const placements: Placement[] = [];
    for (const { tokens, fresh } of prompts) {
      // The last token is fed when the first new one is chosen.
      const fed = tokens.slice(0, -1);
      const shared = fresh ? null : this.longest(fed);
      const at = this.destination(shared);
      const row = this.rows[at];
      if (row === undefined) break;
      const start = shared?.count ?? 0;
      const from = shared === null || shared.at === at ? null : shared.at;
      if (shared !== null && from !== null) shared.row.source = true;
      Object.assign(row, { tokens: fed, busy: true, lastUse: ++this.uses, taken: from === null ? 0 : start });
      placements.push({ row: at, start, from });
    }
    return placements;
  }

  /** The row is free again, and its cache holds the keys and values of these tokens. */
  release(at: number, tokens: readonly number[]): void {
    const row = this.rows[at];
    if (row !== undefined) Object.assign(row, { tokens, busy: false, lastUse: ++this.uses });
  }

  private longest(fed: readonly number[]): Shared | null {
    let best: Shared | null = null;
    for (const [at, row] of this.rows.entries()) {
      const count = commonLength(row.tokens, fed);
      // Less than a row takes over itself is to be had where it takes it from.
      if (count > (best?.count ?? 0) && count >= row.taken) best = { at, row, count };
    }
    return best;
  }

  /** The row that has the beginning, where nothing is lost with it; else the free one used longest ago; -1 where there is none. */
  private destination(shared: Shared | null): number {
    const own = shared !== null && !shared.row.busy && !shared.row.source ? shared : null;
    if (own !== null && own.count === own.row.tokens.length) return own.at;
    let oldest: { at: number; lastUse: number } | null = null;
    for (const [at, { busy, source, lastUse }] of this.rows.entries()) {
      if (busy || source || at === shared?.at) continue;
      if (oldest === null || lastUse < oldest.lastUse) oldest = { at, lastUse };
    }
    return oldest?.at ?? own?.at ?? -1;
  }
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
