/**
 * Plays a lesson: where its reader stands, what is locked, what may be done next. Pure functions of a state; the page and the
 * tests drive it alike. Nothing is on a timer, and nothing that was asked can be passed by.
 */
import type { Answer, Answers, Lesson, LessonStep } from './lesson';
import { firstAnswer, isWhole } from './lesson';

export interface Place {
  /** 0-based. */
  step: number;
  answers: Answers;
  /** The answer that is being made at this step; null where nothing is asked, or it is locked. */
  working: Answer | null;
}

export type Move =
  | { type: 'change'; answer: Answer }
  /** Takes the answer as it is; from then on it stands. */
  | { type: 'lock' }
  | { type: 'forward' }
  | { type: 'back' }
  | { type: 'startOver' };

function arrive<D>(lesson: Lesson<D>, data: D, step: number, answers: Answers): Place {
  const at = lesson.steps[step];
  const open = at?.ask !== undefined && !(at.id in answers);
  return { step, answers, working: open && at.ask ? firstAnswer(at.ask, data, answers) : null };
}

/**
 * @param step 0-based, as a link names it: what the steps before it ask can be answered by going back
 */
export function begin<D>(lesson: Lesson<D>, data: D, step = 0): Place {
  return arrive(lesson, data, Math.min(Math.max(0, step), lesson.steps.length - 1), {});
}

export function stepAt<D>(lesson: Lesson<D>, { step }: Place): LessonStep<D> {
  const at = lesson.steps[step];
  if (at === undefined) throw new RangeError(`Lesson ${lesson.id} has no step ${step}.`);
  return at;
}

/** What the step asks has been done: the answer is locked, or nothing was asked. */
export function isDone<D>(lesson: Lesson<D>, place: Place): boolean {
  const { ask, id } = stepAt(lesson, place);
  return ask === undefined || id in place.answers;
}

export function canLock<D>(lesson: Lesson<D>, data: D, { working, ...place }: Place): boolean {
  const { ask } = stepAt(lesson, { ...place, working });
  return ask !== undefined && working !== null && isWhole(ask, data, place.answers, working);
}

export function isLast<D>({ steps }: Lesson<D>, { step }: Place): boolean {
  return step === steps.length - 1;
}

/** @returns the same place where the move is not allowed there */
export function move<D>(lesson: Lesson<D>, data: D, place: Place, made: Move): Place {
  const { step, answers, working } = place;
  switch (made.type) {
    case 'change':
      return working !== null && made.answer.kind === working.kind ? { ...place, working: made.answer } : place;
    case 'lock': {
      if (working === null || !canLock(lesson, data, place)) return place;
      return { step, answers: { ...answers, [stepAt(lesson, place).id]: working }, working: null };
    }
    case 'forward':
      return isDone(lesson, place) && !isLast(lesson, place) ? arrive(lesson, data, step + 1, answers) : place;
    case 'back':
      return step > 0 ? arrive(lesson, data, step - 1, answers) : place;
    case 'startOver':
      return arrive(lesson, data, 0, {});
  }
}
