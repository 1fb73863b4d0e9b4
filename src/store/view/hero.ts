/** The one trajectory that tells the story of the update on screen. */
import type { TrajectoryView } from '../../recordings/decode-trajectory';
import { BatchViews } from '../../recordings/batch-views';
import { placeOf } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio } from '../state/studio-state';

export interface Hero {
  update: number;
  trajectory: TrajectoryView;
  question: string;
  /** The right one. */
  answer: string;
}

/**
 * The newest draft that a cut saved, of the update on screen or of those before it; where none was, the most telling row on
 * screen. null while there is none.
 */
export function heroOf({ store, batches }: Studio): Hero | null {
  const { world } = store.getState();
  const { shown } = batches;
  if (world === null || shown === null) return null;
  const upToNow = batches.all.filter(({ batch }) => batch.update <= shown.batch.update).reverse();
  const stored = upToNow.find(savesOne) ?? shown;
  // Rows of the update on screen are decoded already.
  const views = stored === shown ? batches.viewsOf(stored, world) : new BatchViews(stored, world);
  const trajectory = views.at(placeOf(stored, stored.tellingRow));
  return {
    update: stored.batch.update,
    trajectory,
    question: stored.batch.questions[trajectory.group] ?? '',
    answer: views.answerOf(trajectory),
  };
}

function savesOne({ batch, ...stored }: StoredBatch): boolean {
  const place = placeOf({ batch, ...stored }, stored.tellingRow);
  return (batch.final.em[place] ?? 0) > (batch.draft.em[place] ?? 0);
}
