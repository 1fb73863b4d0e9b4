import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import type { Slice } from '../../gpu/buffers';
import { assert } from '../../lib/assert';
import { PURPOSES, type Purpose } from '../../lib/philox';
import type { RewardOptions } from '../../lib/reward';
import type { KeptSteps, Roller, RolloutRow, ShouldStop } from './rollout';
import { joinSides, type TrajectorySide } from './trajectory';

/** Cut draft number `draft` at `step` (1..S): steps 1..step-1 are kept, 1 keeps the question alone. */
export interface Cut {
  draft: number;
  step: number;
}

/** What a sweep reads of drafts, shapes as in TrajectorySide. */
export interface Drafts {
  tokens: Uint16Array;
  stepStarts: Uint16Array;
  stepCounts: Uint8Array;
  passages: Int32Array;
  logProbs: Float32Array;
  entropies: Float32Array;
}

export interface SweepOptions {
  runSeed: number;
  update: number;
  /** n, regenerations a cut. */
  replicates: number;
  /** Number of the first replicate, 0 by default; the others follow it. All cuts of a draft share replicate r's numbers. */
  firstReplicate?: number;
  /** `sweep` by default, `hand` for what a person tries: neither is ever a number of training. */
  purpose?: Purpose;
  /** Revision number in the random numbers, 1 by default: that of a rollout's first revision. */
  attempt?: number;
  /** 1 by default: what the value of a cut is defined by. */
  temperature?: number;
  /** Closed book: passages that the suffix finds are blanked. */
  blank?: boolean;
  reward: RewardOptions;
  /** Also return the trajectories. */
  trajectories?: boolean;
}

export interface SweepResult {
  replicates: number;
  /** (cuts, n) row-major: replicate r of cut c is at c * n + r. */
  rewards: Float32Array<ArrayBuffer>;
  /** (cuts, n) 0 or 1. */
  em: Uint8Array<ArrayBuffer>;
  /** (cuts * n) rows, the kept steps with the draft's log-probabilities; null unless asked for. */
  trajectories: TrajectorySide | null;
}

/** Every step of every draft as a cut, draft by draft. */
export function everyCut(drafts: Pick<Drafts, 'stepCounts'>): Cut[] {
  return Array.from(drafts.stepCounts, (steps, draft) =>
    Array.from({ length: steps }, (_, k) => ({ draft, step: k + 1 })),
  ).flat();
}

/**
 * Regenerates drafts from given cuts, n times each, with the given parameters: cuts x n rows through as many rollouts as they
 * need, one readback each. A row starts from its kept tokens as a longer prompt, so no key/value cache has to be at hand, and
 * gives what a rollout gives after the same cut with the same random numbers, to the last bit, whatever else is in its batch.
 * Nothing of the training state is read or changed.
 *
 * @param questions (B) the rows that the drafts answered
 * @param drafts (B) as a rollout with as many positions returned them
 * @param shouldStop asked between submits; a yes throws RolloutAborted
 * @throws Error where a cut names no draft or no step of it, or the replicates do not fit into 16 bits
 */
export async function sweepCuts(
  rollout: Roller,
  params: Slice,
  questions: readonly RolloutRow[],
  drafts: Drafts,
  cuts: readonly Cut[],
  options: SweepOptions,
  shouldStop?: ShouldStop,
): Promise<SweepResult> {
  const { replicates, firstReplicate = 0, attempt = 1 } = options;
  assert(
    Number.isInteger(replicates) && replicates >= 1 && firstReplicate >= 0 && firstReplicate + replicates <= 65536,
    `sweepCuts: replicates ${firstReplicate} to ${firstReplicate + replicates - 1} are not within 0 to 65535`,
  );
  const rows = cuts.flatMap((cut) => {
    const question = questions[cut.draft];
    assert(question !== undefined, `sweepCuts: there is no draft ${cut.draft}`);
    const kept = keepSteps(drafts, cut, rollout.positions);
    return Array.from({ length: replicates }, (_, r) => ({
      ...question,
      kept: { ...kept, attempt, replicate: firstReplicate + r },
    }));
  });
  const result: SweepResult = {
    replicates,
    rewards: new Float32Array(rows.length),
    em: new Uint8Array(rows.length),
    trajectories: null,
  };
  const sides: TrajectorySide[] = [];
  for (let start = 0; start < rows.length; start += rollout.batch) {
    const part = rows.slice(start, start + rollout.batch);
    const { final } = await rollout.run(
      params,
      part,
      {
        runSeed: options.runSeed,
        update: options.update,
        replicate: 0,
        purpose: options.purpose ?? PURPOSES.sweep,
        temperature: options.temperature ?? 1,
        suffixTemperature: 1,
        review: null,
        blank: options.blank ?? false,
        reward: options.reward,
      },
      shouldStop,
    );
    result.rewards.set(final.rewards, start);
    result.em.set(final.em, start);
    if (options.trajectories !== true) continue;
    part.forEach(({ kept }, i) => {
      const cut = cuts[Math.floor((start + i) / replicates)];
      for (const field of ['logProbs', 'entropies'] as const) {
        const from = (cut?.draft ?? 0) * rollout.positions;
        final[field].set(drafts[field].subarray(from, from + kept.tokens.length), i * rollout.positions);
      }
    });
    sides.push(final);
  }
  if (options.trajectories === true) result.trajectories = joinSides(sides);
  return result;
}

function keepSteps(drafts: Drafts, { draft, step }: Cut, positions: number): Omit<KeptSteps, 'attempt' | 'replicate'> {
  const steps = drafts.stepCounts[draft] ?? 0;
  assert(
    Number.isInteger(step) && step >= 1 && step <= steps,
    `sweepCuts: step ${step} is not one of the ${steps} of draft ${draft}`,
  );
  const starts = drafts.stepStarts.subarray(draft * MAX_STEPS, draft * MAX_STEPS + step);
  const first = draft * MAX_SEARCHES * PASSAGES_PER_SEARCH;
  const from = draft * positions;
  return {
    tokens: drafts.tokens.subarray(from, from + (starts[step - 1] ?? 0)),
    stepStarts: starts.subarray(0, step - 1),
    passages: drafts.passages.subarray(first, first + (step - 1) * PASSAGES_PER_SEARCH),
  };
}
