/** What there is to show of one trajectory, in the order in which it came about. */
import type { Phase } from '../../trainer/protocol/protocol';
import type { TrajectoryView } from '../decode-trajectory';

export interface StageMoment {
  phase: Phase;
  /** Steps that are there of what this phase writes: the draft in `rollout`, what is regrown in `regenerate`; else 0. */
  steps: number;
}

/** What is known of the rows that a trajectory is among. */
export interface StagedRows {
  /** Drafts were reviewed. */
  hasRefiner: boolean;
  /** Rewards were compared within the question. */
  compared: boolean;
  /** The weights changed by it. */
  learnt: boolean;
}

/** Begins with the question alone; what was not done has no moment. */
export function momentsOf({ draft, final, cut }: TrajectoryView, rows: StagedRows): StageMoment[] {
  const upTo = (phase: Phase, steps: number): StageMoment[] =>
    Array.from({ length: steps + 1 }, (_, written) => ({ phase, steps: written }));
  const at = (phase: Phase): StageMoment => ({ phase, steps: 0 });
  const regrown = cut === 0 ? 0 : final.steps.length - cut + 1;
  return [
    ...upTo('rollout', draft.steps.length),
    ...(rows.hasRefiner ? [at('review'), ...upTo('regenerate', regrown)] : []),
    at('reward'),
    ...(rows.compared ? [at('advantage')] : []),
    ...(rows.learnt ? [at('update')] : []),
  ];
}

/** Where one of them stands; the first where it is none of them. */
export function placeOfMoment(moments: readonly StageMoment[], moment: StageMoment | null): number {
  return Math.max(
    0,
    moments.findIndex(({ phase, steps }) => phase === moment?.phase && steps === moment.steps),
  );
}

const ORDER: readonly Phase[] = ['rollout', 'review', 'regenerate', 'reward', 'advantage', 'update'];

/** Whether a phase has been reached: what it makes may be seen. */
export function hasReached({ phase }: StageMoment, wanted: Phase): boolean {
  return ORDER.indexOf(phase) >= ORDER.indexOf(wanted);
}
