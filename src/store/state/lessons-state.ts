/** Where the reader of the lessons stands. */
import type { LessonId } from '../../lessons/ids';
import type { Place } from '../../lessons/machine';
import type { OpenLesson } from '../../lessons/lessons';

/** Where what is shown comes from: `run` is the reader's own, on screen beside the lessons. */
export type LessonSource = 'recording' | 'engine' | 'run';

export interface LessonsState {
  /** What the link asks for: a lesson and its step, 0-based; null shows the list. */
  at: { lesson: LessonId; step: number } | null;
  /** The lesson that is open; null while it loads, and in the list. */
  open: (OpenLesson & { place: Place; source: LessonSource }) | null;
  /** The lesson whose recording is on its way. */
  opening: LessonId | null;
  /** Ends what the engine computes for the lesson; null where it computes nothing. */
  stop: (() => void) | null;
  /** How far it has come, where that takes long. */
  progress: { done: number; of: number } | null;
  /** Why there is nothing to read, and what to do. */
  problem: { message: string; hint: string } | null;
  finished: ReadonlySet<LessonId>;
}

export const NO_LESSON: LessonsState = {
  at: null,
  open: null,
  opening: null,
  stop: null,
  progress: null,
  problem: null,
  finished: new Set(),
};
