/** Lesson 1: one trajectory, and at each of its searches two others that the same actor could have sent. */
import { openRecording } from '../recording';
import { readStep } from '../scene-data';
import type { ShownStep } from '../scene-data';

/** Searches among which the reader picks one. */
export interface Choice {
  options: readonly ShownStep[];
  /** The one that the trajectory took. */
  taken: number;
}

export interface OneQuestion {
  question: string;
  hops: number;
  answer: string;
  /** The first two searches of the trajectory. */
  choices: readonly [Choice, Choice];
  /** Which of the two searches found a rumour, 0-based. */
  rumourIn: number;
  /** What follows the two: further searches, then the answer. */
  rest: readonly ShownStep[];
  em: number;
}

export function readOneQuestion(file: unknown): OneQuestion {
  const json = openRecording(file, 'one-question');
  const [first, second] = json.objects('choices').map((choice) => {
    const options = choice.objects('options').map(readStep);
    return { options, taken: choice.count('taken', options.length - 1) };
  });
  const none: Choice = { options: [], taken: 0 };
  return {
    question: json.text('question'),
    hops: json.count('hops', 3),
    answer: json.text('answer'),
    choices: [first ?? none, second ?? none],
    rumourIn: json.count('rumourIn', 1),
    rest: json.objects('rest').map(readStep),
    em: json.count('em', 1),
  };
}
