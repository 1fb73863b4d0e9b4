import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import { WorldPool } from '../../env/pool';
import type { World, WorldFamily } from '../../env/world';
import { playRows, type Play } from '../../testing/engine/fake-rollout';
import type { RefinedOptions } from '../learning/refined-rollout';
import { refinement, trainingOptions } from '../learning/rollout-options';
import type { RolloutOptions, RolloutRow, ShouldStop } from '../rollout/rollout';
import type { TrajectorySide } from '../rollout/trajectory';
import { evaluate, evaluateTemperatures, LANE, redrawnQuestions, type Evaluated } from './evaluate';

const microwiki = microwikiFamily();
const { vocabulary } = microwiki.schema;
const { special: s, relationBase: r, entityBase: e } = vocabulary;
const { positions } = episodeLimits(3);
const TOKENS = [s.bos, r, e, s.question, s.think, s.endThink, s.answer, e, s.endAnswer, s.eos];
const QUESTIONS = 16;
const SIDE = 8;
/** Not a divisor of either, so that the last part is smaller. */
const BATCH = 5;

/** How many of the first questions are right before and after a review, by where and how they are asked: no number twice. */
const RIGHT = {
  'held-out sampled': [4, 6],
  'held-out greedy': [9, 11],
  'pool sampled': [3, 8],
  'pool sampled blank': [1, 8],
  'real greedy': [5, 8],
  'real sampled': [2, 8],
  'real greedy blank': [7, 8],
} as const;

type Kind = 'real' | 'held-out' | 'pool';

/** A held-out world's seed has bit 31; the real facts are one world. */
function kindOf(world: World, real: World | null): Kind {
  if (world === real) return 'real';
  return world.seed >= 0x80000000 ? 'held-out' : 'pool';
}

function howAsked({ temperature, blank }: RolloutOptions): string {
  return `${temperature === 0 ? 'greedy' : temperature === 1 ? 'sampled' : `at ${temperature}`}${blank ? ' blank' : ''}`;
}

function isKnown(key: string): key is keyof typeof RIGHT {
  return key in RIGHT;
}

interface Read {
  texts: TrajectorySide;
  by: 'present' | 'base';
  stop: ShouldStop | undefined;
}

interface Call {
  rows: readonly RolloutRow[];
  options: RefinedOptions;
  stop: ShouldStop | undefined;
}

function make(overrides: Partial<RunConfig> = {}, { updates = 0, hasReal = true } = {}) {
  const config = configForPreset('search-r2', { poolSize: 3, evalQuestions: QUESTIONS, ...overrides });
  const real = hasReal ? microwiki.draw(7, 0) : null;
  const family: WorldFamily = { ...microwiki, real: () => real };
  const pool = new WorldPool(family, config);
  const play: Play = ({ world, logicalRow }, options) => {
    const key = `${kindOf(world, real)} ${howAsked(options)}`;
    const [before, after] = isKnown(key) ? RIGHT[key] : [10 * options.temperature, 0];
    const reward = options.temperature === 0 ? 0.25 : 0.5;
    const draft = { tokens: TOKENS, em: logicalRow < before ? 1 : 0, reward } as const;
    return options.review === null
      ? { draft }
      : { draft, cut: 1, final: { tokens: TOKENS, em: logicalRow < after ? 1 : 0, reward: 2 } };
  };
  const calls: Call[] = [];
  const read: Read[] = [];
  const learner: Evaluated = {
    config,
    pool,
    updates,
    rollout: { batch: BATCH },
    rolloutOptions: (update) => trainingOptions(config, update, null),
    refinement: (mode) => refinement(config, mode, null),
    readReviews: (texts, by, stop) => {
      read.push({ texts, by, stop });
      // The present weights hold each draft for what it is, the base the first one for wrong; both would cut at step 1.
      const logProbs = [...texts.em].flatMap((em, b) => [(by === 'base' ? b > 0 : em === 1) ? -0.1 : -3, -4, -5]);
      return Promise.resolve(Float32Array.from(logProbs.flatMap((x, i) => (i % 3 === 2 ? [x, x, x, x] : [x]))));
    },
    roll: (rows, options, stop) => {
      calls.push({ rows, options, stop });
      return Promise.resolve(playRows(vocabulary, positions, { rows, options }, play));
    },
  };
  return { learner, calls, read, real };
}

describe('evaluate', () => {
  const stop = () => false;
  async function evaluated() {
    const made = make({}, { updates: 8 });
    const evaluation = await evaluate(made.learner, stop);
    const asked = (kind: Kind, how: string) =>
      made.calls
        .filter(({ rows, options }) => kindOf(rows[0]!.world, made.real) === kind && howAsked(options) === how)
        .flatMap(({ rows }) => rows);
    return { ...made, evaluation, asked };
  }

  it('takes each number from its own questions, worlds and way of answering', async () => {
    const { evaluation } = await evaluated();
    expect(evaluation).toMatchObject({
      update: 8,
      emSampled: 4 / QUESTIONS,
      emSampledRefined: 6 / QUESTIONS,
      emGreedy: 9 / QUESTIONS,
      emGreedyRefined: 11 / QUESTIONS,
      emTrain: 3 / SIDE,
      emClosedBook: 1 / SIDE,
      emRealGreedy: 5 / SIDE,
      emRealSampled: 2 / SIDE,
      emRealClosedBook: 7 / SIDE,
    });
  });

  it('asks at five temperatures where it is to, with the refiner too', async () => {
    const { learner, calls } = make({ evalTemperatures: 'five' });
    const found = await evaluate(learner);
    // At a temperature t the made-up policy gets the first 10 t right, and none after the review.
    expect(found).toMatchObject({ emT25: 3 / QUESTIONS, emT50: 5 / QUESTIONS, emT75: 8 / QUESTIONS });
    expect(found).toMatchObject({ emT25Refined: 0, emT50Refined: 0, emT75Refined: 0 });
    const between = calls.filter(({ options }) => options.temperature > 0 && options.temperature < 1);
    expect([...new Set(between.map(({ options }) => options.replicate))]).toEqual([24, 25, 26]);
    expect(between.every(({ options }) => options.review?.mode === 'greedy')).toBe(true);
    const bare = await evaluate(make({ evalTemperatures: 'five', refiner: 'none' }).learner);
    expect(bare).toMatchObject({ emT50: 5 / QUESTIONS, emT50Refined: null });
    expect((await evaluated()).evaluation).not.toHaveProperty('emT50');
  });

  it('finds the margin that pays on training worlds, at each temperature, and reviews with it', async () => {
    const { learner, calls, real } = make({ marginFrom: 'pool' });
    const found = await evaluate(learner);
    // Of 8 drafts in the pool at temperature 1, cutting rights 5 of the wrong ones, whose best cut is 1 nat less likely than
    // accepting; greedily it rights none.
    expect(found['marginSampled']).toBeCloseTo(-1, 5);
    expect(found['marginGreedy']).toBeNull();
    const tried = calls.filter(({ options }) => options.review?.gate === 'always');
    expect(tried.every(({ rows }) => kindOf(rows[0]!.world, real) === 'pool')).toBe(true);
    expect(new Set(tried.map(({ options }) => options.temperature))).toEqual(new Set([1, 0]));
    expect(new Set(tried.map(({ options }) => options.replicate))).toEqual(new Set([28]));
    const margins = (temperature: number) =>
      calls
        .filter(
          ({ options: { review, temperature: t } }) => review !== null && review.gate === 'model' && t === temperature,
        )
        .map(({ options }) => options.review?.margin);
    expect(new Set(margins(1))).toEqual(new Set([found['marginSampled']]));
    expect(new Set(margins(0))).toEqual(new Set([1e30]));
    expect(await evaluate(make().learner)).not.toHaveProperty('marginSampled');
  });

  it('tells how well the sampled drafts are read: by the network, by the base, by rules', async () => {
    const { evaluation, read } = await evaluated();
    expect(read.map(({ by, texts }) => [by, texts.em.length])).toEqual([
      ['present', QUESTIONS],
      ['base', QUESTIONS],
    ]);
    expect(read.every((one) => one.stop === stop)).toBe(true);
    expect([...read[1]!.texts.em]).toEqual([...read[0]!.texts.em]);
    expect(read[0]!.texts.em.filter((em) => em === 1)).toHaveLength(RIGHT['held-out sampled'][0]);
    // The base holds one right draft of four for wrong, and all else for equally right.
    const base = (3 * 0.5) / 4;
    expect(evaluation).toMatchObject({ reviewAuc: 1, reviewAucBase: base, cutHit: 0, cutHitBase: 0 });
    // All drafts are the same text: by rules none is likelier wrong, and each is cut at its only step, here labelled as 0.
    expect(evaluation).toMatchObject({ reviewAucReader: 0.5, cutHitReader: 0 });
  });

  it('has the metrics of the drafts, the actor alone', async () => {
    const { evaluation, asked } = await evaluated();
    expect(evaluation).toMatchObject({ rewardSampled: 0.5, rewardGreedy: 0.25, emSampled: 0.25, emGreedy: 9 / 16 });
    const rows = asked('held-out', 'sampled');
    for (const hops of [1, 2, 3]) {
      const some = rows.filter(({ chain }) => chain.relations.length === hops);
      expect(some.length).toBeGreaterThan(0);
      const right = some.filter(({ logicalRow }) => logicalRow < 9).length;
      expect(evaluation[`emHop${hops}Greedy`]).toBeCloseTo(right / some.length, 12);
    }
  });

  it('asks each set once, in parts, all of it within the worlds of the set', async () => {
    const { calls, asked, real } = await evaluated();
    const counts = (kind: Kind, ...hows: string[]) => hows.map((how) => asked(kind, how).length);
    expect(counts('held-out', 'sampled', 'greedy')).toEqual([QUESTIONS, QUESTIONS]);
    expect(counts('pool', 'sampled', 'sampled blank')).toEqual([SIDE, SIDE]);
    expect(counts('real', 'greedy', 'sampled', 'greedy blank')).toEqual([SIDE, SIDE, SIDE]);
    expect(calls.map(({ rows }) => rows.length)).toEqual([5, 5, 5, 1, 5, 5, 5, 1, ...[5, 3], 5, 3, 5, 3, 5, 3, 5, 3]);
    for (const { rows } of calls) expect(new Set(rows.map(({ world }) => kindOf(world, real))).size).toBe(1);
    expect(asked('pool', 'sampled blank')).toEqual(asked('pool', 'sampled'));
    expect(asked('held-out', 'greedy')).toEqual(asked('held-out', 'sampled'));
    expect(calls.every((call) => call.stop === stop)).toBe(true);
  });

  it('keeps a slot for each world, so that no set overwrites another’s passages', async () => {
    const { learner, asked } = await evaluated();
    const { config } = learner;
    // The pool as the last update, number 7 from 0, saw it: the next one redraws a world.
    const pool = new WorldPool(microwiki, config);
    pool.redraw(7);
    for (const { slot, world } of asked('pool', 'sampled')) expect(world.seed).toBe(pool.member(slot).seed);
    for (const { slot, world } of asked('held-out', 'sampled'))
      expect(world.seed).toBe(pool.heldOut(slot - config.poolSize).seed);
    for (const { slot } of asked('real', 'sampled')) expect(slot).toBe(config.poolSize + config.evalWorlds);
    const places = (kind: Kind) => new Set(asked(kind, 'sampled').map(({ slot }) => slot)).size;
    expect([places('pool') > 1, places('held-out') > 3]).toEqual([true, true]);
  });

  it('has random numbers of its own for each set, none of which is training’s, and regenerates at temperature 1', async () => {
    const { calls } = await evaluated();
    const drawn = calls.map(({ options }) => {
      const { replicate, update, temperature, suffixTemperature, blank, review } = options;
      return [replicate, update, temperature, suffixTemperature, blank, review?.mode ?? null].join(' ');
    });
    expect([...new Set(drawn)]).toEqual([
      '1 8 1 1 false greedy',
      '2 8 0 1 false greedy',
      '4 8 1 1 false ',
      '3 8 1 1 true ',
      '5 8 0 1 false ',
      '5 8 1 1 false ',
      '5 8 0 1 true ',
    ]);
  });

  it('asks the same questions at every update, and more of them begin with the same', async () => {
    const of = async (updates: number, count: number) => {
      const { learner, calls: later } = make({}, { updates });
      await evaluate(learner, stop, count);
      return later.filter(({ options }) => options.replicate === 1).flatMap(({ rows }) => rows);
    };
    const texts = (rows: readonly { chain: object; slot: number }[]) => rows.map(({ chain, slot }) => [chain, slot]);
    const first = texts(await of(8, QUESTIONS));
    expect(texts(await of(40, QUESTIONS))).toEqual(first);
    expect(texts(await of(8, 20)).slice(0, QUESTIONS)).toEqual(first);
  });

  it('has no refined numbers without a refiner, no real ones without real facts, and never fewer than eight questions', async () => {
    const bare = make({ refiner: 'none', evalQuestions: 6 }, { hasReal: false });
    const found = await evaluate(bare.learner);
    expect(found).toMatchObject({ update: 0, emSampledRefined: null, emGreedyRefined: null, emSampled: 4 / 6 });
    expect(Object.keys(found).filter((key) => key.startsWith('emReal'))).toEqual([]);
    expect(bare.calls.every(({ options }) => options.review === null && options.chooser === null)).toBe(true);
    expect(found['emTrain']).toBe(3 / 8);
  });
});

describe('the questions of an evaluation', () => {
  it('are others in each lane', () => {
    const { learner } = make();
    const chains = (lane?: number) => redrawnQuestions(learner, 6, lane).map(({ chain, slot }) => ({ chain, slot }));
    expect(chains()).toEqual(chains(LANE.redrawn));
    expect(chains(LANE.theory)).not.toEqual(chains());
    expect(redrawnQuestions(learner, 6).map(({ logicalRow }) => logicalRow)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('evaluateTemperatures', () => {
  it('asks the headline questions of the actor alone, each temperature with numbers of its own', async () => {
    const { learner, calls } = make({ evalQuestions: 2 * BATCH });
    // At a temperature t the made-up policy gets the first 10 t right.
    expect(await evaluateTemperatures(learner, [0, 0.25, 0.5])).toEqual([
      { temperature: 0, em: 9 / 10 },
      { temperature: 0.25, em: 3 / 10 },
      { temperature: 0.5, em: 5 / 10 },
    ]);
    expect(calls.map(({ rows, options }) => [rows.length, options.replicate])).toEqual(
      [16, 16, 17, 17, 18, 18].map((replicate) => [BATCH, replicate]),
    );
    expect(calls.every(({ options }) => options.review === null && !options.blank)).toBe(true);
  });
});
