/** Verdicts of the judge on what is on the bench, each asked for once. */
import { judge, judgePrompt } from '../../../rollouts/live/judge';
import type { Judged } from '../../../rollouts/live/judge';
import type { LiveRollout } from '../../../rollouts/live/open-rollout';
import type { Studio } from '../../state/studio-state';

const known = new WeakMap<Studio, Map<string, Judged>>();

/**
 * How many searches of a text helped, by the judge; null where it has none.
 *
 * @throws UserError where the judge refuses
 */
export async function judgeText(studio: Studio, rollout: LiveRollout, text: string): Promise<Judged | null> {
  const { live } = studio.store.getState();
  const searches = rollout.read(text).steps.filter(({ kind }) => kind === 'search');
  if (!live || searches.length === 0) return null;
  const collections = searches.map(({ passages }) =>
    passages.map(({ title, text: said }) => `${title} ${said}`).join('\n'),
  );
  const prompt = judgePrompt(rollout.question, rollout.golds, collections);
  const verdicts = known.get(studio) ?? new Map<string, Judged>();
  known.set(studio, verdicts);
  const made = verdicts.get(prompt) ?? (await judge(live.post, prompt, searches.length, new AbortController().signal));
  verdicts.set(prompt, made);
  return made;
}

/** R = EM x (1 + useful / searches). */
export function judgedReward(em: number | null, verdict: Judged | null): number | null {
  return em === null ? null : em * (1 + (verdict === null ? 0 : verdict.useful / verdict.of));
}
