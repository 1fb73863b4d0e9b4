/** All numbers of the rows that were read so far, in the order of reading. Parts that were read elsewhere are put behind each other. */
import { EM_UNKNOWN } from '../../lib/exact-match';
import type { EvidenceRule, Rollout, RolloutSide } from '../reading/record';
import type { Remark } from '../reading/remarks';
import { Column } from './column';
import type { NumberArray } from './column';
import { ANSWERED, faultsOf } from './row-faults';

export const RULES: readonly EvidenceRule[] = ['world', 'labels', 'titles', 'answer', 'none'];
const FINISHED = 1;
const MALFORMED = 6;
/** Values of `truncated`. */
export const TELLS_NOT = 2;

const bytes = () => new Column((length) => new Uint8Array(length));
const short = () => new Column((length) => new Uint16Array(length));
const whole = () => new Column((length) => new Uint32Array(length));
const single = () => new Column((length) => new Float32Array(length));
const double = () => new Column((length) => new Float64Array(length));
const signedShort = () => new Column((length) => new Int16Array(length));

function sideColumns() {
  return {
    em: bytes(),
    rewards: double(),
    coverage: single(),
    density: single(),
    reasons: bytes(),
    searches: short(),
    sizes: whole(),
  };
}

function rowColumns() {
  return {
    offsets: whole(),
    lengths: whole(),
    lines: whole(),
    steps: double(),
    groups: whole(),
    /** Place in `passes`. */
    passes: whole(),
    gone: bytes(),
    cuts: bytes(),
    accept: single(),
    /** NaN where none was given. */
    advantages: double(),
    reviewAdvantages: single(),
    rewardGiven: bytes(),
    hasTokens: bytes(),
    useless: signedShort(),
    flawed: signedShort(),
    grounded: bytes(),
    endings: whole(),
    rules: bytes(),
    truncated: bytes(),
  };
}

export type SideName = 'draft' | 'final';

/** Rows that were read elsewhere, as they go from one thread to the next. */
export interface RowPart {
  count: number;
  columns: readonly NumberArray[];
  groups: readonly { key: string; question: string }[];
  endings: readonly string[];
  /** What persons said of a row, by its place. */
  remarks: readonly (readonly [place: number, said: readonly Remark[]])[];
  reviewed: boolean;
}

/** A whole number for each text, by the order in which they come. */
class Names {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}

export class RowColumns {
  /** Rows, those that are gone among them. */
  count = 0;
  reviewed = false;
  readonly rows = rowColumns();
  readonly draft = sideColumns();
  readonly final = sideColumns();
  /** By step and what puts rows into a group. */
  readonly groups = new Names();
  readonly questions: string[] = [];
  readonly endings = new Names();
  readonly remarks = new Map<number, readonly Remark[]>();

  constructor() {
    this.endings.of(ANSWERED);
  }

  put(index: number, rollout: Rollout, place: { offset: number; length: number; line: number; pass: number }): void {
    const { rows } = this;
    this.count = Math.max(this.count, index + 1);
    this.reviewed ||= rollout.reviewed;
    rows.offsets.put(index, place.offset);
    rows.lengths.put(index, place.length);
    rows.lines.put(index, place.line);
    rows.passes.put(index, place.pass);
    const step = rollout.step ?? -1;
    rows.steps.put(index, step);
    rows.groups.put(index, this.groupOf(`${step}\n${rollout.group}`, rollout.question));
    rows.cuts.put(index, Math.min(255, rollout.cut));
    rows.accept.put(index, rollout.review ? Math.log(Math.max(rollout.review[0] ?? 0, 1e-30)) : 0);
    rows.advantages.put(index, rollout.advantage ?? NaN);
    rows.reviewAdvantages.put(index, rollout.reviewAdvantage ?? 0);
    rows.rewardGiven.put(index, Number(rollout.final.rewardGiven));
    rows.hasTokens.put(index, Number(rollout.final.tokens !== null));
    this.remarks.delete(index);
    if (rollout.remarks !== undefined && rollout.remarks.length > 0) this.remarks.set(index, rollout.remarks);
    const faults = faultsOf(rollout);
    rows.useless.put(index, faults.useless);
    rows.flawed.put(index, faults.flawed);
    rows.grounded.put(index, faults.grounded);
    rows.endings.put(index, this.endings.of(faults.ending));
    rows.rules.put(index, RULES.indexOf(faults.rule));
    rows.truncated.put(index, faults.truncated === null ? TELLS_NOT : Number(faults.truncated));
    this.putSide('draft', index, rollout.draft);
    this.putSide('final', index, rollout.final);
  }

  private groupOf(key: string, question: string): number {
    const group = this.groups.of(key);
    if (group === this.questions.length) this.questions.push(question);
    return group;
  }

  private putSide(side: SideName, index: number, { steps, em, reward, coverage, endReason }: RolloutSide): void {
    const columns = this[side];
    let [searches, useful, end] = [0, 0, 0];
    for (const step of steps) {
      // Calls of one message share its place, and the first one's results may end after the last one's.
      end = Math.max(end, step.end);
      if (step.kind !== 'search') continue;
      searches += 1;
      useful += step.useful ?? 0;
    }
    columns.em.put(index, em ?? EM_UNKNOWN);
    columns.rewards.put(index, reward ?? NaN);
    columns.coverage.put(index, coverage);
    columns.density.put(index, searches > 0 ? useful / searches : 0);
    columns.reasons.put(index, endReason === null ? FINISHED : MALFORMED);
    columns.searches.put(index, searches);
    columns.sizes.put(index, end - (steps[0]?.start ?? 0));
  }

  /** All rows so far, to be taken in by others. */
  part(): RowPart {
    const { list } = this.groups;
    return {
      count: this.count,
      columns: this.all.map((column) => column.upTo(this.count)),
      groups: list.map((key, group) => ({ key, question: this.questions[group] ?? '' })),
      endings: this.endings.list,
      remarks: [...this.remarks],
      reviewed: this.reviewed,
    };
  }

  /** @param places of its rows here, null where they come behind the others */
  take(part: RowPart, places: readonly number[] | null, where: { offset: number; pass: number }): void {
    const from = this.count;
    const at = (k: number): number => places?.[k] ?? from + k;
    this.all.forEach((column, k) => {
      const values = part.columns[k] ?? [];
      if (places === null) column.copy(from, values);
      else for (let row = 0; row < part.count; row += 1) column.put(at(row), values[row] ?? 0);
    });
    this.reviewed ||= part.reviewed;
    const groups = part.groups.map(({ key, question }) => this.groupOf(key, question));
    for (const place of places ?? []) this.remarks.delete(place);
    for (const [place, said] of part.remarks) this.remarks.set(at(place), said);
    const endings = part.endings.map((name) => this.endings.of(name));
    const { rows } = this;
    for (let k = 0; k < part.count; k += 1) {
      const row = at(k);
      this.count = Math.max(this.count, row + 1);
      rows.offsets.put(row, rows.offsets.at(row) + where.offset);
      rows.passes.put(row, where.pass);
      rows.groups.put(row, groups[rows.groups.at(row)] ?? 0);
      rows.endings.put(row, endings[rows.endings.at(row)] ?? 0);
    }
  }

  private get all(): readonly Column<NumberArray>[] {
    return [...Object.values(this.rows), ...Object.values(this.draft), ...Object.values(this.final)];
  }
}
