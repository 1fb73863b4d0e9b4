/**
 * What a lesson is: data. Each step shows one picture, says one thing, and asks for one action or for nothing; what is asked is
 * answered before anything is revealed. The machine (machine.ts) plays every lesson, the page draws it.
 */
import type { LessonId } from './ids';

/** Something to choose, tick or put in order. */
export interface Option {
  label: string;
  /** What stands beside it, in small letters. */
  note?: string;
}

/** What stands on a bench: pieces in their order, some perhaps more than once, under one of its settings. */
export interface Built {
  pieces: readonly number[];
  setting: number;
}

/** What a reader gave. Of drafts to cut: the step, 0 to accept. */
export type Answer =
  | { kind: 'choice'; choice: number }
  | { kind: 'many'; chosen: readonly number[] }
  | { kind: 'number'; value: number }
  | { kind: 'order'; order: readonly number[] }
  | { kind: 'cuts'; cuts: readonly number[] }
  | { kind: 'curve'; points: readonly number[] }
  | ({ kind: 'build' } & Built)
  | { kind: 'press' };

/** Locked answers, by the step that asked. */
export type Answers = Readonly<Record<string, Answer>>;

/** The one action that a step asks for. D: what the lesson is about, as its recording or the engine gives it. */
export type Ask<D> =
  | { kind: 'choice'; options: (data: D, answers: Answers) => readonly Option[] }
  | { kind: 'many'; options: (data: D, answers: Answers) => readonly Option[] }
  /** A slider, with its ends and where it begins. */
  | { kind: 'number'; min: number; max: number | ((data: D) => number); step: number; start: number; unit?: string }
  | { kind: 'order'; options: (data: D, answers: Answers) => readonly Option[] }
  /** Of each draft, its steps in words: a cut at one of them, or none. */
  | { kind: 'cuts'; drafts: (data: D) => readonly (readonly string[])[] }
  /** A value at each x, drawn by hand. `known` is where the curve comes from. */
  | {
      kind: 'curve';
      xs: (data: D) => readonly number[];
      known: (data: D) => readonly CurvePoint[];
      min: number;
      max: number;
      step: number;
    }
  /** A bench: pieces are taken out and repeated, a setting is switched, until what stands there is worth the goal. */
  | {
      kind: 'build';
      pieces: (data: D) => readonly Option[];
      /** One or more; the first is what the bench begins with. */
      settings: readonly Option[];
      /** Pieces at most. */
      most: number;
      value: (data: D, built: Built) => number;
      goal: number;
    }
  /** A button that does something, e.g. one training step. */
  | { kind: 'press' };

export interface CurvePoint {
  x: number;
  y: number;
}

/** Numbers and names that the words of a step have places for. */
export type Told = Readonly<Record<string, string | number>>;

export interface LessonStep<D> {
  id: string;
  /** Under which name its words stand; its own where this is left out. */
  words?: string;
  /** The picture, by the name that src/ui/panels/lessons draws it under. */
  scene: string;
  ask?: Ask<D>;
  /** For the places in the step's words; those of its verdict too, once the answer is locked. */
  told?: (data: D, answers: Answers) => Told;
}

export interface Lesson<D> {
  id: LessonId;
  minutes: number;
  steps: readonly LessonStep<D>[];
  /** @throws UserError where a file is no recording of this lesson */
  read: (file: unknown) => D;
}

/** Where a slider ends. */
export function mostOf<D>(max: number | ((data: D) => number), data: D): number {
  return typeof max === 'number' ? max : max(data);
}

/** Means of a few numbers differ by less where they are equal. */
const SAME = 1e-9;

/** How an answer begins before anybody has touched it. */
export function firstAnswer<D>(ask: Ask<D>, data: D, answers: Answers): Answer {
  switch (ask.kind) {
    case 'choice':
      return { kind: 'choice', choice: -1 };
    case 'many':
      return { kind: 'many', chosen: [] };
    case 'number':
      return { kind: 'number', value: ask.start };
    case 'order':
      return { kind: 'order', order: ask.options(data, answers).map((_, at) => at) };
    case 'cuts':
      return { kind: 'cuts', cuts: ask.drafts(data).map(() => -1) };
    case 'curve':
      return { kind: 'curve', points: [] };
    case 'build':
      return { kind: 'build', pieces: ask.pieces(data).map((_, at) => at), setting: 0 };
    case 'press':
      return { kind: 'press' };
  }
}

/** Whether an answer is one to what is asked, and whole: then it can be locked. */
export function isWhole<D>(ask: Ask<D>, data: D, answers: Answers, answer: Answer): boolean {
  const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
  const places = (count: number, values: readonly number[]): boolean =>
    values.every((value) => Number.isInteger(value) && within(value, 0, count - 1)) &&
    new Set(values).size === values.length;
  switch (ask.kind) {
    case 'choice':
      return answer.kind === 'choice' && places(ask.options(data, answers).length, [answer.choice]);
    case 'many':
      return answer.kind === 'many' && places(ask.options(data, answers).length, answer.chosen);
    case 'number':
      return answer.kind === 'number' && within(answer.value, ask.min, mostOf(ask.max, data));
    case 'order': {
      const count = ask.options(data, answers).length;
      return answer.kind === 'order' && answer.order.length === count && places(count, answer.order);
    }
    case 'cuts': {
      const drafts = ask.drafts(data);
      if (answer.kind !== 'cuts' || answer.cuts.length !== drafts.length) return false;
      return answer.cuts.every((cut, at) => Number.isInteger(cut) && within(cut, 0, drafts[at]?.length ?? 0));
    }
    case 'curve': {
      const count = ask.xs(data).length;
      if (answer.kind !== 'curve' || answer.points.length !== count) return false;
      return answer.points.every((value) => within(value, ask.min, ask.max));
    }
    case 'build': {
      if (answer.kind !== 'build' || answer.pieces.length > ask.most) return false;
      const known = (count: number, at: number): boolean => places(count, [at]);
      const count = ask.pieces(data).length;
      if (!answer.pieces.every((piece) => known(count, piece)) || !known(ask.settings.length, answer.setting))
        return false;
      return Math.abs(ask.value(data, answer) - ask.goal) < SAME;
    }
    case 'press':
      return answer.kind === 'press';
  }
}
