/** All numbers of the rows that were read so far, in the order of reading. Parts that were read elsewhere are put behind each other. */
import { EM_UNKNOWN } from '../../lib/exact-match';
import type { EvidenceRule } from '../reading/record';
import type { Remark } from '../reading/remarks';
import { Column } from './column';
import type { NumberArray } from './column';
import type { RowBrief, SideBrief } from './row-brief';
import { ANSWERED } from './row-faults';

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

type SideColumns = ReturnType<typeof sideColumns>;
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
  /** Rows that every column has room for. */
  private room = 0;

  constructor() {
    this.endings.of(ANSWERED);
  }

  put(index: number, brief: RowBrief, place: { offset: number; length: number; line: number; pass: number }): void {
    const { rows } = this;
    const { faults } = brief;
    this.count = Math.max(this.count, index + 1);
    this.makeRoom();
    this.reviewed ||= brief.reviewed;
    rows.offsets.values[index] = place.offset;
    rows.lengths.values[index] = place.length;
    rows.lines.values[index] = place.line;
    rows.passes.values[index] = place.pass;
    const step = brief.step ?? -1;
    rows.steps.values[index] = step;
    rows.groups.values[index] = this.groupOf(`${step}\n${brief.group}`, brief.question);
    rows.cuts.values[index] = Math.min(255, brief.cut);
    rows.accept.values[index] = brief.accept;
    rows.advantages.values[index] = brief.advantage ?? NaN;
    rows.reviewAdvantages.values[index] = brief.reviewAdvantage ?? 0;
    rows.rewardGiven.values[index] = Number(brief.rewardGiven);
    rows.hasTokens.values[index] = Number(brief.hasTokens);
    this.remarks.delete(index);
    if (brief.remarks.length > 0) this.remarks.set(index, brief.remarks);
    rows.useless.values[index] = faults.useless;
    rows.flawed.values[index] = faults.flawed;
    rows.grounded.values[index] = faults.grounded;
    rows.endings.values[index] = this.endings.of(faults.ending);
    rows.rules.values[index] = RULES.indexOf(faults.rule);
    rows.truncated.values[index] = faults.truncated === null ? TELLS_NOT : Number(faults.truncated);
    putSide(this.draft, index, brief.draft);
    putSide(this.final, index, brief.final);
  }

  private makeRoom(): void {
    if (this.count <= this.room) return;
    this.room = Math.max(this.count, 2 * this.room);
    for (const column of this.all) column.reserve(this.room);
  }

  private groupOf(key: string, question: string): number {
    const group = this.groups.of(key);
    if (group === this.questions.length) this.questions.push(question);
    return group;
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

function putSide(columns: SideColumns, index: number, side: SideBrief): void {
  columns.em.values[index] = side.em ?? EM_UNKNOWN;
  columns.rewards.values[index] = side.reward ?? NaN;
  columns.coverage.values[index] = side.coverage;
  columns.density.values[index] = side.density;
  columns.reasons.values[index] = side.answered ? FINISHED : MALFORMED;
  columns.searches.values[index] = side.searches;
  columns.sizes.values[index] = side.size;
}
