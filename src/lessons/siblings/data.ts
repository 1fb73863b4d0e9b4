/** Lesson 3: two groups of eight, each with what one actor step on that group alone did to its tokens. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import { openRecording } from '../recording';
import { readTrajectory } from '../scene-data';
import type { ShownTrajectory } from '../scene-data';

export interface Sibling {
  trajectory: ShownTrajectory;
  advantage: number;
  /** What the actor wrote, with its log-probabilities before and after the step. */
  tokens: readonly string[];
  before: readonly number[];
  after: readonly number[];
}

export interface Group {
  question: string;
  answer: string;
  siblings: readonly Sibling[];
}

export interface SiblingsData {
  mixed: Group;
  /** All of its rewards are the same. */
  equal: Group;
}

export const GROUP_SIZE = 8;

export function readSiblings(file: unknown): SiblingsData {
  const json = openRecording(file, 'siblings');
  return { mixed: readGroup(json.object('mixed')), equal: readGroup(json.object('equal')) };
}

function readGroup(json: CheckedJson): Group {
  return {
    question: json.text('question'),
    answer: json.text('answer'),
    siblings: json.objects('siblings', GROUP_SIZE).map((sibling) => {
      const tokens = sibling.texts('tokens');
      return {
        trajectory: readTrajectory(sibling.object('trajectory')),
        advantage: sibling.number('advantage'),
        tokens,
        before: sibling.numbers('before', tokens.length),
        after: sibling.numbers('after', tokens.length),
      };
    }),
  };
}
