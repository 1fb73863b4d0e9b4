import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Episode, exactMatch, parseTrajectory, PHASE } from '../../env/episode';
import { MAX_STEPS, STEP_CHOICES } from '../../env/episode-limits';
import { answerToken, informationTokens, questionTokens } from '../../env/questions';
import type { Slice } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/device';
import type { ReviewMode } from '../../kernels/episode/episode';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { retrieveTopK } from '../../retrieval/bm25';
import { teacherForced } from '../../testing/engine/teacher-forced';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner } from '../learning/learner';
import {
  RolloutAborted,
  type ReviewOptions,
  type RolloutOptions,
  type RolloutResult,
  type RolloutRow,
  type ShouldStop,
} from './rollout';
import type { TrajectorySide } from './trajectory';

let gpu: Gpu;
let learner: Learner;
let rows: RolloutRow[];
/** The rollout of update 0, which the others are compared with. */
let first: RolloutResult;
const UPDATE = 3;

beforeAll(async () => {
  gpu = await openTestGpu();
  learner = smallLearner(gpu);
  learner.startFrom(shippedBase(learner));
  rows = learner.questions(UPDATE);
  first = await roll();
});
afterAll(() => gpu.close());
beforeEach(() => {
  gpu.device.pushErrorScope('validation');
  return async () => {
    expect((await gpu.device.popErrorScope())?.message).toBeUndefined();
  };
});

function roll(options: Partial<RolloutOptions> = {}, some = rows, stop?: ShouldStop): Promise<RolloutResult> {
  return learner.rollout.run(learner.optimizer.params, some, { ...learner.rolloutOptions(UPDATE), ...options }, stop);
}

const vocabulary = () => learner.family.schema.vocabulary;
const tokensOf = (side: TrajectorySide, b: number) => {
  const start = b * learner.positions;
  return [...side.tokens.subarray(start, start + side.lengths[b]!)];
};
const byModel = (mode: ReviewMode): ReviewOptions => ({ mode, margin: 0, gate: 'model', cut: 'model' });
const SIDES = ['draft', 'final'] as const;

/** Everything that came back for one row, to be compared bit for bit. */
function rowOf({ draft, final, reviews }: RolloutResult, b: number) {
  const T = learner.positions;
  return {
    ...Object.fromEntries(
      Object.entries({ draft, final }).map(([name, side]) => [
        name,
        {
          tokens: tokensOf(side, b),
          logProbs: [...side.logProbs.subarray(b * T, (b + 1) * T)],
          entropies: [...side.entropies.subarray(b * T, (b + 1) * T)],
          passages: [...side.passages.subarray(b * 12, (b + 1) * 12)],
          reward: side.rewards[b],
        },
      ]),
    ),
    cut: reviews.cuts[b],
    review: [...reviews.logProbs.subarray(b * 6, (b + 1) * 6)],
  };
}

const everyRow = (result: RolloutResult) =>
  result.draft.em.reduce<object[]>((all, _, b) => [...all, rowOf(result, b)], []);

describe('a rollout', () => {
  it('searches and is cut often enough to show anything below', () => {
    expect(first.draft.searches.filter((n) => n > 0).length).toBeGreaterThan(rows.length / 2);
    expect(new Set(first.reviews.cuts).size).toBeGreaterThan(1);
    expect(first.reviews.cuts).toContain(0);
  });

  it('reads back once and creates nothing after the first', async () => {
    const { recorder, readback } = learner;
    const counts = { ...recorder.counts };
    const before = [gpu.buffers.createdCount, gpu.pipelines.count, counts.bindGroups];
    const reads = readback.count;
    const submit = vi.spyOn(gpu.device.queue, 'submit');
    const again = await roll();
    expect(readback.count - reads).toBe(1);
    expect([gpu.buffers.createdCount, gpu.pipelines.count, recorder.counts.bindGroups]).toEqual(before);
    expect(submit).toHaveBeenCalledTimes(recorder.counts.submits - counts.submits);
    // Draft and regeneration have 5 x 8 steps each, every eighth with retrieval; a review is one; the weights are copied once.
    const { layers } = learner.table.shape;
    const [step, review] = [5 * layers + 5, 5 * layers + 5];
    expect(recorder.counts.dispatches - counts.dispatches).toBe(80 * step + 10 + review + 1);
    expect(recorder.counts.submits - counts.submits).toBeLessThan(learner.positions / 4);
    submit.mockRestore();
    expect(everyRow(again)).toEqual(everyRow(first));
  });

  it('follows the rules of the episode, as parsed from its tokens alone', () => {
    for (const name of SIDES) {
      const side = first[name];
      rows.forEach(({ world, chain }, b) => {
        const tokens = tokensOf(side, b);
        const outcome = parseTrajectory(vocabulary(), tokens);
        expect(tokens.slice(0, outcome.steps[0]!.start)).toEqual(questionTokens(world.schema, chain));
        expect(outcome.reason).toBe(side.reasons[b]);
        expect(outcome.reason).not.toBe(0);
        expect(outcome.length).toBe(tokens.length);
        const starts = side.stepStarts.subarray(b * MAX_STEPS, b * MAX_STEPS + side.stepCounts[b]!);
        expect(outcome.steps.map(({ start }) => start)).toEqual([...starts]);
        expect(outcome.searches).toHaveLength(side.searches[b]!);
        expect(side.em[b]).toBe(exactMatch(outcome, answerToken(world.schema, chain)));
        outcome.searches.forEach(({ query, informationStart }, s) => {
          const ids = [...side.passages.subarray(b * 12 + s * 3, b * 12 + s * 3 + 3)];
          expect(ids).toEqual([...retrieveTopK(world.index, query)]);
          const inserted = tokens.slice(informationStart, informationStart + 14);
          expect(inserted).toEqual(informationTokens(world, ids).slice(0, inserted.length));
        });
      });
    }
  });

  it('never samples a token that only the environment may write', () => {
    for (const name of SIDES) {
      rows.forEach((_, b) => {
        const tokens = tokensOf(first[name], b);
        const question = tokens.indexOf(vocabulary().special.question) + 1;
        const episode = new Episode(vocabulary(), question);
        tokens.slice(question).forEach((token, i) => {
          const logProb = first[name].logProbs[b * learner.positions + question + i];
          if (episode.phase === PHASE.information) expect(logProb).toBe(0);
          else {
            expect(vocabulary().actorAllowed[token]).toBe(1);
            expect(logProb).toBeLessThan(0);
          }
          episode.push(token);
        });
      });
    }
  });

  it('gives a row the same numbers in any place, and with any company', async () => {
    const turned = await roll({}, [...rows].reverse());
    expect(everyRow(turned).reverse()).toEqual(everyRow(first));
    const few = [rows[7]!, rows[2]!];
    expect(everyRow(await roll({}, few))).toEqual([rowOf(first, 7), rowOf(first, 2)]);
  });

  it('leaves rows that it has no trajectory for alone', async () => {
    const read = vi.spyOn(learner.readback, 'readAll');
    await roll({}, rows.slice(0, 5));
    const bytes: unknown = await read.mock.results[0]?.value;
    read.mockRestore();
    if (!(bytes instanceof ArrayBuffer)) throw new Error('a rollout reads its result');
    const words = new Uint32Array(bytes);
    const idle = words.subarray(5 * ROW_WORDS, rows.length * ROW_WORDS);
    expect(idle.every((word) => word === 0)).toBe(true);
    expect(words[4 * ROW_WORDS + ROW.length]).toBeGreaterThan(0);
    const tokens = (Math.ceil((rows.length * ROW_WORDS * 4) / 256) * 256) / 4;
    const unused = words.subarray(tokens + 5 * learner.positions, tokens + rows.length * learner.positions);
    expect(unused.every((word) => word === 0)).toBe(true);
  });

  it('changes with the update, the replicate and the seed', async () => {
    const text = (result: RolloutResult) => JSON.stringify([...result.draft.tokens]);
    const off = { review: null };
    const others = [
      await roll({ ...off, update: UPDATE + 1 }),
      await roll({ ...off, replicate: 1 }),
      await roll({ ...off, runSeed: 2 }),
    ];
    expect(new Set([first, ...others].map(text)).size).toBe(4);
  });

  it('is greedy at temperature 0, whatever the random numbers, and blind in a closed book', async () => {
    const still = { temperature: 0, suffixTemperature: 0, review: byModel('greedy') } as const;
    const greedy = await roll(still);
    const other = await roll({ ...still, runSeed: 9 });
    expect(everyRow(other)).toEqual(everyRow(greedy));
    // A greedy suffix repeats a greedy draft, which is why evaluations sample it.
    expect(greedy.final.tokens).toEqual(greedy.draft.tokens);
    greedy.reviews.cuts.forEach((cut, b) => {
      const [accept = 0, ...cuts] = greedy.reviews.logProbs.subarray(b * 6, b * 6 + 6);
      const best = cuts.indexOf(Math.max(...cuts)) + 1;
      expect(cut).toBe(cuts[best - 1]! >= accept ? best : 0);
    });
    const blind = await roll({ blank: true, review: null });
    rows.forEach(({ world }, b) => {
      for (const { informationStart } of parseTrajectory(vocabulary(), tokensOf(blind.draft, b)).searches) {
        const inserted = tokensOf(blind.draft, b).slice(informationStart, informationStart + 14);
        expect(inserted).toEqual(informationTokens(world, [0, 0, 0], true).slice(0, inserted.length));
      }
    });
  });

  it('can be abandoned between submits without a trace', async () => {
    let asked = 0;
    await expect(roll({}, rows, () => ++asked === 40)).rejects.toThrow(RolloutAborted);
    expect(asked).toBe(40);
    expect(everyRow(await roll())).toEqual(everyRow(first));
  });
});

describe('review, cut and regeneration', () => {
  it('keep what stands before the cut, to the last bit, and everything where nothing is cut', () => {
    const { draft, final, reviews } = first;
    const T = learner.positions;
    let changed = 0;
    rows.forEach((_, b) => {
      const cut = reviews.cuts[b]!;
      const keep = cut === 0 ? draft.lengths[b]! : draft.stepStarts[b * MAX_STEPS + cut - 1]!;
      for (const field of ['tokens', 'logProbs', 'entropies'] as const) {
        const part = (side: TrajectorySide) => [...side[field].subarray(b * T, b * T + keep)];
        expect(part(final)).toEqual(part(draft));
      }
      expect([...final.passages.subarray(b * 12, b * 12 + Math.max(0, cut - 1) * 3)]).toEqual([
        ...draft.passages.subarray(b * 12, b * 12 + Math.max(0, cut - 1) * 3),
      ]);
      if (cut === 0) expect(tokensOf(final, b)).toEqual(tokensOf(draft, b));
      else if (String(tokensOf(final, b)) !== String(tokensOf(draft, b))) changed += 1;
    });
    expect(changed).toBeGreaterThan(0);
  });

  it('cut exactly at the flawed step where the labels decide', async () => {
    // Greedy drafts of a weak policy go wrong in more places than sampled ones.
    const oracle = await roll({ temperature: 0, review: byModel('oracleLabel') });
    expect([...oracle.reviews.cuts]).toEqual([...oracle.draft.flawed]);
    expect(new Set(oracle.reviews.cuts).size).toBeGreaterThan(1);
  });

  it('agree with a teacher-forced forward pass, token by token, and use the random numbers that they name', async () => {
    const table = await teacherForced(learner, rows, first, UPDATE);
    let compared = 0;
    for (const { logProb, got, lower, upper, uniform } of table) {
      expect(Math.abs(logProb - got)).toBeLessThan(1e-4);
      expect(uniform).toBeGreaterThan(lower - 1e-5);
      expect(uniform).toBeLessThan(upper + 1e-5);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe('retrieval happens on the GPU', () => {
  /** The passage that most rows read, its bytes in the index, and an object that it does not name. */
  function famous() {
    const readers = new Map<string, number[]>();
    rows.forEach(({ slot }, b) => {
      for (const id of new Set(first.draft.passages.subarray(b * 12, b * 12 + 12))) {
        if (id < 0) continue;
        const key = `${slot} ${id}`;
        readers.set(key, [...(readers.get(key) ?? []), b]);
      }
    });
    const [key = '', who = []] = [...readers].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    const [slot = 0, id = 0] = key.split(' ').map(Number);
    const world = rows[who[0]!]!.world;
    const [source, subject, relation, object] = world.index.terms.subarray(id * 4, id * 4 + 4);
    const { entityBase, entityCount } = vocabulary();
    const other = entityBase + ((object! - entityBase + 1) % entityCount);
    const place: Slice = learner.index.terms;
    const write = (last: number) => {
      learner.recorder.submit();
      const offset = place.offset + (slot * learner.index.stride + id) * 16;
      gpu.device.queue.writeBuffer(place.buffer, offset, Uint32Array.of(source!, subject!, relation!, last));
    };
    return { slot, id, object: object!, other, change: () => write(other), restore: () => write(object!) };
  }

  const reads = ({ draft, final }: RolloutResult, b: number, slot: number, id: number) =>
    rows[b]!.slot === slot && [draft, final].some((side) => side.passages.subarray(b * 12, b * 12 + 12).includes(id));
  const text = (result: RolloutResult, b: number) => JSON.stringify(rowOf(result, b));

  it('so one changed passage changes what its readers do, and nobody else', async () => {
    const { slot, id, change, restore } = famous();
    change();
    const changed = await roll();
    restore();
    const readers = rows.flatMap((_, b) => (reads(first, b, slot, id) ? [b] : []));
    expect(readers.length).toBeGreaterThan(1);
    expect(readers.length).toBeLessThan(rows.length);
    const written = (result: RolloutResult, b: number) =>
      tokensOf(result.draft, b).filter((_, t) => result.draft.logProbs[b * learner.positions + t] !== 0);
    expect(readers.some((b) => String(written(changed, b)) !== String(written(first, b)))).toBe(true);
    rows.forEach((_, b) => {
      if (reads(first, b, slot, id)) expect(text(changed, b)).not.toBe(text(first, b));
      else if (!reads(changed, b, slot, id)) expect(text(changed, b)).toBe(text(first, b));
    });
    expect(everyRow(await roll())).toEqual(everyRow(first));
  });

  it('also in the middle of a run: after the query, before the passage is inserted', async () => {
    const { slot, id, object, other, change, restore } = famous();
    const readersOf = (search: number) =>
      rows.flatMap((row, b) => {
        const at = first.draft.passages.subarray(b * 12, b * 12 + 12).indexOf(id);
        if (row.slot !== slot || at < 0 || Math.floor(at / 3) !== search) return [];
        const { searches } = parseTrajectory(vocabulary(), tokensOf(first.draft, b));
        // Of the passage's object, where the row reads it first.
        return [{ b, place: searches[search]!.informationStart + 4 + (at % 3) * 4 }];
      });
    const earliest = [0, 1, 2, 3].find((search) => readersOf(search).length > 0)!;
    let steps = 0;
    const changed = await roll({}, rows, () => {
      // Asked after every step; the passages of the s-th search come before step 8 s.
      steps += 1;
      if (steps === (earliest + 1) * STEP_CHOICES) change();
      return false;
    });
    restore();
    for (const { b, place } of readersOf(earliest)) {
      const [was, is] = [tokensOf(first.draft, b), tokensOf(changed.draft, b)];
      expect(is.slice(0, place)).toEqual(was.slice(0, place));
      expect([was[place], is[place]]).toEqual([object, other]);
    }
    rows.forEach((_, b) => {
      if (!reads(first, b, slot, id) && !reads(changed, b, slot, id)) expect(text(changed, b)).toBe(text(first, b));
    });
  });
});
