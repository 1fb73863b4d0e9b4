/** Makes the table of all rows, as often as it is asked: rows are put in, replaced and let go of meanwhile. */
import { EM_UNKNOWN } from '../../lib/exact-match';
import { RowColumns, RULES, TELLS_NOT } from './row-columns';
import type { RowPart, SideName } from './row-columns';
import { ANSWERED, MOST_ENDINGS } from './row-faults';
import type { FaultColumns } from './row-faults';
import type { RowBrief } from './row-brief';
import type { RowTable, SideColumns } from './row-table';

const EPSILON = 1e-6;

export class RowTableBuilder {
  private readonly columns = new RowColumns();
  /** Readings of files: each row is of one. */
  private readonly passes: { file: string; pass: number }[] = [{ file: '', pass: 0 }];
  private goneRows = 0;
  private replaces = false;

  get count(): number {
    return this.columns.count - this.goneRows;
  }

  get keptBytes(): number {
    let sum = 0;
    for (const row of this.live()) sum += this.columns.rows.lengths.at(row);
    return sum;
  }

  /**
   * The rows to come are of this file. What an earlier pass read of it stays, but for the steps that this one has too: it
   * began anew.
   */
  begin(file: string, pass: number): void {
    this.passes.push({ file, pass });
    this.replaces ||= pass > 0;
  }

  /** @param place of the row that it replaces, else it comes behind them @returns its own */
  add(brief: RowBrief, offset: number, length: number, line: number, place?: number): number {
    const index = this.placeFor(place);
    this.columns.put(index, brief, { offset, length, line, pass: this.passes.length - 1 });
    return index;
  }

  part(): RowPart {
    return this.columns.part();
  }

  /** @param places that its rows replace, undefined where they come behind the others; null where all do @returns their own */
  take(part: RowPart, offset: number, places: readonly (number | undefined)[] | null): number[] {
    const { count } = this.columns;
    let next = count;
    const own = places?.map((place) => {
      const there = this.placeFor(place, next);
      next = Math.max(next, there + 1);
      return there;
    });
    this.columns.take(part, own ?? null, { offset, pass: this.passes.length - 1 });
    const taken = own ?? Array.from({ length: part.count }, (_, k) => count + k);
    this.goneRows += taken.filter((place) => this.columns.rows.gone.at(place) === 1).length;
    return taken;
  }

  /** @param place of a row that another one has taken the place of */
  drop(place: number): void {
    this.columns.rows.gone.put(place, 1);
    this.goneRows += 1;
  }

  private placeFor(place: number | undefined, next = this.columns.count): number {
    return place === undefined || this.columns.rows.gone.at(place) === 1 ? next : place;
  }

  /** May be asked again after more rows. */
  finish(): RowTable {
    if (this.replaces) this.dropReplaced();
    const { rows, reviewed, questions } = this.columns;
    // Sorting is stable, so rows of a group keep the order of the file.
    const order = this.live().sort(
      (a, b) => rows.steps.at(a) - rows.steps.at(b) || rows.groups.at(a) - rows.groups.at(b),
    );
    const groups = rows.groups.gather(order);
    const groupPlaces = new Map<number, number>();
    for (const group of groups) if (!groupPlaces.has(group)) groupPlaces.set(group, groupPlaces.size);
    const final = this.side('final', order);
    const withTokens = countOf(rows.hasTokens.gather(order), (has) => has === 1);
    const { rewards } = this.columns.final;
    const unknown = (row: number): boolean => Number.isNaN(rewards.at(row));
    return {
      offsets: rows.offsets.gather(order),
      lengths: rows.lengths.gather(order),
      lines: rows.lines.gather(order),
      steps: Int32Array.from(rows.steps.gather(order)),
      groups: groups.map((group) => groupPlaces.get(group) ?? 0),
      questions: Array.from(groupPlaces.keys(), (group) => questions[group] ?? ''),
      draft: this.side('draft', order),
      final,
      cuts: rows.cuts.gather(order),
      acceptLogProbs: rows.accept.gather(order),
      advantages: this.advantages(order),
      reviewAdvantages: rows.reviewAdvantages.gather(order),
      faults: this.faults(order),
      remarks: this.remarks(order),
      reviewed,
      unknownEm: countOf(final.em, (em) => em === EM_UNKNOWN),
      unknownRewards: countOf(order, unknown),
      computedRewards: countOf(order, (row) => rows.rewardGiven.at(row) === 0 && !unknown(row)),
      sizeUnit: withTokens === 0 ? 'characters' : withTokens === order.length ? 'tokens' : 'mixed',
    };
  }

  /** Lets the kept lines lie behind one another. @returns [from, length, ..] of each, ascending */
  moveTogether(): Uint32Array<ArrayBuffer> {
    const { offsets, lengths } = this.columns.rows;
    const rows = this.live().sort((a, b) => offsets.at(a) - offsets.at(b));
    const moves = Uint32Array.from(rows.flatMap((row) => [offsets.at(row), lengths.at(row)]));
    let offset = 0;
    for (const row of rows) {
      offsets.put(row, offset);
      offset += lengths.at(row);
    }
    return moves;
  }

  private live(): number[] {
    const all = Array.from({ length: this.columns.count }, (_, row) => row);
    return this.goneRows === 0 ? all : all.filter((row) => this.columns.rows.gone.at(row) === 0);
  }

  private dropReplaced(): void {
    const { steps, passes } = this.columns.rows;
    const newest = new Map<string, number>();
    const of = (row: number): { key: string; pass: number } => {
      const { file = '', pass = 0 } = this.passes[passes.at(row)] ?? {};
      return { key: `${steps.at(row)}\n${file}`, pass };
    };
    const rows = this.live();
    for (const { key, pass } of rows.map(of)) newest.set(key, Math.max(pass, newest.get(key) ?? 0));
    for (const row of rows) {
      const { key, pass } = of(row);
      if (pass < (newest.get(key) ?? 0)) this.drop(row);
    }
  }

  private side(name: SideName, order: readonly number[]): SideColumns {
    const { em, rewards, coverage, density, reasons, searches, sizes } = this.columns[name];
    return {
      em: em.gather(order),
      rewards: Float32Array.from(rewards.gather(order)),
      coverage: coverage.gather(order),
      density: density.gather(order),
      reasons: reasons.gather(order),
      searches: searches.gather(order),
      sizes: sizes.gather(order),
    };
  }

  private faults(order: readonly number[]): FaultColumns {
    const { useless, flawed, grounded, endings, rules, truncated } = this.columns.rows;
    const names = this.columns.endings.list;
    const counts: FaultColumns['rules'] = {};
    for (const code of rules.gather(order)) {
      const rule = RULES[code] ?? 'none';
      counts[rule] = (counts[rule] ?? 0) + 1;
    }
    // By the order in which they are met in the table.
    const codes = new Map([[names.indexOf(ANSWERED), 0]]);
    const ended = endings.gather(order);
    for (const ending of ended) if (!codes.has(ending)) codes.set(ending, codes.size);
    return {
      useless: useless.gather(order),
      flawed: flawed.gather(order),
      grounded: grounded.gather(order),
      endings: Uint8Array.from(ended, (ending) => Math.min(MOST_ENDINGS, codes.get(ending) ?? 0)),
      endingNames: Array.from(codes.keys(), (ending) => names[ending] ?? '').slice(0, MOST_ENDINGS + 1),
      tellsTruncation: truncated.gather(order).some((told) => told !== TELLS_NOT),
      rules: counts,
    };
  }

  private remarks(order: readonly number[]): RowTable['remarks'] {
    const { remarks } = this.columns;
    if (remarks.size === 0) return new Map();
    return new Map(order.flatMap((row, place) => (remarks.has(row) ? [[place, remarks.get(row) ?? []]] : [])));
  }

  /**
   * As given, else (R - mean) / (std + 1e-6) with G - 1 within each group (GRPO, arXiv 2402.03300); 0 for equal rewards. One row
   * is no group to compare it with.
   */
  private advantages(order: readonly number[]): Float32Array {
    const groups = this.columns.rows.groups.gather(order);
    const given = this.columns.rows.advantages.gather(order);
    const all = this.columns.final.rewards.gather(order);
    const advantages = new Float32Array(order.length);
    for (let from = 0; from < order.length;) {
      let to = from + 1;
      while (to < order.length && groups[to] === groups[from]) to += 1;
      const rewards = all.subarray(from, to);
      const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
      const squares = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
      const std = Math.sqrt(squares / Math.max(1, rewards.length - 1));
      const equal = rewards.every((reward) => reward === rewards[0]);
      const none = rewards.length < 2 ? NaN : 0;
      for (let k = from; k < to; k += 1) {
        const own = given[k] ?? NaN;
        advantages[k] = Number.isNaN(own) ? (equal ? none : ((all[k] ?? NaN) - mean) / (std + EPSILON)) : own;
      }
      from = to;
    }
    return advantages;
  }
}

function countOf(values: Iterable<number>, counts: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (counts(value)) count += 1;
  return count;
}
