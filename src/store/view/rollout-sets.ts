/** Sets of a file's rows (a training step, or all of it) in numbers, and two of them against each other. */
import { emAt } from '../../lib/exact-match';
import type { RowTable } from '../../rollouts/file/row-table';

/** Rows [from, to) of a table. */
export interface RowSet {
  table: RowTable;
  from: number;
  to: number;
}

/** Means over the rows of a set; null where nothing is known. */
export interface SetSummary {
  rows: number;
  groups: number;
  /** Groups of several rows, and those of them whose rewards are all equal. */
  realGroups: number;
  equalGroups: number;
  /** Rows whose exact match is known; the means are theirs. */
  known: number;
  em: number | null;
  emDraft: number | null;
  reward: number | null;
  searches: number | null;
  size: number | null;
}

class Mean {
  count = 0;
  private sum = 0;

  add(value: number | null | undefined): void {
    if (value === null || value === undefined || !Number.isFinite(value)) return;
    this.count += 1;
    this.sum += value;
  }

  get value(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }
}

export function summarizeSet({ table, from, to }: RowSet): SetSummary {
  const { draft, final, groups } = table;
  const [em, emDraft, reward, searches, size] = [new Mean(), new Mean(), new Mean(), new Mean(), new Mean()];
  let [groupCount, realGroups, equalGroups] = [0, 0, 0];
  for (let row = from; row < to;) {
    const first = row;
    let equal = true;
    for (; row < to && groups[row] === groups[first]; row += 1) {
      em.add(emAt(final.em, row));
      emDraft.add(emAt(draft.em, row));
      reward.add(final.rewards[row]);
      searches.add(final.searches[row]);
      size.add(final.sizes[row]);
      equal &&= final.rewards[row] === final.rewards[first];
    }
    groupCount += 1;
    if (row - first < 2) continue;
    realGroups += 1;
    if (equal) equalGroups += 1;
  }
  return {
    ...{ rows: to - from, groups: groupCount, realGroups, equalGroups, known: em.count },
    ...{ em: em.value, emDraft: emDraft.value, reward: reward.value, searches: searches.value, size: size.value },
  };
}

/** Equal for questions that differ in white space and capitals alone. */
export function questionKey(question: string): string {
  return question.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** All rows that answer a question, in order of step. */
export function rowsOfQuestion({ questions, groups }: RowTable, question: string): number[] {
  const key = questionKey(question);
  const wanted = new Set(questions.flatMap((one, group) => (questionKey(one) === key ? [group] : [])));
  const rows: number[] = [];
  groups.forEach((group, row) => {
    if (wanted.has(group)) rows.push(row);
  });
  return rows;
}

/** What one set made of a question. */
export interface QuestionResult {
  rows: number[];
  /** Rows whose exact match is known, and those that are right. */
  known: number;
  right: number;
  reward: number | null;
}

export interface QuestionChange {
  question: string;
  before: QuestionResult;
  after: QuestionResult;
  /** The rows that show it best: of the right side a right one, of the wrong side a wrong one. */
  pair: [before: number, after: number];
}

export interface SetChanges {
  /** Questions of both, and of one alone. */
  common: number;
  onlyBefore: number;
  onlyAfter: number;
  /** By what the change is judged: exact match, or the reward where no common question has one. */
  by: 'em' | 'reward';
  /** Wrong, then right; or a larger reward. The largest change first. */
  gained: QuestionChange[];
  lost: QuestionChange[];
  /** Common questions that cannot be judged. */
  unknown: number;
}

/** A question is right where more than half of its rows (whose exact match is known) are. */
export function changesBetweenSets(before: RowSet, after: RowSet): SetChanges {
  const [old, now] = [resultsOf(before), resultsOf(after)];
  const both = [...old].flatMap(([key, { question, ...result }]) => {
    const other = now.get(key);
    return other ? [{ question, before: result, after: other }] : [];
  });
  const judged = both.filter((one) => one.before.known > 0 && one.after.known > 0);
  const by = judged.length > 0 ? 'em' : 'reward';
  const sized = (by === 'em' ? judged : both).map((one) => ({ one, change: changeOf(one, by) }));
  const moved = sized.filter(({ change }) => change !== null && change !== 0);
  const told = (sign: 1 | -1): QuestionChange[] =>
    moved
      .filter(({ change }) => sign * (change ?? 0) > 0)
      .sort((a, b) => sign * ((b.change ?? 0) - (a.change ?? 0)))
      .map(({ one }) => ({ ...one, pair: tellingPair(one, sign, before.table, after.table) }));
  return {
    common: both.length,
    onlyBefore: old.size - both.length,
    onlyAfter: now.size - both.length,
    by,
    gained: told(1),
    lost: told(-1),
    unknown: by === 'em' ? both.length - judged.length : sized.filter(({ change }) => change === null).length,
  };
}

function resultsOf({ table, from, to }: RowSet): Map<string, QuestionResult & { question: string }> {
  const found = new Map<string, QuestionResult & { question: string }>();
  let [group, key] = [-1, ''];
  for (let row = from; row < to; row += 1) {
    const own = table.groups[row] ?? 0;
    if (own !== group) [group, key] = [own, questionKey(table.questions[own] ?? '')];
    const result = found.get(key) ?? {
      question: table.questions[own] ?? '',
      rows: [],
      known: 0,
      right: 0,
      reward: null,
    };
    const em = emAt(table.final.em, row);
    result.rows.push(row);
    if (em !== null) result.known += 1;
    if (em === 1) result.right += 1;
    found.set(key, result);
  }
  for (const result of found.values()) {
    const reward = new Mean();
    for (const row of result.rows) reward.add(table.final.rewards[row]);
    result.reward = reward.value;
  }
  return found;
}

type Both = Pick<QuestionChange, 'before' | 'after'>;

const isRight = ({ right, known }: QuestionResult): boolean => 2 * right > known;

/** Above 0 where it is better after; null where nothing is known. */
function changeOf({ before, after }: Both, by: SetChanges['by']): number | null {
  if (by === 'reward') {
    return before.reward === null || after.reward === null ? null : after.reward - before.reward;
  }
  return isRight(before) === isRight(after) ? 0 : after.right / after.known - before.right / before.known;
}

function tellingPair({ before, after }: Both, sign: 1 | -1, old: RowTable, now: RowTable): [number, number] {
  return [extreme(before.rows, old, -sign), extreme(after.rows, now, sign)];
}

/** The row that is right with the largest reward, or (sign below 0) wrong with the smallest. */
function extreme(rows: readonly number[], { final }: RowTable, sign: number): number {
  const worth = (row: number): number => {
    const reward = final.rewards[row] ?? 0;
    return sign * (1e6 * (emAt(final.em, row) ?? 0.5) + (Number.isFinite(reward) ? reward : 0));
  };
  return rows.reduce((best, row) => (worth(row) > worth(best) ? row : best), rows[0] ?? 0);
}
