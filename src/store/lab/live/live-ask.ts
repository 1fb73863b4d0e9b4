/** A question in a person's words, answered by the connected model with its retriever, and put on Cut Lab's bench. */
import { UserError } from '../../../lib/assert';
import { openRollout } from '../../../rollouts/live/open-rollout';
import { setView } from '../../run/actions';
import { EMPTY_LAB } from '../../state/lab-state';
import { firstRow } from '../../state/rollouts-state';
import type { Studio } from '../../state/studio-state';
import type { CurrentView } from '../../view/current-view';
import { sideView } from '../../view/rollout-views';
import type { LiveRollout } from '../../../rollouts/live/open-rollout';
import type { SideView } from '../../../recordings/decode-trajectory';
import { askRows, keyOf, lineOf, newBench } from './live-lab';

export interface LiveAnswer {
  rollout: LiveRollout;
  side: SideView;
  seed: bigint;
}

/**
 * Asks by the prompt of the rollout on screen, in which the question takes the place of its own.
 *
 * @param right what counts as right; '' where nobody knows
 * @throws UserError where that prompt cannot be had, or a server refuses
 */
export async function askLive(
  studio: Studio,
  view: CurrentView,
  { question, right, seed }: { question: string; right: string; seed: bigint },
  signal: AbortSignal,
): Promise<LiveAnswer> {
  const { live, rollouts } = studio.store.getState();
  if (!live?.abilities || rollouts.file === null) throw new UserError('No model is connected.');
  const line = await lineOf(studio, firstRow(rollouts.file) + view.trajectory.place);
  const rollout = openRollout(line, 'draft').ask(question.trim(), right.trim() === '' ? [] : [right.trim()]);
  const texts: string[] = [];
  await askRows(live, rollout, [{ text: rollout.prompt, searches: 0 }], {
    ...{ seed, replicates: 1, signal, known: new Set<string>() },
    onRow: (_, __, row) => void texts.push(row.text),
  });
  const [text = ''] = texts;
  if (text === '') throw new UserError('The model ended at once.', 'Ask in other words, or again.');
  const answered = { ...rollout, text };
  return { rollout: answered, side: sideView(rollout.read(text)), seed };
}

/** Puts an answer on the bench: reviewed, cut and answered again like a rollout of the file. */
export function benchAnswer(studio: Studio, { trajectory }: CurrentView, { rollout, side, seed }: LiveAnswer): void {
  const { live, rollouts } = studio.store.getState();
  if (!live?.abilities || rollouts.file === null) return;
  const view = { ...trajectory, draft: side, final: side, cut: 0, review: null, verdict: 'none' as const };
  const asked = keyOf(rollouts.file, firstRow(rollouts.file) + trajectory.place);
  const bench = { ...newBench(live.abilities, rollout, view), seed };
  const key = `asked ${rollout.question} ${seed}`;
  studio.store.setState({ lab: { ...EMPTY_LAB, key, live: { ...bench, asked, rendered: null, review: null } } });
  setView(studio, 'cutLab');
}
