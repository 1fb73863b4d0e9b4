/** Branches and test cases as lines of JSON (docs/formats.md). */
import { depthOf, treeOrder } from './branch-tree';
import { tokenWord } from '../../recordings/decode-trajectory';
import type { SideView } from '../../recordings/decode-trajectory';
import type { KeptCase } from './case-shelf';
import { linkOf } from './test-case';
import type { Studio } from '../state/studio-state';

/** The draft on the first line, then its branches in the order of the tree. */
export function branchLines({ store }: Studio): string {
  const { lab, config, world } = store.getState();
  const { root, branches, pin } = lab;
  if (root === null || world === null) return '';
  const { batch, rows } = root;
  const row = rows[0] ?? 0;
  const group = Math.floor(row / batch.groupSize);
  const head = {
    format: 'cutpoint-branch/1',
    link: linkOf(config),
    update: batch.update,
    row,
    pinned: pin,
    question: batch.questions[group] ?? '',
    rightAnswer: tokenWord(world, batch.answers[group] ?? 0),
  };
  const line = (rest: object): string => JSON.stringify({ ...head, ...rest });
  const { tokens } = batch.draft;
  const view = treeOrder(branches)[0]?.branch.view.draft;
  const first = line({ branch: 0, parent: null, cut: null, ...(view ? told(view) : {}), tokens: written(tokens) });
  const others = treeOrder(branches).map(({ branch }) => {
    const { id, parent, step, replicate, forced, update, side } = branch;
    const how = { cut: step, forced, replicate, revision: 1 + depthOf(branches, parent), weights: update };
    return line({ branch: id, parent: parent ?? 0, ...how, ...told(branch.view.final), tokens: written(side.tokens) });
  });
  return [first, ...others].map((text) => `${text}\n`).join('');
}

/** @param format of the kind of the cases */
export function caseLines(format: string, cases: readonly KeptCase[]): string {
  return cases.map((one) => `${JSON.stringify({ format, ...one })}\n`).join('');
}

function told({ answer, em, reward, endReason, steps }: SideView): object {
  return {
    answer,
    em,
    reward,
    ...(endReason === null ? {} : { ended: endReason }),
    steps: steps.map(({ kind, thought, text, share, useful, passages }) => ({
      ...{ kind, thought, text, share, useful },
      passages: passages.map(({ source, sentence, evidence }) => ({ source, sentence, evidence })),
    })),
  };
}

function written(tokens: Uint16Array): number[] {
  return [...tokens.subarray(0, tokens.findLastIndex((token) => token !== 0) + 1)];
}
