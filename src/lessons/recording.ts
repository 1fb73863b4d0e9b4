/** The file of a lesson: what the engine answered when the lesson was recorded, so that it can be read where nothing computes. */
import { UserError } from '../lib/assert';
import { checkedObject } from '../recordings/capsule/checked-json';
import type { CheckedJson } from '../recordings/capsule/checked-json';
import type { LessonId } from './ids';

export const LESSON_FORMAT = 'cutpoint-lesson/1';

/** @throws UserError where this is no recording of the lesson */
export function openRecording(file: unknown, lesson: LessonId): CheckedJson {
  const fail = (what: string): UserError =>
    new UserError(`The recording of this lesson cannot be used: ${what}.`, 'Reload the page, or compute it here.');
  const json = checkedObject(file, fail);
  if (json.text('format') !== LESSON_FORMAT) throw fail(`its format is not ${LESSON_FORMAT}`);
  if (json.text('lesson') !== lesson) throw fail(`it is of the lesson "${json.text('lesson').slice(0, 40)}"`);
  return json.object('data');
}
