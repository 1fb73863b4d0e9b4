/** Lesson 6: two runs from the same first weights and on the same questions, one with a refiner and one without. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import { openRecording } from '../recording';

/** Exact match on worlds that are never trained on, at each of `updates`. */
export interface Curve {
  /** The actor alone, sampled. */
  actor: readonly number[];
  /** The same drafts after review, cut and regeneration; none where there is no refiner. */
  refined: readonly number[];
  /** With blanked passages. */
  closedBook: readonly number[];
}

export interface TrainData {
  /** After which the network was asked, 0 first. */
  updates: readonly number[];
  /** Of an evaluation; closed book asks half as many. */
  questions: number;
  searchR2: Curve;
  searchR1: Curve;
}

export function readTrain(file: unknown): TrainData {
  const json = openRecording(file, 'train');
  const updates = json.counts('updates');
  return {
    updates,
    questions: json.count('questions'),
    searchR2: readCurve(json.object('searchR2'), updates.length, true),
    searchR1: readCurve(json.object('searchR1'), updates.length, false),
  };
}

function readCurve(json: CheckedJson, count: number, refines: boolean): Curve {
  return {
    actor: json.numbers('actor', count),
    refined: json.numbers('refined', refines ? count : 0),
    closedBook: json.numbers('closedBook', count),
  };
}
