/** What lesson 7 tells of the study: a few numbers of the report, made by the code of the report from the same runs. */
import { UserError } from '../lib/assert';
import type { Estimate } from '../lib/inference';
import { groupRuns } from './arms';
import type { Arm, WorldGroup } from './arms';
import { EM_SYSTEM, estimate, lastValue, pairedDifferences, pairs } from './compare';
import type { RunRecord } from './record';

const BASELINE = 'search-r1';
const STUDY = 'microwiki, size=tiny';
/** Its arms that are put in order: their presets. */
const ORDERED = [BASELINE, 'search-r2', 'reading-refiner', 'oracle-label'];
/** Differences to the baseline, of the system (with the refiner) or of the actor alone, where answers are sampled. */
const CONTRASTS = [
  { arm: 'search-r2', of: EM_SYSTEM },
  { arm: 'random-cut', of: EM_SYSTEM },
  { arm: 'search-r2', of: 'emSampled' },
  { arm: 'separate-refiner', of: 'emSampled' },
  { arm: 'process-only', of: 'emSampled' },
] as const;
/** Whose seeds disagree about the sign. */
const ANECDOTE = { arm: 'separate-refiner', of: 'emSampled' } as const;
const DIGITS = 5;

/** Runs that ask the same elsewhere. */
export interface Elsewhere {
  /** What the lesson calls their world; their group of runs where it is not given. */
  world?: string;
  records: readonly RunRecord[];
}

/** Numbers as plain JSON, in the form that src/lessons/study/data.ts reads. */
export interface StudyFacts {
  updates: number;
  questions: number;
  runs: number;
  /** Exact match as the system answers. */
  arms: { arm: string; mean: number; bySeed: number[] }[];
  contrasts: { arm: string; of: string; mean: number; low: number; high: number; seeds: number }[];
  /** By seed, of the actor alone. */
  anecdote: { arm: string; differences: number[] };
  /** The actor of search-r2 alone against the baseline, asked greedily. */
  greedy: { mean: number; low: number; high: number };
  /** The same sampled, in the study and in each group of other runs that has both. */
  elsewhere: { world: string; updates: number; mean: number; low: number; high: number }[];
}

/** @throws UserError where an arm is missing */
export function studyFacts(records: readonly RunRecord[], others: readonly Elsewhere[]): StudyFacts {
  const group = groupRuns(records).find(({ world }) => world === STUDY);
  if (group === undefined) throw new UserError(`There is no group of runs "${STUDY}".`);
  const baseline = armOf(group, BASELINE);
  const last = [...baseline.runs.values()][0]?.evaluations.at(-1);
  const anecdote = armOf(group, ANECDOTE.arm);
  return {
    updates: last?.['update'] ?? 0,
    questions: last?.['questions'] ?? 0,
    runs: records.length,
    arms: ORDERED.map((name) => {
      const arm = armOf(group, name);
      const bySeed = [...arm.runs.values()].flatMap((run) => lastValue(EM_SYSTEM)(run) ?? []);
      return { arm: name, mean: rounded(estimate(arm, lastValue(EM_SYSTEM))?.mean), bySeed: bySeed.map(rounded) };
    }),
    contrasts: CONTRASTS.map(({ arm, of }) => {
      const difference = differenceOf(armOf(group, arm), baseline, of);
      return { arm, of, ...bounds(difference), seeds: difference.n };
    }),
    anecdote: {
      arm: ANECDOTE.arm,
      differences: pairs(anecdote, baseline, lastValue(ANECDOTE.of)).map(([a, b]) => rounded(a - b)),
    },
    greedy: bounds(differenceOf(armOf(group, 'search-r2'), baseline, 'emGreedy')),
    elsewhere: [{ records }, ...others].flatMap(({ world, records: runs }) =>
      groupRuns(runs).flatMap((other) => {
        const [mine, base] = ['search-r2', BASELINE].map((name) => other.arms.find((arm) => arm.name === name));
        if (mine === undefined || base === undefined) return [];
        const { update = 0 } = [...base.runs.values()][0]?.evaluations.at(-1) ?? {};
        return [
          {
            ...{ world: world ?? other.world, updates: update ?? 0 },
            ...bounds(differenceOf(mine, base, 'emSampled')),
          },
        ];
      }),
    ),
  };
}

/** By its preset: a setting may be all that differs from that in the study's runs of it. */
function armOf({ arms, world }: WorldGroup, name: string): Arm {
  const found = arms.find((arm) => arm.name === name) ?? arms.find((arm) => arm.name.startsWith(`${name} `));
  if (found === undefined) throw new UserError(`There is no arm "${name}" on ${world}.`);
  return found;
}

function differenceOf(arm: Arm, baseline: Arm, of: string): Estimate {
  const [found] = pairedDifferences([arm], baseline, () => lastValue(of));
  if (found === undefined) throw new UserError(`${arm.name} shares no seed with ${baseline.name}.`);
  return found.difference;
}

function bounds({ mean, low, high }: Estimate): { mean: number; low: number; high: number } {
  return { mean: rounded(mean), low: rounded(low), high: rounded(high) };
}

function rounded(value: number | undefined): number {
  return Number((value ?? NaN).toFixed(DIGITS));
}
