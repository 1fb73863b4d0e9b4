import { describe, expect, it } from 'vitest';
import { PURPOSES } from '../../lib/philox';
import { fakeRollout, NO_PARAMS } from '../../testing/engine/fake-rollout';
import { sideOf } from '../../testing/engine/sides';
import type { RolloutRow } from './rollout';
import { everyCut, sweepCuts, type Cut, type SweepOptions } from './sweep';
import { answer, family, positions, question, vocabulary } from '../../testing/engine/hand-text';

const { special: s, relationBase: r, entityBase: e } = vocabulary;
const world = family.draw(1, 0);

// 4 tokens of the question, 21 of a search, 6 of an answer.
const otherQuestion = [s.bos, r + 1, e, s.question];
const search = [s.think, e, s.endThink, s.search, e, r, s.endSearch, s.information];
const information = [...new Array<number>(12).fill(s.question), s.endInformation];
const texts = [
  [...question, ...search, ...information, ...search, ...information, ...answer(e)],
  [...otherQuestion, ...search, ...information, ...answer(e + 1)],
];
const drafts = sideOf(
  vocabulary,
  positions,
  texts.map((tokens, b) => ({ tokens, logProbs: tokens.map((_, t) => -100 * (b + 1) - t) })),
);
drafts.entropies = drafts.logProbs.map((x) => -x);
drafts.passages = drafts.passages.map((_, i) => i);
const rows: RolloutRow[] = [40, 41].map((logicalRow, slot) => ({
  world,
  chain: world.chains[1]![0]!,
  slot,
  logicalRow,
}));

const PLAIN: SweepOptions = { runSeed: 5, update: 3, replicates: 2, reward: { process: 'off', combine: 'gated' } };
const BASE: SweepOptions = { ...PLAIN, firstReplicate: 7 };
const CUTS: Cut[] = [
  { draft: 0, step: 2 },
  { draft: 1, step: 2 },
  { draft: 0, step: 3 },
  { draft: 1, step: 1 },
];

/** A suffix is an answer; its reward names the row, how much was kept and the replicate. */
function make(batch: number) {
  return fakeRollout(vocabulary, { batch, positions }, ({ logicalRow, kept }) => {
    const tokens = [...kept!.tokens, ...answer(e + 2)];
    const reward = 100 * logicalRow + kept!.tokens.length + kept!.replicate / 16;
    return { draft: { tokens, reward, em: kept!.replicate === 7 ? 1 : 0, logProbs: tokens.map(() => -0.5) } };
  });
}
const sweep = (rollout: ReturnType<typeof make>, cuts: readonly Cut[], options: Partial<SweepOptions> = {}) =>
  sweepCuts(rollout, NO_PARAMS, rows, drafts, cuts, { ...BASE, ...options });

describe('everyCut', () => {
  it('is each step of each draft', () => {
    expect(everyCut({ stepCounts: Uint8Array.of(2, 0, 1) })).toEqual([
      { draft: 0, step: 1 },
      { draft: 0, step: 2 },
      { draft: 2, step: 1 },
    ]);
  });
});

describe('a sweep by hand', () => {
  it('keeps what stands before each cut, and gives each replicate its number', async () => {
    const rollout = make(8);
    await sweep(rollout, CUTS);
    const [{ rows: asked, options } = { rows: [] }, ...more] = rollout.asked;
    expect(more).toEqual([]);
    expect(asked.map(({ slot, logicalRow, kept }) => [slot, logicalRow, kept?.attempt, kept?.replicate])).toEqual([
      [0, 40, 1, 7],
      [0, 40, 1, 8],
      [1, 41, 1, 7],
      [1, 41, 1, 8],
      [0, 40, 1, 7],
      [0, 40, 1, 8],
      [1, 41, 1, 7],
      [1, 41, 1, 8],
    ]);
    const kept = [0, 2, 4, 6].map((i) => asked[i]!.kept!);
    const [first, second] = [texts[0]!, texts[1]!];
    expect(kept.map(({ tokens }) => [...tokens])).toEqual([
      first.slice(0, 25),
      second.slice(0, 25),
      first.slice(0, 46),
      otherQuestion,
    ]);
    expect(kept.map(({ stepStarts }) => [...stepStarts])).toEqual([[4], [4], [4, 25], []]);
    expect(kept.map(({ passages }) => [...passages])).toEqual([[0, 1, 2], [12, 13, 14], [0, 1, 2, 3, 4, 5], []]);
    expect(options).toEqual({
      runSeed: 5,
      update: 3,
      replicate: 0,
      purpose: PURPOSES.sweep,
      temperature: 1,
      suffixTemperature: 1,
      review: null,
      blank: false,
      reward: BASE.reward,
    });
  });

  it('lays rewards and EM down cut by cut, over as many rollouts as it takes', async () => {
    const rollout = make(5);
    const { rewards, em, replicates, trajectories } = await sweep(rollout, CUTS);
    expect(rollout.asked.map(({ rows: part }) => part.length)).toEqual([5, 3]);
    expect([...rewards]).toEqual(
      [4025, 4025, 4125, 4125, 4046, 4046, 4104, 4104].map((x, i) => x + (7 + (i % 2)) / 16),
    );
    expect([...em]).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect([replicates, trajectories]).toEqual([2, null]);
  });

  it('returns the trajectories where asked, with what the draft knew of the tokens that it keeps', async () => {
    const { trajectories } = await sweep(make(4), CUTS, { trajectories: true });
    expect(trajectories!.em).toHaveLength(8);
    const known = (list: Float32Array, c: number) => [...list.subarray(c * positions, c * positions + 52)];
    for (const [c, draft, keeps] of [
      [1, 0, 25],
      [3, 1, 25],
      [6, 1, 4],
      [4, 0, 46],
    ] as const) {
      const old = Array.from({ length: keeps }, (_, t) => -100 * (draft + 1) - t);
      const fresh = new Array<number>(6).fill(-0.5);
      const rest = new Array<number>(52 - keeps - 6).fill(0);
      expect(known(trajectories!.logProbs, c)).toEqual([...old, ...fresh, ...rest]);
      expect(known(trajectories!.entropies, c).slice(0, keeps)).toEqual(old.map((x) => -x));
      expect(trajectories!.lengths[c]).toBe(keeps + 6);
    }
  });

  it('takes another purpose, attempt and temperature, a closed book, and replicates from 0', async () => {
    const rollout = make(6);
    const given = { purpose: PURPOSES.hand, attempt: 3, temperature: 0.5, blank: true };
    await sweepCuts(rollout, NO_PARAMS, rows, drafts, CUTS.slice(0, 1), { ...PLAIN, ...given });
    expect(rollout.asked[0]?.options).toMatchObject({ purpose: PURPOSES.hand, temperature: 0.5, blank: true });
    expect(rollout.asked[0]?.rows.map(({ kept }) => [kept?.attempt, kept?.replicate])).toEqual([
      [3, 0],
      [3, 1],
    ]);
  });

  it.each([
    [{ draft: 2, step: 1 }, {}, 'there is no draft 2'],
    [{ draft: 1, step: 3 }, {}, 'step 3 is not one of the 2 of draft 1'],
    [{ draft: 1, step: 0 }, {}, 'step 0 is not one of the 2 of draft 1'],
    [{ draft: 1, step: 1.5 }, {}, 'step 1.5 is not one'],
    [{ draft: 1, step: 1 }, { replicates: 0 }, 'replicates 7 to 6 are not within'],
    [{ draft: 1, step: 1 }, { replicates: 1.5 }, 'are not within 0 to 65535'],
    [{ draft: 1, step: 1 }, { firstReplicate: -1 }, 'replicates -1 to 0 are not within'],
    [{ draft: 1, step: 1 }, { firstReplicate: 65535 }, 'replicates 65535 to 65536 are not within'],
  ])('refuses %o with %o', async (cut, options, message) => {
    await expect(sweep(make(6), [cut], options)).rejects.toThrow(message);
  });

  it('reaches the last replicate and the last step', async () => {
    await expect(sweep(make(6), [{ draft: 1, step: 2 }], { firstReplicate: 65534 })).resolves.toBeDefined();
  });
});
