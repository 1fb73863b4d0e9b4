/** What docs/teaching.md promises a teacher: a link to every step, and the answer that its recording gives. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LESSON_IDS } from './ids';
import type { LessonId } from './ids';
import { LESSONS } from './lessons';

const rows = readFileSync('docs/teaching.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, step, link = '', , answer = ''] = line.split('|').map((cell) => cell.trim());
    const [, lesson, at] = /^`#v1&view=lessons&lesson=([\w-]+)&step=(\d+)`$/.exec(link) ?? [];
    return lesson === undefined ? [] : [{ step: Number(step), lesson, at: Number(at), answer }];
  });

/** Where the verdict of a step has its answer. A draft of lesson 4 has it in `best`. */
const ANSWERS: Readonly<Partial<Record<LessonId, Readonly<Record<string, string>>>>> = {
  worth: { score: 'reward', lucky: 'reward', wrong: 'reward' },
  siblings: { up: 'up', advantage: 'advantage' },
  threshold: { saved: 'saved', harmed: 'harmed', margin: 'best', always: 'gain' },
  train: { play: 'last', without: 'refined', closed: 'found' },
  study: { order: 'order', seed: 'agree', zero: 'holding', faster: 'study' },
  wrong: { a: 'disease', b: 'disease', c: 'disease', 'a-cure': 'knob', 'b-cure': 'knob', 'c-cure': 'knob' },
};

describe.each(LESSON_IDS)('the plan of lesson %s', (id) => {
  const entry = LESSONS[id];
  if (entry === undefined) throw new Error(`There is no lesson ${id}.`);
  const { played } = entry.open(JSON.parse(readFileSync(`public/${entry.file}`, 'utf8')));
  const mine = rows.filter(({ lesson }) => lesson === id);

  it('links every step, in order', () => {
    expect(mine.map(({ at }) => at)).toEqual(played.steps.map((_, at) => at + 1));
    expect(mine.map(({ step }) => step)).toEqual(mine.map(({ at }) => at));
  });

  it('answers what is asked, and nothing else', () => {
    expect(mine.filter(({ answer }) => answer !== '–').map(({ at }) => at)).toEqual(
      played.steps.flatMap(({ asks }, at) => (asks === null ? [] : [at + 1])),
    );
    for (const [at, { id: step, asks }] of played.steps.entries()) {
      const key = asks === 'cuts' ? 'best' : ANSWERS[id]?.[step];
      if (key === undefined) continue;
      const [first = ''] = String(played.told(played.begin(at))[key]).split(' [');
      expect(first).not.toBe('');
      expect(mine[at]?.answer, step).toContain(first);
    }
  });
});
