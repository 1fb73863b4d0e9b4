/** Two trajectories side by side, of any step, file or update: where they part and what differs. */
import type { StepView } from '../../recordings/decode-trajectory';
import type { TrajectoryRef } from '../state/compared';
import type { Studio } from '../state/studio-state';
import { questionKey } from '../view/rollout-sets';
import { findTrajectory } from './answers';
import type { FoundTrajectory } from './answers';
import { aligned } from './beside';

export interface PairSide extends FoundTrajectory {
  /** Of the final side, by place, and whether the other has the same there. */
  steps: { step: StepView; same: boolean }[];
}

export interface Pair {
  sides: readonly [PairSide, PairSide];
  sameQuestion: boolean;
  /** The first step in which they ask, find or answer something else; null where they do not. */
  partsAt: number | null;
}

/** null where one of them is not kept any more. */
export function pairOf(studio: Studio, [first, second]: readonly [TrajectoryRef, TrajectoryRef]): Pair | null {
  const [a, b] = [findTrajectory(studio, first), findTrajectory(studio, second)];
  if (a === null || b === null) return null;
  const sides = [withSteps(a, b), withSteps(b, a)] as const;
  const longest = Math.max(...sides.map(({ steps }) => steps.length));
  const place = Array.from({ length: longest }, (_, k) => k).find((k) => sides[0].steps[k]?.same !== true);
  return {
    sides,
    sameQuestion: questionKey(a.question) === questionKey(b.question),
    partsAt: place === undefined ? null : place + 1,
  };
}

function withSteps(own: FoundTrajectory, other: FoundTrajectory): PairSide {
  return { ...own, steps: aligned(own.view.final, other.view.final) };
}
