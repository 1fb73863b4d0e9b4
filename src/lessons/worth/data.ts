/** Lesson 2: three trajectories that the same actor wrote, each told apart by what it is worth. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import { openRecording } from '../recording';
import { readTrajectory } from '../scene-data';
import type { ShownTrajectory } from '../scene-data';

export interface Scored {
  question: string;
  answer: string;
  trajectory: ShownTrajectory;
}

export interface WorthData {
  /** Right, with a search that found nothing new. */
  right: Scored;
  /** Right, though no search supported a hop. */
  lucky: Scored;
  /** Wrong, with searches that did support hops and one that did not. */
  wrong: Scored;
}

export function readWorth(file: unknown): WorthData {
  const json = openRecording(file, 'worth');
  const scored = (name: keyof WorthData): Scored => readScored(json.object(name));
  return { right: scored('right'), lucky: scored('lucky'), wrong: scored('wrong') };
}

function readScored(json: CheckedJson): Scored {
  return {
    question: json.text('question'),
    answer: json.text('answer'),
    trajectory: readTrajectory(json.object('trajectory')),
  };
}
