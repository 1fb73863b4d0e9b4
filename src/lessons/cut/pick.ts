/** Which drafts of a batch the lesson is about. */
import type { BatchViews } from '../../recordings/batch-views';
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import { DRAFTS } from './data';

/** With fewer there is little to choose. */
const FEWEST_STEPS = 3;

/** Reviewed, with an answer at its end. */
function suits({ draft: { steps }, review }: TrajectoryView): boolean {
  return review !== null && steps.length >= FEWEST_STEPS && steps.at(-1)?.kind === 'answer';
}

/** The places of a batch in an order of which nobody can guess whether the next draft is right. */
function mixed(count: number): number[] {
  const key = (place: number): number => Math.imul(place + 1, 0x9e3779b1) >>> 0;
  return Array.from({ length: count }, (_, place) => place).sort((a, b) => key(a) - key(b));
}

/**
 * Ten drafts, half of them right as far as there are so many, each of another question as far as there are so many.
 *
 * @returns their places in the batch; fewer than ten where no more suit
 */
export function pickDrafts(views: BatchViews): number[] {
  const suiting = mixed(views.stored.rows.length)
    .map((place) => views.at(place))
    .filter(suits);
  const picked: TrajectoryView[] = [];
  const take = (wanted: (view: TrajectoryView) => boolean): void => {
    for (const view of suiting) {
      if (picked.length < DRAFTS && !picked.includes(view) && wanted(view)) picked.push(view);
    }
  };
  const isNew = ({ group }: TrajectoryView): boolean => picked.every((view) => view.group !== group);
  const fewerThanHalf = (right: boolean): boolean =>
    picked.filter(({ draft }) => (draft.em === 1) === right).length < DRAFTS / 2;
  take((view) => isNew(view) && fewerThanHalf(view.draft.em === 1));
  take(({ draft }) => fewerThanHalf(draft.em === 1));
  take(isNew);
  take(() => true);
  return picked.map(({ place }) => place);
}
