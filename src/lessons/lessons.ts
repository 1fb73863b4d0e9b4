/** The lessons that there are: how each is opened from its recording, and how the engine makes it anew. */
import type { CutData } from './cut/data';
import { CUT } from './cut/lesson';
import { makeCut } from './cut/make';
import type { LessonEngine, Tell } from './engine';
import type { LessonId } from './ids';
import type { OneQuestion } from './one-question/data';
import { ONE_QUESTION } from './one-question/lesson';
import { makeOneQuestion } from './one-question/make';
import { played } from './played';
import type { Played } from './played';
import { LESSON_FORMAT } from './recording';
import type { SiblingsData } from './siblings/data';
import { SIBLINGS } from './siblings/lesson';
import { makeSiblings } from './siblings/make';
import type { ThresholdData } from './threshold/data';
import { THRESHOLD } from './threshold/lesson';
import { makeThreshold } from './threshold/make';
import type { TrainData } from './train/data';
import { TRAIN } from './train/lesson';
import { makeTrain } from './train/make';
import type { WorthData } from './worth/data';
import { WORTH } from './worth/lesson';
import { makeWorth } from './worth/make';
import type { StudyData } from './study/data';
import { STUDY } from './study/lesson';
import type { WrongData } from './wrong/data';
import { WRONG } from './wrong/lesson';
import { makeWrong } from './wrong/make';

/** What the pictures of a lesson are drawn from. */
export type LessonPicture =
  | { lesson: 'one-question'; data: OneQuestion }
  | { lesson: 'worth'; data: WorthData }
  | { lesson: 'siblings'; data: SiblingsData }
  | { lesson: 'cut'; data: CutData }
  | { lesson: 'threshold'; data: ThresholdData }
  | { lesson: 'train'; data: TrainData }
  | { lesson: 'study'; data: StudyData }
  | { lesson: 'wrong'; data: WrongData };

export interface OpenLesson {
  played: Played;
  picture: LessonPicture;
}

export interface LessonEntry {
  /** Where it can be read in the browser without WebGPU, and is first read everywhere. */
  file: string;
  /** @throws UserError where a file is no recording of this lesson */
  open: (file: unknown) => OpenLesson;
  /**
   * Asks the engine for what the recording holds.
   *
   * null where it is about numbers of the study, which no browser makes anew.
   *
   * @param seed that of the recording, or another for other questions
   * @param tell how far it has come, where that takes long
   * @param scale of the runs that it trains: 1 as recorded; a browser test has no time for all of their updates
   */
  make: ((engine: LessonEngine, seed: number, tell: Tell, scale: number) => Promise<unknown>) | null;
  /** Of the recording. */
  seed: number;
}

export const LESSONS: Partial<Record<LessonId, LessonEntry>> = {
  'one-question': {
    file: 'lessons/one-question.json',
    seed: 1,
    make: makeOneQuestion,
    open(file) {
      const data = ONE_QUESTION.read(file);
      return { played: played(ONE_QUESTION, data), picture: { lesson: 'one-question', data } };
    },
  },
  worth: {
    file: 'lessons/worth.json',
    seed: 1,
    make: makeWorth,
    open(file) {
      const data = WORTH.read(file);
      return { played: played(WORTH, data), picture: { lesson: 'worth', data } };
    },
  },
  siblings: {
    file: 'lessons/siblings.json',
    seed: 1,
    make: makeSiblings,
    open(file) {
      const data = SIBLINGS.read(file);
      return { played: played(SIBLINGS, data), picture: { lesson: 'siblings', data } };
    },
  },
  cut: {
    file: 'lessons/cut.json',
    seed: 3,
    make: makeCut,
    open(file) {
      const data = CUT.read(file);
      return { played: played(CUT, data), picture: { lesson: 'cut', data } };
    },
  },
  threshold: {
    file: 'lessons/threshold.json',
    seed: 1,
    make: makeThreshold,
    open(file) {
      const data = THRESHOLD.read(file);
      return { played: played(THRESHOLD, data), picture: { lesson: 'threshold', data } };
    },
  },
  train: {
    file: 'lessons/train.json',
    seed: 1,
    make: makeTrain,
    open(file) {
      const data = TRAIN.read(file);
      return { played: played(TRAIN, data), picture: { lesson: 'train', data } };
    },
  },
  study: {
    file: 'lessons/study.json',
    seed: 0,
    make: null,
    open(file) {
      const data = STUDY.read(file);
      return { played: played(STUDY, data), picture: { lesson: 'study', data } };
    },
  },
  wrong: {
    file: 'lessons/wrong.json',
    seed: 1,
    make: makeWrong,
    open(file) {
      const data = WRONG.read(file);
      return { played: played(WRONG, data), picture: { lesson: 'wrong', data } };
    },
  },
};

/** What the engine made, in the form of a recording: one way for both. */
export function asRecording(lesson: LessonId, data: unknown): unknown {
  return { format: LESSON_FORMAT, lesson, data };
}
