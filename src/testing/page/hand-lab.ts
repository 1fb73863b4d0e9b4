/** Cut Lab over a trajectory written by hand, for tests of what is done with it. */
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { keepRows, storeBatch } from '../../recordings/stored-batch';
import { EMPTY_LAB } from '../../store/state/lab-state';
import type { LabBranch, LabState } from '../../store/state/lab-state';
import { ANSWER_STEP, HAND_WORLD, handBatch, handSide } from './hand-batch';

export const THOUGHT_STEP = '<think> Norland </think>';

/** Update 4 with two questions of two rows; row 3 has three steps and was cut at the second one. */
export const LAB_BATCH = handBatch(
  [
    { draft: { steps: [ANSWER_STEP] } },
    { draft: { steps: [ANSWER_STEP] } },
    { draft: { steps: [ANSWER_STEP] } },
    {
      draft: { steps: [THOUGHT_STEP, THOUGHT_STEP, ANSWER_STEP], reward: 0.5 },
      final: { steps: [THOUGHT_STEP, ANSWER_STEP], em: 1, reward: 1 },
      cut: 2,
      review: [0.25, 0.25, 0.5],
    },
  ],
  { update: 4, groupSize: 2 },
);
const ROOT = keepRows(storeBatch(LAB_BATCH, true), [3]);

/** With row 3 on the bench. */
export const HAND_LAB: LabState = { ...EMPTY_LAB, key: 'batch 4 3', root: ROOT, draft: ROOT, step: 2 };

/** Cut at the first step and answered at once, unless told otherwise. */
export function handBranch(id: number, part: Partial<LabBranch> = {}): LabBranch {
  const side = handSide([{ steps: ['<answer> Sudria </answer>'], em: 0, reward: 0.25, reason: 1 }]);
  const batch = { ...ROOT.batch, final: side, cuts: Uint8Array.of(1) };
  const view = decodeTrajectory(batch, HAND_WORLD, 0, true, 3);
  return { id, parent: null, step: 1, replicate: 0, forced: null, update: 4, wanted: 4, side, view, ...part };
}
