/** A lesson with the data it is about: the same for whoever draws or tests it, whatever the lesson. */
import type { Answer, Ask, Built, CurvePoint, Lesson, Option, Told } from './lesson';
import { mostOf } from './lesson';
import { begin, canLock, isDone, isLast, move, stepAt } from './machine';
import type { Move, Place } from './machine';

/** What a step asks, with its options at hand. */
export type Asked =
  | { kind: 'choice' | 'many' | 'order'; options: readonly Option[] }
  | { kind: 'number'; min: number; max: number; step: number; unit: string }
  | { kind: 'cuts'; drafts: readonly (readonly string[])[] }
  | { kind: 'curve'; xs: readonly number[]; known: readonly CurvePoint[]; min: number; max: number; step: number }
  | {
      kind: 'build';
      pieces: readonly Option[];
      settings: readonly Option[];
      most: number;
      value: (built: Built) => number;
      goal: number;
    }
  | { kind: 'press' };

export interface Played {
  minutes: number;
  steps: readonly { id: string; words: string; asks: Answer['kind'] | null }[];
  /** @param step 0-based */
  begin: (step?: number) => Place;
  move: (place: Place, made: Move) => Place;
  scene: (place: Place) => string;
  asked: (place: Place) => Asked | null;
  told: (place: Place) => Told;
  isDone: (place: Place) => boolean;
  canLock: (place: Place) => boolean;
  isLast: (place: Place) => boolean;
}

export function played<D>(lesson: Lesson<D>, data: D): Played {
  return {
    minutes: lesson.minutes,
    steps: lesson.steps.map(({ id, words = id, ask }) => ({ id, words, asks: ask?.kind ?? null })),
    begin: (step) => begin(lesson, data, step),
    move: (place, made) => move(lesson, data, place, made),
    scene: (place) => stepAt(lesson, place).scene,
    asked: (place) => resolve(stepAt(lesson, place).ask, data, place),
    told: (place) => stepAt(lesson, place).told?.(data, place.answers) ?? {},
    isDone: (place) => isDone(lesson, place),
    canLock: (place) => canLock(lesson, data, place),
    isLast: (place) => isLast(lesson, place),
  };
}

function resolve<D>(ask: Ask<D> | undefined, data: D, { answers }: Place): Asked | null {
  switch (ask?.kind) {
    case undefined:
      return null;
    case 'choice':
    case 'many':
    case 'order':
      return { kind: ask.kind, options: ask.options(data, answers) };
    case 'number':
      return { kind: 'number', min: ask.min, max: mostOf(ask.max, data), step: ask.step, unit: ask.unit ?? '' };
    case 'cuts':
      return { kind: 'cuts', drafts: ask.drafts(data) };
    case 'curve':
      return { ...ask, xs: ask.xs(data), known: ask.known(data) };
    case 'build':
      return { ...ask, pieces: ask.pieces(data), value: (built) => ask.value(data, built) };
    case 'press':
      return { kind: 'press' };
  }
}
