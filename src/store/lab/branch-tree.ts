/** Branches of branches: what lies on the bench, and how far it is from the draft. */
import type { LabBranch } from '../state/lab-state';
import { unreviewed } from '../../recordings/stored-batch';
import type { StoredBatch } from '../../recordings/stored-batch';

/** A branch as a draft that nobody has reviewed; null gives the draft itself. */
export function benchItem(root: StoredBatch, branch: LabBranch | null): StoredBatch {
  if (branch === null) return root;
  return unreviewed(root, branch.side);
}

/** Cuts between a branch and the draft; 0 for the draft. */
export function depthOf(branches: readonly LabBranch[], at: number | null): number {
  const branch = branches.find(({ id }) => id === at);
  return branch === undefined ? 0 : 1 + depthOf(branches, branch.parent);
}

/** The branches in the order of a tree, each with its depth: 1 for a cut of the draft. */
export function treeOrder(
  branches: readonly LabBranch[],
  parent: number | null = null,
  depth = 1,
): { branch: LabBranch; depth: number }[] {
  return branches
    .filter((branch) => branch.parent === parent)
    .flatMap((branch) => [{ branch, depth }, ...treeOrder(branches, branch.id, depth + 1)]);
}
