/** Lesson 5: the drafts of one batch, what the refiner thought of each, and what became of those that it cut. */
import { openRecording } from '../recording';

export interface Reviewed {
  right: boolean;
  /** Log-probabilities of accepting (first) and of each cut. */
  review: readonly number[];
  /** Of the regenerations from the best cut, how many were right. */
  rightAfter: number;
}

export interface ThresholdData {
  /** Of which the drafts are. */
  update: number;
  /** Regenerations of each draft. */
  replicates: number;
  drafts: readonly Reviewed[];
}

export function readThreshold(file: unknown): ThresholdData {
  const json = openRecording(file, 'threshold');
  const replicates = json.count('replicates', 64);
  return {
    update: json.count('update'),
    replicates,
    drafts: json.objects('drafts').map((draft) => ({
      right: draft.flag('right'),
      review: draft.numbers('review'),
      rightAfter: draft.count('rightAfter', replicates),
    })),
  };
}
