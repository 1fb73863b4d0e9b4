/** Lesson 7: numbers of the study, as src/report/study-facts.ts makes them from the files of runs in docs/results. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import { openRecording } from '../recording';

export const STUDY_ARMS = [
  'search-r1',
  'search-r2',
  'reading-refiner',
  'random-cut',
  'oracle-label',
  'separate-refiner',
  'process-only',
] as const;
export type StudyArm = (typeof STUDY_ARMS)[number];

export interface Bounds {
  mean: number;
  /** 95 %, by Student's t over seeds. */
  low: number;
  high: number;
}

/** Minus search-r1. */
export interface Contrast extends Bounds {
  arm: StudyArm;
  /** Of the actor with its refiner, or alone. */
  of: 'emSystem' | 'emSampled';
  seeds: number;
}

export interface StudyData {
  updates: number;
  /** Of the last evaluation. */
  questions: number;
  runs: number;
  /** Exact match as the system answers: with the refiner where there is one. */
  arms: readonly { arm: StudyArm; mean: number; bySeed: readonly number[] }[];
  contrasts: readonly Contrast[];
  /** Differences to search-r1 by seed, of the actor alone. */
  anecdote: { arm: StudyArm; differences: readonly number[] };
  /** The actor of search-r2 alone, minus search-r1, asked greedily. */
  greedy: Bounds;
  /** The same sampled, there and in other settings. */
  elsewhere: readonly (Bounds & { world: string; updates: number })[];
}

const bounds = (json: CheckedJson): Bounds => ({
  mean: json.number('mean'),
  low: json.number('low'),
  high: json.number('high'),
});

export function readStudy(file: unknown): StudyData {
  const json = openRecording(file, 'study');
  const anecdote = json.object('anecdote');
  return {
    updates: json.count('updates'),
    questions: json.count('questions'),
    runs: json.count('runs'),
    arms: json.objects('arms').map((arm) => ({
      arm: arm.choice('arm', STUDY_ARMS),
      mean: arm.number('mean'),
      bySeed: arm.numbers('bySeed'),
    })),
    contrasts: json.objects('contrasts').map((contrast) => ({
      arm: contrast.choice('arm', STUDY_ARMS),
      of: contrast.choice('of', ['emSystem', 'emSampled']),
      ...bounds(contrast),
      seeds: contrast.count('seeds'),
    })),
    anecdote: { arm: anecdote.choice('arm', STUDY_ARMS), differences: anecdote.numbers('differences') },
    greedy: bounds(json.object('greedy')),
    elsewhere: json.objects('elsewhere').map((place) => ({
      world: place.text('world'),
      updates: place.count('updates'),
      ...bounds(place),
    })),
  };
}
