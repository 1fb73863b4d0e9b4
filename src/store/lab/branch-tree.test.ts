import { describe, expect, it } from 'vitest';
import { ANSWER_STEP, HAND_WORLD, handBatch, handSide } from '../../testing/page/hand-batch';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { storeBatch } from '../../recordings/stored-batch';
import type { LabBranch } from '../state/lab-state';
import { benchItem, depthOf, treeOrder } from './branch-tree';

const batch = handBatch([
  {
    draft: { steps: [ANSWER_STEP] },
    final: { steps: ['<think> Norland </think>'], em: 1 },
    cut: 1,
    review: [0.5],
    advantage: 1,
  },
]);
const root = storeBatch(batch, true);
const view = decodeTrajectory(batch, HAND_WORLD, 0, true);
const side = handSide([{ steps: ['<answer> Norland </answer>'], em: 1 }]);
const branch = (id: number, parent: number | null): LabBranch => ({
  ...{ id, parent, step: 1, replicate: 0, forced: null, update: 1, wanted: null, side, view },
});

describe('branches of branches', () => {
  it('stand in the order of a tree, whatever the order in which they were made', () => {
    const branches = [branch(4, 3), branch(1, null), branch(3, 1), branch(5, null), branch(2, 1), branch(6, 99)];
    expect(treeOrder(branches).map(({ branch: { id }, depth }) => [id, depth])).toEqual([
      [1, 1],
      [3, 2],
      [4, 3],
      [2, 2],
      [5, 1],
    ]);
    expect([null, 1, 3, 4, 5, 77].map((at) => depthOf(branches, at))).toEqual([0, 1, 2, 3, 1, 0]);
    expect(treeOrder([])).toEqual([]);
  });

  it('lie on the bench as drafts that nobody has reviewed', () => {
    expect(benchItem(root, null)).toBe(root);
    const item = benchItem(root, branch(1, null));
    expect(item).toMatchObject({ hasRefiner: false, rows: root.rows, batch: { update: 1, draft: side, final: side } });
    const { cuts, reviewLogProbs, advantages, reviewAdvantages } = item.batch;
    expect([cuts, reviewLogProbs, advantages, reviewAdvantages]).toEqual([
      new Uint8Array(1),
      new Float32Array(6),
      new Float32Array(1),
      new Float32Array(1),
    ]);
    expect(decodeTrajectory(item.batch, HAND_WORLD, 0, item.hasRefiner)).toMatchObject({
      ...{ verdict: 'none', review: null, cut: 0, advantage: 0, draft: { answer: 'Norland' } },
    });
  });
});
