/** What choices of cuts are worth: a reader's, the refiner's, chance's, and those of a class. Pure. */
import { mean } from '../../lib/stats';
import { cutValues } from '../../recordings/cut-values';
import type { CutValues } from '../../recordings/cut-values';
import type { CutData, CutDraft } from './data';

/** The sweep of a draft, as Cut Lab reads it. */
export function valuesOf({ draft, refiner, rewards }: CutDraft): CutValues {
  const replicates = rewards[0]?.length ?? 0;
  const all = Float32Array.from(rewards.flat());
  // Only its rewards are asked for.
  const sweep = { update: 0, firstReplicate: 0, replicates, rewards: all, em: new Uint8Array(all.length) };
  return cutValues(sweep, draft.reward, refiner);
}

/** What the best choice is worth above this one. @param cut 0 accepts, j cuts at step j */
export function regretOf({ choices, best }: CutValues, cut: number): number {
  return (choices[best]?.mean ?? NaN) - (choices[cut]?.mean ?? NaN);
}

/** Of a cut drawn at random. */
export function randomRegret({ choices, best, uniform }: CutValues): number {
  return (choices[best]?.mean ?? NaN) - uniform;
}

export interface Score {
  /** Drafts that were cut or accepted. */
  made: number;
  /** In so many of them the choice was worth more than the refiner's, as much, or less. */
  better: number;
  same: number;
  worse: number;
  /** Mean regrets over these drafts; NaN where there is none. */
  yours: number;
  refiner: number;
  random: number;
}

/** @param cuts of each draft, -1 where nothing was chosen */
export function scoreOf({ drafts }: CutData, cuts: readonly number[]): Score {
  const rows = drafts.flatMap((draft, at) => {
    const cut = cuts[at] ?? -1;
    if (cut < 0) return [];
    const values = valuesOf(draft);
    return [{ yours: regretOf(values, cut), refiner: values.regret ?? NaN, random: randomRegret(values) }];
  });
  return {
    made: rows.length,
    better: rows.filter(({ yours, refiner }) => yours < refiner).length,
    same: rows.filter(({ yours, refiner }) => yours === refiner).length,
    worse: rows.filter(({ yours, refiner }) => yours > refiner).length,
    yours: mean(rows.map(({ yours }) => yours)),
    refiner: mean(rows.map(({ refiner }) => refiner)),
    random: mean(rows.map(({ random }) => random)),
  };
}

export interface ClassScore {
  people: number;
  /** Of each draft: how many chose to accept it, to cut it at step 1, and so on. */
  counts: number[][];
  /** Mean regrets; the class's is the mean over its people. */
  regret: number;
  refiner: number;
  random: number;
  /** So many have less regret than the refiner. */
  beat: number;
}

/** @param everyone the choices of each person, of every draft */
export function classScore(data: CutData, everyone: readonly (readonly number[])[]): ClassScore {
  const scores = everyone.map((cuts) => scoreOf(data, cuts));
  // Whose choices are asked for does not matter to these two.
  const { refiner, random } = scoreOf(
    data,
    data.drafts.map(() => 0),
  );
  return {
    people: everyone.length,
    counts: data.drafts.map(({ draft }, at) =>
      Array.from({ length: draft.steps.length + 1 }, (_, cut) => everyone.filter((cuts) => cuts[at] === cut).length),
    ),
    regret: mean(scores.map(({ yours }) => yours)),
    refiner,
    random,
    beat: scores.filter(({ yours }) => yours < refiner).length,
  };
}
