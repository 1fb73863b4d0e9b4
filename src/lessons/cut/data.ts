/** Lesson 4: drafts that were reviewed, with what becomes of each at every cut. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import { openRecording } from '../recording';
import { readTrajectory } from '../scene-data';
import type { ShownTrajectory } from '../scene-data';

/** So many drafts are a set: a code has a place for each. */
export const DRAFTS = 10;
/** Steps of a draft at most. */
export const MOST_STEPS = 5;

export interface CutDraft {
  question: string;
  answer: string;
  draft: ShownTrajectory;
  /** What the refiner did: 0 accepted, j cut at step j. */
  refiner: number;
  /** Of each cut, that at step 1 first: the rewards of its regenerations. */
  rewards: readonly (readonly number[])[];
}

export interface CutData {
  /** That they were written in. */
  update: number;
  drafts: readonly CutDraft[];
}

export function readCut(file: unknown): CutData {
  const json = openRecording(file, 'cut');
  return { update: json.count('update'), drafts: json.objects('drafts', DRAFTS).map(readDraft) };
}

function readDraft(json: CheckedJson): CutDraft {
  const draft = readTrajectory(json.object('draft'));
  const cuts = json.objects('cuts', draft.steps.length);
  const replicates = cuts[0]?.numbers('rewards').length;
  return {
    question: json.text('question'),
    answer: json.text('answer'),
    draft,
    refiner: json.count('refiner', draft.steps.length),
    rewards: cuts.map((cut) => cut.numbers('rewards', replicates)),
  };
}
