/** A draft beside what became of it, aligned by step. */
import type { PassageView, SideView, StepView, TrajectoryView } from '../../recordings/decode-trajectory';

export interface PassageChange {
  gained: PassageView[];
  lost: PassageView[];
}

export interface BranchColumn {
  /** Steps by place; null where it has none. The first are those that all columns share. */
  steps: (StepView | null)[];
  /** Its first own step, null where it has none: a draft that nobody cut, or the draft itself. */
  cut: number | null;
  side: SideView;
  /** Against the draft. */
  passages: PassageChange;
}

export interface Comparison {
  /** Steps that no cut touches, to be folded. */
  shared: StepView[];
  /** First step that is shown in full, and the last. */
  from: number;
  to: number;
  draft: BranchColumn;
  model: BranchColumn;
  hand: BranchColumn | null;
}

export function compareBranches(model: TrajectoryView, hand: TrajectoryView | null): Comparison {
  const cuts = [model.cut, hand?.cut ?? 0].filter((cut) => cut > 0);
  const sides = [model.draft, model.final, ...(hand ? [hand.final] : [])];
  const to = Math.max(...sides.map((side) => side.steps.length));
  // Without any cut every step is shared, and then there is nothing to compare: all are shown.
  const from = cuts.length === 0 ? 1 : Math.min(...cuts);
  const column = (side: SideView, cut: number): BranchColumn => ({
    steps: Array.from({ length: to }, (_, k) => side.steps[k] ?? null),
    cut: cut > 0 ? cut : null,
    side,
    passages: changedPassages(model.draft, side),
  });
  return {
    shared: model.draft.steps.slice(0, from - 1),
    from,
    to,
    draft: column(model.draft, 0),
    model: column(model.final, model.cut),
    hand: hand ? column(hand.final, hand.cut) : null,
  };
}

/** By passage, each once: which of the two sides has found what the other has not. */
export function changedPassages(before: SideView, after: SideView): PassageChange {
  const [old, found] = [passagesOf(before), passagesOf(after)];
  const without = (some: Map<number, PassageView>, others: Map<number, PassageView>): PassageView[] =>
    [...some.values()].filter(({ id }) => !others.has(id));
  return { gained: without(found, old), lost: without(old, found) };
}

function passagesOf({ steps }: SideView): Map<number, PassageView> {
  const found = new Map<number, PassageView>();
  for (const passage of steps.flatMap((step) => step.passages)) {
    if (!found.has(passage.id)) found.set(passage.id, passage);
  }
  return found;
}
