import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Ask, Lesson } from './lesson';
import { begin, canLock, isDone, isLast, move } from './machine';
import type { Move, Place } from './machine';

interface Data {
  names: readonly string[];
}
const options = ({ names }: Data) => names.map((label) => ({ label }));
const DATA: Data = { names: ['a', 'b', 'c'] };
const ASKS: Ask<Data>[] = [
  { kind: 'choice', options },
  { kind: 'many', options },
  { kind: 'number', min: 0, max: ({ names }) => names.length - 1, step: 0.1, start: 1 },
  { kind: 'order', options },
  {
    kind: 'cuts',
    drafts: () => [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ],
  },
  { kind: 'curve', xs: () => [10, 20, 30], known: () => [{ x: 0, y: 0.5 }], min: 0, max: 1, step: 0.1 },
  {
    kind: 'build',
    pieces: options,
    settings: [{ label: 'sum' }, { label: 'double' }],
    most: 4,
    value: (_, { pieces, setting }) => (1 + setting) * pieces.reduce((sum, piece) => sum + 0.1 * piece, 0),
    goal: 0.6,
  },
  { kind: 'press' },
];
const LESSON: Lesson<Data> = {
  id: 'one-question',
  minutes: 1,
  read: () => DATA,
  steps: [
    { id: 'begin', scene: 's' },
    ...ASKS.map((ask) => ({ id: ask.kind, scene: 's', ask })),
    { id: 'end', scene: 's' },
  ],
};
/** One that is whole for each kind, and ones that are not. */
const WHOLE: Record<Answer['kind'], Answer> = {
  choice: { kind: 'choice', choice: 2 },
  many: { kind: 'many', chosen: [] },
  number: { kind: 'number', value: 2 },
  order: { kind: 'order', order: [2, 0, 1] },
  cuts: { kind: 'cuts', cuts: [3, 0] },
  curve: { kind: 'curve', points: [0, 0.5, 1] },
  // 0.1 + 0.1 + 0.1 is not 0.3 to the last bit.
  build: { kind: 'build', pieces: [1, 1, 1], setting: 1 },
  press: { kind: 'press' },
};
const BROKEN: Answer[] = [
  { kind: 'choice', choice: -1 },
  { kind: 'choice', choice: 3 },
  { kind: 'many', chosen: [1, 1] },
  { kind: 'many', chosen: [3] },
  { kind: 'number', value: 2.1 },
  { kind: 'number', value: NaN },
  { kind: 'order', order: [0, 1] },
  { kind: 'order', order: [0, 1, 1] },
  { kind: 'cuts', cuts: [3] },
  { kind: 'cuts', cuts: [4, 0] },
  { kind: 'cuts', cuts: [-1, 0] },
  { kind: 'curve', points: [] },
  { kind: 'curve', points: [0, 1] },
  { kind: 'curve', points: [0, 1, 1.5] },
  { kind: 'build', pieces: [0, 1, 2], setting: 0 },
  { kind: 'build', pieces: [1, 1, 1], setting: 0 },
  { kind: 'build', pieces: [1, 1, 1], setting: 2 },
  { kind: 'build', pieces: [6], setting: 0 },
  { kind: 'build', pieces: [1, 1, 1, 0, 0], setting: 1 },
];

const make = (place: Place, made: Move): Place => move(LESSON, DATA, place, made);
const at = (id: string): Place =>
  begin(
    LESSON,
    DATA,
    LESSON.steps.findIndex((step) => step.id === id),
  );

describe('a lesson', () => {
  it('is read from its first step to its last by answering what is asked', () => {
    let place = begin(LESSON, DATA);
    for (const { id, ask } of LESSON.steps) {
      expect(LESSON.steps[place.step]?.id).toBe(id);
      if (ask !== undefined) {
        expect(isDone(LESSON, place), id).toBe(false);
        expect(make(place, { type: 'forward' }), id).toBe(place);
        place = make(make(place, { type: 'change', answer: WHOLE[ask.kind] }), { type: 'lock' });
        expect(place.answers[id], id).toEqual(WHOLE[ask.kind]);
      }
      expect(isDone(LESSON, place), id).toBe(true);
      place = make(place, { type: 'forward' });
    }
    expect(isLast(LESSON, place)).toBe(true);
    expect(make(place, { type: 'forward' })).toBe(place);
    expect(Object.keys(place.answers)).toEqual(ASKS.map(({ kind }) => kind));
  });

  it.each(BROKEN)('does not take %j for an answer', (answer) => {
    const place = make(at(answer.kind), { type: 'change', answer });
    expect(place.working).toEqual(answer);
    expect(canLock(LESSON, DATA, place)).toBe(false);
    expect(make(place, { type: 'lock' })).toBe(place);
  });

  it('takes an answer of the kind that is asked alone', () => {
    for (const { kind } of ASKS) {
      for (const answer of Object.values(WHOLE)) {
        const place = make(at(kind), { type: 'change', answer });
        if (answer.kind === kind) expect(place.working).toEqual(answer);
        else expect(place).toEqual(at(kind));
      }
    }
    expect(make(at('begin'), { type: 'change', answer: { kind: 'press' } })).toEqual(at('begin'));
    expect(make(at('begin'), { type: 'lock' })).toEqual(at('begin'));
  });

  it('never changes what is locked, whatever is tried, until it is started over', () => {
    const moves = fc.oneof(
      fc.constantFrom<Move>({ type: 'lock' }, { type: 'forward' }, { type: 'back' }),
      fc.constantFrom(...Object.values(WHOLE), ...BROKEN).map((answer): Move => ({ type: 'change', answer })),
    );
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 80 }), (tried) => {
        let place = begin(LESSON, DATA);
        for (const made of tried) {
          const next = make(place, made);
          expect(next.answers).toMatchObject(place.answers);
          if (next.step > place.step) expect(isDone(LESSON, place)).toBe(true);
          expect(Math.abs(next.step - place.step)).toBeLessThanOrEqual(1);
          place = next;
        }
        expect(make(place, { type: 'startOver' })).toEqual(begin(LESSON, DATA));
      }),
    );
  });

  it('opens at any step that there is, with nothing answered', () => {
    expect(begin(LESSON, DATA, 99)).toMatchObject({ step: LESSON.steps.length - 1, answers: {} });
    expect(begin(LESSON, DATA, -1).step).toBe(0);
    expect(make(at('begin'), { type: 'back' })).toEqual(at('begin'));
    expect(make(at('many'), { type: 'back' })).toEqual(at('choice'));
  });
});
