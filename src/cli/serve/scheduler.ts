/** Continuous batching: whoever asks joins the rows that are writing, and equal prompts are fed once. */
import { logProbability } from '../../rl/rollout/log-probability';
import type { DecodeBatch, Sampling } from './decode-batch';
import { feedPlan } from './feed-plan';
import { PrefixCache } from './prefix-cache';
import type { SeedPlace } from '../../rollouts/live/served-seed';
import { uniformAt } from './seeds';

/** A token with what the policy thought of it. */
export interface Written {
  token: number;
  /** Under the tokens that the policy may write, at temperature 1; null for one that it may not. */
  logProb: number | null;
  /** The likeliest ones, best first; as many as were asked for. */
  top: readonly (readonly [token: number, logProb: number])[];
}

export interface Sequence {
  /** At least one token. */
  prompt: readonly number[];
  seed: SeedPlace;
  sampling: Sampling;
  /** With the prompt at most as many as a row has positions; 0 where only the prompt is scored. */
  maxTokens: number;
  /** Likeliest tokens that are wanted beside each. */
  top: number;
  /** Told the tokens of the prompt from the second on, where their log-probabilities are wanted. */
  onPrompt?: (written: Written) => void;
  /** Told each new token; true ends the sequence with it. */
  onToken: (written: Written) => boolean;
}

export type Ending = 'stop' | 'length' | 'cancelled';

interface Live {
  sequence: Sequence;
  row: number;
  /** What the row was fed. */
  fed: number[];
  /** Next to be fed. */
  last: number;
  written: number;
  cancelled: boolean;
  settle: (ending: Ending) => void;
  fail: (error: unknown) => void;
}

export interface Ticket {
  ended: Promise<Ending>;
  cancel(): void;
}

export class Scheduler {
  private readonly cache: PrefixCache;
  private waiting: Live[] = [];
  private running: Live[] = [];
  private working = false;

  constructor(
    private readonly batch: DecodeBatch,
    rows: number,
    private readonly positions: number,
    private readonly allowed: Uint32Array,
  ) {
    this.cache = new PrefixCache(rows);
  }

  /** Sequences that are under way or wait. */
  get load(): number {
    return this.waiting.length + this.running.length;
  }

  start(sequence: Sequence): Ticket {
    const { prompt } = sequence;
    let cancel: () => void = () => undefined;
    const ended = new Promise<Ending>((settle, fail) => {
      const own = { row: -1, fed: prompt.slice(0, -1), last: prompt.at(-1) ?? 0, written: 0, cancelled: false };
      const live: Live = { sequence, ...own, settle, fail };
      cancel = () => void (live.cancelled = true);
      this.waiting.push(live);
    });
    if (!this.working) void this.work();
    return { ended, cancel };
  }

  private async work(): Promise<void> {
    this.working = true;
    try {
      while (this.load > 0) {
        // Requests that came in meanwhile are heard.
        await new Promise((resolve) => setImmediate(resolve));
        this.dropCancelled();
        await this.admit();
        for (const group of groupsOf(this.running)) await this.write(group);
      }
    } catch (error) {
      for (const live of [...this.waiting, ...this.running]) live.fail(error);
      [this.waiting, this.running] = [[], []];
    } finally {
      this.working = false;
    }
  }

  private dropCancelled(): void {
    for (const live of this.waiting) if (live.cancelled) live.settle('cancelled');
    this.waiting = this.waiting.filter(({ cancelled }) => !cancelled);
    for (const live of this.running) if (live.cancelled) this.end(live, 'cancelled');
    this.running = this.running.filter(({ cancelled }) => !cancelled);
  }

  /** Gives waiting sequences rows, and feeds these all of their prompts but the last token. */
  private async admit(): Promise<void> {
    if (this.waiting.length === 0) return;
    const placements = this.cache.place(
      this.waiting.map(({ sequence: { prompt, onPrompt } }) => ({ tokens: prompt, fresh: onPrompt !== undefined })),
    );
    const admitted = this.waiting.splice(0, placements.length);
    if (admitted.length === 0) return;
    const placed = admitted.flatMap((live, i) => {
      const placement = placements[i];
      const { fed, sequence } = live;
      return placement === undefined ? [] : [{ live, fed, keep: sequence.onPrompt !== undefined, ...placement }];
    });
    for (const { live, row } of placed) live.row = row;
    const byRow = new Map(placed.map((one) => [one.row, one]));
    await this.batch.feed(feedPlan(placed, this.batch.block), ({ row, position }, logits) => {
      const { sequence } = byRow.get(row)?.live ?? {};
      const next = sequence?.prompt[position + 1];
      if (sequence?.onPrompt === undefined || next === undefined) return;
      sequence.onPrompt(this.scored(next, null, logits, sequence.top));
    });
    for (const { live } of placed) {
      if (live.sequence.maxTokens === 0) this.end(live, 'length');
      else this.running.push(live);
    }
  }

  private async write(group: readonly Live[]): Promise<void> {
    const { batch, positions } = this;
    const room = Math.min(...group.map(({ fed }) => positions - fed.length));
    const wanted = Math.max(...group.map(({ sequence, written }) => sequence.maxTokens - written));
    const steps = Math.min(batch.ahead, room, wanted);
    const [head] = group;
    if (head === undefined) return;
    const writers = group.map(({ sequence, row, fed, last }) => ({
      row,
      token: last,
      position: fed.length,
      uniforms: Array.from({ length: steps }, (_, k) => uniformAt(sequence.seed, fed.length + k + 1)),
    }));
    const wantLogits = group.some(({ sequence }) => sequence.top > 0);
    const { tokens, stats, logits } = await batch.write(writers, steps, head.sequence.sampling, wantLogits);
    const n = group.length;
    const ended = new Set<Live>();
    group.forEach((live, i) => {
      for (let k = 0; k < steps; k++) {
        const token = tokens[k * n + i] ?? 0;
        const logProb = stats[(k * n + i) * 2] ?? 0;
        live.fed.push(live.last);
        live.last = token;
        live.written++;
        const { onToken, maxTokens, top } = live.sequence;
        const stop = onToken(
          top === 0 || logits === null ? { token, logProb, top: [] } : this.scored(token, logProb, logits(k, i), top),
        );
        if (!stop && live.written < maxTokens) continue;
        // Where it was looked ahead, the last token was fed too.
        if (k + 1 < steps) live.fed.push(token);
        this.end(live, stop ? 'stop' : 'length');
        ended.add(live);
        return;
      }
    });
    this.running = this.running.filter((live) => !ended.has(live));
  }

  private end(live: Live, ending: Ending): void {
    this.cache.release(live.row, live.fed);
    live.settle(ending);
  }

  private scored(token: number, known: number | null, logits: Float32Array, top: number): Written {
    const { allowed } = this;
    const of = logProbability(logits, allowed);
    const best =
      top === 0
        ? []
        : Array.from(allowed.keys())
            .filter((id) => allowed[id] === 1)
            .map((id) => [id, of(id)] as const)
            // Of equally likely ones the lower id, as the sampler has it.
            .sort(([a, p], [b, q]) => q - p || a - b)
            .slice(0, top);
    return { token, logProb: known ?? (allowed[token] === 1 ? of(token) : null), top: best };
  }
}

/** Those that sample in the same way, as a step of the decoder does it for all. */
function groupsOf(running: readonly Live[]): Live[][] {
  const groups = new Map<string, Live[]>();
  for (const live of running) {
    const { temperature, topK, topP } = live.sequence.sampling;
    const key = `${temperature} ${topK} ${topP}`;
    groups.set(key, [...(groups.get(key) ?? []), live]);
  }
  return [...groups.values()];
}
