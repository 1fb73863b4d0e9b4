/** Which lessons a reader has finished, as text that a browser keeps. */
import { isLessonId } from './ids';
import type { LessonId } from './ids';

export function encodeFinished(finished: ReadonlySet<LessonId>): string {
  return [...finished].join(',');
}

/** Never throws: what is no lesson is left out. */
export function decodeFinished(text: string | null): ReadonlySet<LessonId> {
  return new Set((text ?? '').split(',').filter(isLessonId));
}
