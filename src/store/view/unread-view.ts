/** A row whose line is not at hand yet, as far as its numbers tell: its steps without words. */
import { emAt } from '../../lib/exact-match';
import type { SideView, StepView, TrajectoryView } from '../../recordings/decode-trajectory';
import { verdictOf } from '../../recordings/decode-trajectory';
import type { ShownRows } from '../../recordings/shown-rows';
import type { RowTable, SideColumns } from '../../rollouts/file/row-table';

const UNREAD = '…';
const ANSWERED = 1;

/** @param row of the table, which stands at `place` */
export function unreadView(
  table: RowTable,
  row: number,
  place: number,
  { groups, hasRefiner }: ShownRows,
): TrajectoryView {
  const cut = table.cuts[row] ?? 0;
  const [draft, final] = [sideView(table.draft, row), sideView(table.final, row)];
  const advantage = table.advantages[row] ?? NaN;
  return {
    ...{ row: place, place, group: groups[place] ?? 0, draft, final: cut === 0 ? draft : final, cut, review: null },
    advantage: Number.isNaN(advantage) ? null : advantage,
    reviewAdvantage: table.reviewAdvantages[row] ?? 0,
    verdict: verdictOf(hasRefiner, cut, draft.em, final.em),
    handBranches: [],
  };
}

function sideView({ em, rewards, coverage, reasons, searches }: SideColumns, row: number): SideView {
  const number = searches[row] ?? 0;
  const last = reasons[row] === ANSWERED ? 'answer' : 'unfinished';
  const reward = rewards[row] ?? NaN;
  return {
    steps: Array.from({ length: number + 1 }, (_, k) => unreadStep(k + 1, k < number ? 'search' : last)),
    searches: number,
    ...{ answer: null, em: emAt(em, row), reward: Number.isNaN(reward) ? null : reward, endReason: null },
    coverage: coverage[row] ?? 0,
    rewardFrom: 'file',
  };
}

function unreadStep(number: number, kind: StepView['kind']): StepView {
  const nothing = { start: 0, end: 0, thought: '', passages: [], useful: null, share: null };
  return { number, kind, text: UNREAD, label: UNREAD, ...nothing };
}
