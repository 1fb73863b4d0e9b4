/** The rows of one batch, decoded when they are asked for and remembered. */
import type { WorldDescription } from '../trainer/protocol';
import { decodeTrajectory } from './decode';
import type { SideView, TrajectoryView } from './decode';
import type { StoredBatch } from './stored-batch';

export class BatchViews {
  private readonly views = new Map<number, TrajectoryView>();
  private readonly texts = new Map<number, string>();

  constructor(
    readonly stored: StoredBatch,
    readonly world: WorldDescription,
  ) {}

  /** @param place of the row in the arrays */
  at(place: number): TrajectoryView {
    const known = this.views.get(place);
    if (known) return known;
    const { batch, hasRefiner, rows } = this.stored;
    const view = decodeTrajectory(batch, this.world, place, hasRefiner, rows[place]);
    this.views.set(place, view);
    return view;
  }

  /** Everything that a person can read in a row, in lower case, for the search. */
  textOf(place: number): string {
    const known = this.texts.get(place);
    if (known !== undefined) return known;
    const view = this.at(place);
    const question = this.stored.batch.questions[view.group] ?? '';
    const parts = [question, ...sideTexts(view.draft), ...(view.cut > 0 ? sideTexts(view.final) : [])];
    const text = parts.join('\n').toLowerCase();
    this.texts.set(place, text);
    return text;
  }
}

function sideTexts({ steps, endReason }: SideView): string[] {
  const texts = steps.flatMap((step) => [
    step.text,
    step.label,
    ...step.passages.map((passage) => `${passage.source} ${passage.sentence}`),
  ]);
  return endReason === null ? texts : [...texts, endReason];
}
