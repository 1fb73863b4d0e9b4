import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../lesson';
import { LESSONS } from '../lessons';
import { decodeCuts, encodeCuts, readCodes, setOf } from './code';
import { DRAFTS, readCut } from './data';
import type { CutData } from './data';
import { cutsOf, draftAt } from './lesson';
import { classScore, randomRegret, regretOf, scoreOf, valuesOf } from './score';

const DATA = readCut(JSON.parse(readFileSync('public/lessons/cut.json', 'utf8')));
const SET = setOf(DATA);
const steps = DATA.drafts.map(({ draft }) => draft.steps.length);
const anyCuts = fc.tuple(...steps.map((most) => fc.integer({ min: 0, max: most })));
const fileDrafts = DATA.drafts.map(({ rewards, ...draft }) => ({
  ...draft,
  cuts: rewards.map((row) => ({ rewards: row })),
}));
const [first = { question: '', answer: '', draft: { steps: [], em: 0, reward: 0 }, refiner: 0, cuts: [] }] = fileDrafts;
const fileOf = (drafts: unknown) => ({
  format: 'cutpoint-lesson/1',
  lesson: 'cut',
  data: { update: DATA.update, drafts },
});
/** The same drafts, one of which the refiner treated otherwise. */
const OTHER: CutData = {
  ...DATA,
  drafts: DATA.drafts.map((draft, at) => (at === 0 ? { ...draft, refiner: 3 - draft.refiner } : draft)),
};

describe('the recording', () => {
  it('has ten drafts with at least three steps, some right and some wrong, each cut swept 16 times', () => {
    expect(DATA.drafts).toHaveLength(DRAFTS);
    for (const { draft, rewards } of DATA.drafts) {
      expect(draft.steps.length).toBeGreaterThanOrEqual(3);
      expect(rewards.map(({ length }) => length)).toEqual(draft.steps.map(() => 16));
    }
    expect(new Set(DATA.drafts.map(({ draft }) => draft.em))).toEqual(new Set([0, 1]));
  });

  it.each([
    ['a draft less', fileDrafts.slice(1)],
    ['a cut less', fileDrafts.with(0, { ...first, cuts: first.cuts.slice(1) })],
    ['a try less', fileDrafts.with(0, { ...first, cuts: first.cuts.with(1, { rewards: [1] }) })],
    ['a refiner’s cut that is none', fileDrafts.with(0, { ...first, refiner: 6 })],
  ])('is refused with %s', (_, drafts) => {
    expect(readCut(fileOf(fileDrafts))).toEqual(DATA);
    expect(() => readCut(fileOf(drafts))).toThrow(/^The recording of this lesson cannot be used: its "/);
  });
});

describe('the code of ten choices', () => {
  it('comes back as it was, however it is typed', () => {
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const code = encodeCuts(SET, cuts);
        expect(code).toMatch(/^CUT(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
        for (const typed of [
          code,
          code.toLowerCase(),
          code.replaceAll('-', ''),
          code.replaceAll('0', 'o').replaceAll('1', 'l'),
        ]) {
          expect(decodeCuts(DATA, typed)).toEqual({ kind: 'cuts', cuts });
        }
      }),
    );
  });

  it('does not pass with a wrong character or two neighbours exchanged', () => {
    const place = fc.integer({ min: 0, max: 11 });
    fc.assert(
      fc.property(
        anyCuts,
        place,
        fc.constantFrom(...Array.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ')),
        (cuts, at, char) => {
          const code = encodeCuts(SET, cuts).replaceAll('-', '').slice(3);
          const wrong = code.slice(0, at) + char + code.slice(at + 1);
          const [a = '', b = ''] = code.slice(at, at + 2);
          const exchanged = at < 9 ? code.slice(0, at) + b + a + code.slice(at + 2) : wrong;
          for (const other of [wrong, exchanged]) {
            if (other !== code) expect(decodeCuts(DATA, other)).toEqual({ kind: 'damaged' });
          }
        },
      ),
    );
  });

  it.each(['', 'CUT-', 'CUT-0000-0000-000', 'CUT-0000-0000-00000', 'CUT-0000-0000-000U'])('is not %j', (code) => {
    expect(decodeCuts(DATA, code)).toEqual({ kind: 'damaged' });
  });

  it('knows codes of another set of drafts, and choices that its own drafts do not have', () => {
    const cuts = DATA.drafts.map(() => 0);
    expect(decodeCuts(OTHER, encodeCuts(SET, cuts))).toEqual({ kind: 'otherSet' });
    const short = steps.findIndex((most) => most < 5);
    expect(decodeCuts(DATA, encodeCuts(SET, cuts.with(short, 5)))).toEqual({ kind: 'damaged' });
  });

  it('is found in whatever a class sends', () => {
    const [first, second] = [steps.map(() => 0), steps];
    const [a, b, c] = [encodeCuts(SET, first), encodeCuts(SET, second), encodeCuts(setOf(OTHER), first)];
    const wrong = `${a.slice(0, -1)}${a.endsWith('0') ? '1' : '0'}`;
    const sent = `Ada: ${a}, Ben ${b.toLowerCase()}\n\nhello\r\n${c}\n${wrong}`;
    expect(readCodes(DATA, sent)).toEqual({
      everyone: [first, second],
      refused: [
        { line: 3, text: 'hello', why: 'none' },
        { line: 4, text: c, why: 'otherSet' },
        { line: 5, text: wrong, why: 'damaged' },
      ],
    });
    expect(readCodes(DATA, '')).toEqual({ everyone: [], refused: [] });
  });
});

describe('what choices are worth', () => {
  const draft = {
    question: '',
    answer: '',
    draft: { steps: [], em: 0, reward: 0.5 },
    refiner: 2,
    rewards: [
      [0, 0],
      [1, 2],
      [1, 1],
    ],
  };
  const small: CutData = { update: 1, drafts: [draft, { ...draft, refiner: 0, draft: { ...draft.draft, reward: 2 } }] };

  it('is the mean of the tries, and regret what the best is worth above it', () => {
    const values = valuesOf(draft);
    expect(values.choices.map(({ mean }) => mean)).toEqual([0.5, 0, 1.5, 1]);
    expect([0, 1, 2, 3].map((cut) => regretOf(values, cut))).toEqual([1, 1.5, 0, 0.5]);
    expect(randomRegret(values)).toBeCloseTo(1.5 - 2.5 / 3, 12);
  });

  it('counts whom one beats over the drafts that one has cut', () => {
    const score = scoreOf(small, [3, 0]);
    expect(score).toMatchObject({ made: 2, better: 0, same: 1, worse: 1, yours: 0.25, refiner: 0 });
    expect(scoreOf(small, [2, -1])).toMatchObject({ made: 1, better: 0, same: 1, worse: 0, yours: 0 });
    expect(scoreOf({ ...small, drafts: [{ ...draft, refiner: 1 }] }, [3])).toMatchObject({ better: 1, refiner: 1.5 });
    expect(scoreOf(small, [-1, -1])).toMatchObject({ made: 0, yours: NaN });
  });

  it('adds a class up: counts of each choice, and the mean of the regrets', () => {
    const everyone = [steps.map(() => 0), steps.map(() => 0), steps];
    const { people, counts, regret, refiner, beat } = classScore(DATA, everyone);
    expect(people).toBe(3);
    expect(counts.map(({ length }) => length)).toEqual(steps.map((most) => most + 1));
    for (const row of counts) {
      expect([row[0], row.at(-1)]).toEqual([2, 1]);
      expect(row.reduce((sum, n) => sum + n)).toBe(3);
    }
    const [accept, last] = [
      scoreOf(
        DATA,
        steps.map(() => 0),
      ),
      scoreOf(DATA, steps),
    ];
    expect(regret).toBeCloseTo((2 * accept.yours + last.yours) / 3, 12);
    expect(refiner).toBe(accept.refiner);
    expect(beat).toBe([accept, accept, last].filter(({ yours }) => yours < refiner).length);
  });
});

describe('the lesson', () => {
  const played = LESSONS.cut?.open(fileOf(fileDrafts)).played;

  it('has a step for each draft, which takes a cut of that one, and tells in the end what was chosen', () => {
    if (played === undefined) throw new Error('not open');
    let place = played.move(played.begin(), { type: 'forward' });
    const made = steps.map((most, at) => Math.min(most, at % 4));
    for (const [at, cut] of made.entries()) {
      expect(draftAt(DATA, played.steps[place.step]?.id ?? '')).toBe(DATA.drafts[at]);
      const answer: Answer = { kind: 'cuts', cuts: [cut] };
      place = played.move(played.move(place, { type: 'change', answer }), { type: 'lock' });
      const { bestWorth, yourWorth } = played.told(place);
      expect(Number(yourWorth)).toBeLessThanOrEqual(Number(bestWorth));
      place = played.move(place, { type: 'forward' });
    }
    expect(cutsOf(DATA, place.answers)).toEqual(made);
    const { better, made: all } = scoreOf(DATA, made);
    expect(played.told(place)['summary']).toContain(`You beat the refiner in ${better} of ${all} drafts`);
    expect(played.told(played.begin(place.step))['summary']).toContain('nothing yet');
  });
});
