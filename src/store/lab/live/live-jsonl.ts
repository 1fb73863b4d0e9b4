/** Branches that a model server wrote, as lines that any reader of rollouts opens, ours too (docs/formats.md). */
import { treeOrder } from '../branch-tree';
import { writtenSeed } from '../../../rollouts/live/served-seed';
import type { SideView } from '../../../recordings/decode-trajectory';
import type { Studio } from '../../state/studio-state';

export const LIVE_FORMAT = 'cutpoint-live-branch/1';

/** The draft on the first line, then its branches in the order of the tree. */
export function liveLines({ store }: Studio): string {
  const { live, branches } = store.getState().lab;
  if (live === null) return '';
  const { question, golds, prompt, text } = live.rollout;
  const head = { format: LIVE_FORMAT, question, golden_answers: golds, prompt };
  const line = (rest: object): string => `${JSON.stringify({ ...head, ...rest })}\n`;
  const first = treeOrder(branches)[0]?.branch.view.draft ?? live.view.draft;
  const others = treeOrder(branches).flatMap(({ branch }) => {
    const { id, parent, step, live: made, view } = branch;
    if (!made) return [];
    const { model, seed, note } = made;
    const how = {
      branch: id,
      parent: parent ?? 0,
      cut: step,
      ...(note === '' ? {} : { edit: note }),
      model,
      seed: writtenSeed(seed),
    };
    return line({ completion: made.text, ...how, ...told(view.final) });
  });
  return line({ completion: text, branch: 0, parent: null, cut: null, ...told(first) }) + others.join('');
}

function told({ answer, em, reward }: SideView): object {
  return { predicted_answer: answer, em, reward };
}
