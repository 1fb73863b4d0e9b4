import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LESSON_IDS } from './ids';
import type { Answer } from './lesson';
import { LESSONS } from './lessons';
import type { Place } from './machine';
import type { Asked, Played } from './played';
import { decodeFinished, encodeFinished } from './progress';
import { hasWords, say, WORDS } from './words';

const MOST_BYTES = 1_200_000;
const entries = LESSON_IDS.flatMap((id) => {
  const entry = LESSONS[id];
  return entry === undefined ? [] : [{ id, entry }];
});
const open = (file: string): unknown => JSON.parse(readFileSync(`public/${file}`, 'utf8'));

/** Some answer to each kind, and for a choice each. */
function answersTo(asked: Asked): Answer[] {
  switch (asked.kind) {
    case 'choice':
      return asked.options.map((_, choice) => ({ kind: 'choice', choice }));
    case 'many':
      return [[], [0], asked.options.map((_, i) => i)].map((chosen) => ({ kind: 'many', chosen }));
    case 'number':
      return [asked.min, asked.max].map((value) => ({ kind: 'number', value }));
    case 'order':
      return [{ kind: 'order', order: asked.options.map((_, i) => i).reverse() }];
    case 'cuts':
      return [
        { kind: 'cuts', cuts: asked.drafts.map(() => 0) },
        { kind: 'cuts', cuts: asked.drafts.map(({ length }) => length) },
      ];
    case 'curve':
      return [{ kind: 'curve', points: asked.xs.map(() => asked.max) }];
    case 'build':
      return [built(asked)];
    case 'press':
      return [{ kind: 'press' }];
  }
}

/** What reaches the goal with the fewest hands: a part of the pieces, each once. */
function built({ pieces, settings, value, goal }: Extract<Asked, { kind: 'build' }>): Answer {
  for (const setting of settings.keys()) {
    for (let part = 2 ** pieces.length - 1; part >= 0; part--) {
      const taken = { pieces: [...pieces.keys()].filter((at) => (part >> at) & 1), setting };
      if (Math.abs(value(taken) - goal) < 1e-9) return { kind: 'build', ...taken };
    }
  }
  throw new Error('Nothing on this bench reaches its goal.');
}

/** Every place of a lesson, before and after each answer. */
function everyPlace(played: Played): Place[] {
  const places: Place[] = [];
  const go = (place: Place): void => {
    places.push(place);
    const asked = played.asked(place);
    if (asked !== null && place.working !== null) {
      const locked = answersTo(asked).map((answer) => {
        const changed = played.move(place, { type: 'change', answer });
        expect(played.canLock(changed), JSON.stringify(answer)).toBe(true);
        return played.move(changed, { type: 'lock' });
      });
      places.push(...locked.slice(1));
      const [first] = locked;
      if (first) go(first);
    } else if (!played.isLast(place)) go(played.move(place, { type: 'forward' }));
  };
  go(played.begin());
  return places;
}

describe.each(entries)('lesson $id', ({ id, entry }) => {
  const { played } = entry.open(open(entry.file));

  it('has words for all that it says, with every place filled, and no more places than that', () => {
    const said = ['title', 'question', 'compute'].map((what) => say(`${id}.${what}`));
    for (const place of everyPlace(played)) {
      const step = played.steps[place.step];
      const key = `${id}.${step?.words ?? ''}`;
      const told = played.told(place);
      said.push(say(`${key}.text`, told));
      if (step?.asks) said.push(say(`${key}.ask`, told));
      if (step?.asks && place.working === null) said.push(say(`${key}.verdict`, told));
    }
    for (const text of said) {
      expect(text).toMatch(/^[^{}]+[.?!]?$/s);
      expect(text).not.toMatch(/undefined|NaN|^[\w-]+\.[\w.-]+$/);
    }
  });

  it('asks before it tells: a verdict has words of its own, and nobody goes past an open question', () => {
    for (const place of everyPlace(played)) {
      if (played.asked(place) === null || place.working === null) continue;
      expect(played.isDone(place)).toBe(false);
      expect(played.move(place, { type: 'forward' })).toBe(place);
    }
    expect(played.steps.some(({ asks }) => asks !== null)).toBe(true);
  });

  it('can be opened at every step by a link', () => {
    for (const step of played.steps.keys()) {
      const place = played.begin(step);
      expect(() => [played.told(place), played.asked(place), played.scene(place)]).not.toThrow();
    }
  });

  it.each([
    ['text', 'no lesson'],
    ['another format', { format: 'cutpoint-lesson/9', lesson: id, data: {} }],
    ['another lesson', { format: 'cutpoint-lesson/1', lesson: 'another', data: {} }],
    ['no data', { format: 'cutpoint-lesson/1', lesson: id, data: {} }],
  ])('refuses %s in words', (_, file) => {
    expect(() => entry.open(file)).toThrow(/^The recording of this lesson cannot be used: its? .*\.$/);
  });
});

describe('all lessons', () => {
  it('ship with recordings within their budget', () => {
    const sizes = entries.map(({ entry }) => statSync(`public/${entry.file}`).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('leave no word of the catalogue without use', () => {
    const runner = existsSync('src/ui/panels/lessons/runner.tsx');
    expect(runner).toBe(true);
    const known = new Set<string>(
      entries.flatMap(({ id, entry }) => {
        const { steps } = entry.open(open(entry.file)).played;
        const own = ['title', 'question', 'compute'].map((what) => `${id}.${what}`);
        return [
          ...own,
          ...steps.flatMap((step) => ['text', 'ask', 'verdict'].map((what) => `${id}.${step.words}.${what}`)),
        ];
      }),
    );
    const ofLessons = Object.keys(WORDS).filter((key) => LESSON_IDS.some((id) => key.startsWith(`${id}.`)));
    expect(ofLessons.filter((key) => !known.has(key))).toEqual([]);
  });

  it('say what has no words by its key, and leave places that nothing fills', () => {
    expect(hasWords('list.title')).toBe(true);
    expect(hasWords('toString')).toBe(false);
    expect(say('no.such.key')).toBe('no.such.key');
    expect(say('runner.step', { step: 2 })).toBe('Step 2 of {steps}');
  });

  it('are remembered when they are finished, and what is no lesson is not', () => {
    const finished = new Set(['cut', 'worth'] as const);
    expect(decodeFinished(encodeFinished(finished))).toEqual(finished);
    expect(decodeFinished('cut,__proto__,,nonsense')).toEqual(new Set(['cut']));
    expect(decodeFinished(null)).toEqual(new Set());
  });
});
