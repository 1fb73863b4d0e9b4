/** The rows of one batch, decoded when they are asked for and remembered. */
import type { WorldDescription } from '../trainer/protocol/protocol';
import { decodeTokens, decodeTrajectory, tokenWord } from './decode-trajectory';
import type { SideName, SideView, TokenView, TrajectoryView } from './decode-trajectory';
import type { RowViews } from './shown-rows';
import type { StoredBatch } from './stored-batch';

export class BatchViews implements RowViews {
  private readonly views = new Map<number, TrajectoryView>();
  private readonly texts = new Map<number, string>();

  constructor(
    readonly stored: StoredBatch,
    readonly world: WorldDescription,
  ) {}

  at(place: number): TrajectoryView {
    const known = this.views.get(place);
    if (known) return known;
    const { batch, hasRefiner, rows } = this.stored;
    const view = decodeTrajectory(batch, this.world, place, hasRefiner, rows[place]);
    this.views.set(place, view);
    return view;
  }

  answerOf({ group }: TrajectoryView): string {
    return tokenWord(this.world, this.stored.batch.answers[group] ?? 0);
  }

  tokensOf(trajectory: TrajectoryView, side: SideName): TokenView[] {
    return decodeTokens(this.stored.batch, this.world, side, trajectory.place, trajectory[side].steps);
  }

  textOf(place: number): string {
    const known = this.texts.get(place);
    if (known !== undefined) return known;
    const view = this.at(place);
    const question = this.stored.batch.questions[view.group] ?? '';
    const text = textOfView(question, view);
    this.texts.set(place, text);
    return text;
  }
}

export function textOfView(question: string, view: TrajectoryView): string {
  const parts = [question, ...sideTexts(view.draft), ...(view.cut > 0 ? sideTexts(view.final) : [])];
  return parts.join('\n').toLowerCase();
}

function sideTexts({ steps, endReason }: SideView): string[] {
  const texts = steps.flatMap((step) => [
    step.text,
    step.label,
    ...step.passages.map((passage) => `${passage.source} ${passage.sentence}`),
  ]);
  return endReason === null ? texts : [...texts, endReason];
}
