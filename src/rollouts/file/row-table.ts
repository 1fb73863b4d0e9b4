/** The numbers of all rows of a file, column by column; what a row says in words stays in the file until it is shown. */
import { EM_UNKNOWN } from '../../lib/exact-match';
import type { Rollout, RolloutSide } from '../reading/record';
import type { Remark } from '../reading/remarks';
import { faultColumns, faultsOf } from './row-faults';
import type { FaultColumns, Faults } from './row-faults';

/** What lists and boards need of one side. (N) each. */
export interface SideColumns {
  /** 0, 1 or EM_UNKNOWN. */
  em: Uint8Array;
  /** NaN where unknown. */
  rewards: Float32Array;
  coverage: Float32Array;
  /** Mean u_i over its searches, 0 without one. */
  density: Float32Array;
  /** 1 where it ended with an answer, as the engine's END_REASONS count; 6 elsewhere. */
  reasons: Uint8Array;
  /** Steps that search. */
  searches: Uint16Array;
  /** From its first step to the end of its last, passages included; `sizeUnit` says of what. */
  sizes: Uint32Array;
}

/** N rows, sorted by step, then group, then place in the file. */
export interface RowTable {
  /** (N) first byte of the line and its length. */
  offsets: Uint32Array;
  lengths: Uint32Array;
  /** (N) number of the line in its file, from 1. */
  lines: Uint32Array;
  /** (N) training step, -1 where the file does not tell. */
  steps: Int32Array;
  /** (N) number of the group, ascending. */
  groups: Uint32Array;
  /** Question of each group. */
  questions: string[];
  draft: SideColumns;
  final: SideColumns;
  /** (N) 0 accepted, j cut at step j; 255 stands for any later step. */
  cuts: Uint8Array;
  /** (N) log-probability of accepting, 0 where nothing reviewed. */
  acceptLogProbs: Float32Array;
  /** (N) as given, else normalised within the group; NaN where the row has none, or a reward of its group is unknown. */
  advantages: Float32Array;
  reviewAdvantages: Float32Array;
  /** Of the final sides. */
  faults: FaultColumns;
  /** By row: what a person said of it, in the file. */
  remarks: ReadonlyMap<number, readonly Remark[]>;
  /** Whether any row was reviewed. */
  reviewed: boolean;
  /** Rows whose exact match is unknown, whose reward is, and whose reward is computed. */
  unknownEm: number;
  unknownRewards: number;
  computedRewards: number;
  /** What `sizes` count: tokens in our own files, else characters; mixed where a file has both. */
  sizeUnit: 'tokens' | 'characters' | 'mixed';
}

const EPSILON = 1e-6;
const FINISHED = 1;
const MALFORMED = 6;

interface Row {
  file: string;
  pass: number;
  offset: number;
  length: number;
  line: number;
  step: number;
  group: number;
  draft: SideNumbers;
  final: SideNumbers;
  cut: number;
  accept: number;
  advantage: number | null;
  reviewAdvantage: number;
  rewardGiven: boolean;
  hasTokens: boolean;
  faults: Faults;
  remarks: readonly Remark[];
}

interface SideNumbers {
  em: number;
  reward: number;
  coverage: number;
  density: number;
  reason: number;
  searches: number;
  size: number;
}

export class RowTableBuilder {
  /** By a number that stays while others go. */
  private readonly rows = new Map<number, Row>();
  private next = 0;
  private file = '';
  private pass = 0;
  private replaces = false;
  private readonly groups = new Map<string, number>();
  private readonly questions: string[] = [];
  private reviewed = false;

  get count(): number {
    return this.rows.size;
  }

  get keptBytes(): number {
    let sum = 0;
    for (const { length } of this.rows.values()) sum += length;
    return sum;
  }

  /**
   * The rows to come are of this file. What an earlier pass read of it stays, but for the steps that this one has too: it
   * began anew.
   */
  begin(file: string, pass: number): void {
    this.file = file;
    this.pass = pass;
    this.replaces ||= pass > 0;
  }

  /** @param place of the row that it replaces, else it comes behind them @returns its own */
  add(rollout: Rollout, offset: number, length: number, line: number, place = this.next): number {
    this.next = Math.max(this.next, place + 1);
    const step = rollout.step ?? -1;
    const key = `${step}\n${rollout.group}`;
    const group = this.groups.get(key) ?? this.questions.length;
    if (group === this.questions.length) {
      this.groups.set(key, group);
      this.questions.push(rollout.question);
    }
    this.reviewed ||= rollout.reviewed;
    const { rewardGiven, tokens } = rollout.final;
    const draft = numbersOf(rollout.draft);
    this.rows.set(place, {
      file: this.file,
      pass: this.pass,
      offset,
      length,
      line,
      step,
      group,
      draft,
      final: rollout.final === rollout.draft ? draft : numbersOf(rollout.final),
      cut: Math.min(255, rollout.cut),
      accept: rollout.review ? Math.log(Math.max(rollout.review[0] ?? 0, 1e-30)) : 0,
      advantage: rollout.advantage,
      reviewAdvantage: rollout.reviewAdvantage ?? 0,
      faults: faultsOf(rollout),
      rewardGiven,
      hasTokens: tokens !== null,
      remarks: rollout.remarks ?? [],
    });
    return place;
  }

  /** May be asked again after more rows. */
  finish(): RowTable {
    if (this.replaces) this.dropReplaced();
    // Sorting is stable, so rows of a group keep the order of the file.
    const rows = [...this.rows.values()].sort((a, b) => a.step - b.step || a.group - b.group);
    const order = [...new Set(rows.map((row) => row.group))];
    const place = new Map(order.map((group, k) => [group, k]));
    const withTokens = rows.filter(({ hasTokens }) => hasTokens).length;
    return {
      offsets: Uint32Array.from(rows, (row) => row.offset),
      lengths: Uint32Array.from(rows, (row) => row.length),
      lines: Uint32Array.from(rows, (row) => row.line),
      steps: Int32Array.from(rows, (row) => row.step),
      groups: Uint32Array.from(rows, (row) => place.get(row.group) ?? 0),
      questions: order.map((group) => this.questions[group] ?? ''),
      draft: columnsOf(rows.map((row) => row.draft)),
      final: columnsOf(rows.map((row) => row.final)),
      cuts: Uint8Array.from(rows, (row) => row.cut),
      acceptLogProbs: Float32Array.from(rows, (row) => row.accept),
      advantages: advantagesOf(rows),
      reviewAdvantages: Float32Array.from(rows, (row) => row.reviewAdvantage),
      faults: faultColumns(rows.map(({ faults }) => faults)),
      remarks: new Map(rows.flatMap(({ remarks }, row) => (remarks.length > 0 ? [[row, remarks]] : []))),
      reviewed: this.reviewed,
      unknownEm: rows.filter(({ final }) => final.em === EM_UNKNOWN).length,
      unknownRewards: rows.filter(({ final }) => Number.isNaN(final.reward)).length,
      computedRewards: rows.filter(({ final, rewardGiven }) => !rewardGiven && !Number.isNaN(final.reward)).length,
      sizeUnit: withTokens === 0 ? 'characters' : withTokens === rows.length ? 'tokens' : 'mixed',
    };
  }

  private dropReplaced(): void {
    const newest = new Map<string, number>();
    const keyOf = ({ file, step }: Row): string => `${step}\n${file}`;
    for (const row of this.rows.values()) newest.set(keyOf(row), Math.max(row.pass, newest.get(keyOf(row)) ?? 0));
    for (const [place, row] of this.rows) if (row.pass < (newest.get(keyOf(row)) ?? 0)) this.rows.delete(place);
  }

  /** Lets the kept lines lie behind one another. @returns [from, length, ..] of each, ascending */
  moveTogether(): Uint32Array<ArrayBuffer> {
    const rows = [...this.rows.values()].sort((a, b) => a.offset - b.offset);
    const moves = Uint32Array.from(rows.flatMap(({ offset, length }) => [offset, length]));
    let offset = 0;
    for (const row of rows) {
      row.offset = offset;
      offset += row.length;
    }
    return moves;
  }
}

function numbersOf({ steps, em, reward, coverage, endReason }: RolloutSide): SideNumbers {
  const searches = steps.filter(({ kind }) => kind === 'search');
  const useful = searches.reduce((sum, step) => sum + (step.useful ?? 0), 0);
  const density = searches.length > 0 ? useful / searches.length : 0;
  // Calls of one message share its place, and the first one's results may end after the last one's.
  const size = steps.reduce((end, step) => Math.max(end, step.end), 0) - (steps[0]?.start ?? 0);
  return {
    em: em ?? EM_UNKNOWN,
    reward: reward ?? NaN,
    coverage,
    density,
    reason: endReason === null ? FINISHED : MALFORMED,
    searches: searches.length,
    size,
  };
}

function columnsOf(sides: readonly SideNumbers[]): SideColumns {
  return {
    em: Uint8Array.from(sides, (side) => side.em),
    rewards: Float32Array.from(sides, (side) => side.reward),
    coverage: Float32Array.from(sides, (side) => side.coverage),
    density: Float32Array.from(sides, (side) => side.density),
    reasons: Uint8Array.from(sides, (side) => side.reason),
    searches: Uint16Array.from(sides, (side) => side.searches),
    sizes: Uint32Array.from(sides, (side) => side.size),
  };
}

/**
 * (R - mean) / (std + 1e-6) with G - 1 within each group (GRPO, arXiv 2402.03300); 0 for equal rewards. One row is no group to
 * compare it with.
 */
function advantagesOf(rows: readonly Row[]): Float32Array {
  const advantages = new Float32Array(rows.length);
  for (let from = 0; from < rows.length;) {
    let to = from + 1;
    while (to < rows.length && rows[to]?.group === rows[from]?.group) to += 1;
    const rewards = rows.slice(from, to).map((row) => row.final.reward);
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    const squares = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
    const std = Math.sqrt(squares / Math.max(1, rewards.length - 1));
    const equal = rewards.every((reward) => reward === rewards[0]);
    const none = rewards.length < 2 ? NaN : 0;
    for (let k = from; k < to; k += 1) {
      const { advantage, final } = rows[k]!;
      advantages[k] = advantage ?? (equal ? none : (final.reward - mean) / (std + EPSILON));
    }
    from = to;
  }
  return advantages;
}

export function tableBuffers(table: RowTable): ArrayBuffer[] {
  return [table, table.draft, table.final, table.faults].flatMap((part) =>
    Object.values(part).flatMap((value: unknown) =>
      ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
    ),
  );
}
