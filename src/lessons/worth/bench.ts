/** What a trajectory would be worth if its searches stood otherwise: the world's rules again, on what the recording holds. */
import { trajectoryReward } from '../../lib/reward';
import type { RewardOptions } from '../../lib/reward';
import type { EvidenceClass } from '../../recordings/decode-trajectory';
import type { ShownPassage, ShownStep, ShownTrajectory } from '../scene-data';

/** Searches at most, as in a run. */
export const MOST_SEARCHES = 4;

export function searchesOf({ steps }: ShownTrajectory): ShownStep[] {
  return steps.filter(({ kind }) => kind === 'search');
}

export function rewardOf(trajectory: ShownTrajectory, combine: RewardOptions['combine']): number {
  const searches = searchesOf(trajectory).map(({ useful, passages }) => {
    return { useful, share: passages.filter(({ evidence }) => evidence === 'new').length / passages.length };
  });
  return trajectoryReward(trajectory.em === 1, searches, { process: 'collection', combine });
}

/**
 * The same trajectory with these of its searches, 0-based and in this order, before the same answer. A passage is new if no
 * search before it supported its fact (src/env/evidence.ts).
 */
export function rearranged(
  trajectory: ShownTrajectory,
  pieces: readonly number[],
  combine: RewardOptions['combine'],
): ShownTrajectory {
  const searches = searchesOf(trajectory);
  const facts = new Set(
    searches.flatMap(({ passages }) => passages.filter(({ evidence }) => evidence === 'new').map(factOf)),
  );
  const supported = new Set<string>();
  const shown = new Set<string>();
  const steps = pieces.flatMap((piece): ShownStep[] => {
    const search = searches[piece];
    if (search === undefined) return [];
    const passages = search.passages.map((passage) => ({ ...passage, evidence: classOf(passage) }));
    const fresh = passages.filter(({ evidence }) => evidence === 'new');
    for (const passage of fresh) supported.add(factOf(passage));
    for (const passage of passages) shown.add(idOf(passage));
    return [{ ...search, passages, useful: fresh.length > 0 ? 1 : 0 }];
  });
  function classOf(passage: ShownPassage): EvidenceClass {
    const fact = factOf(passage);
    if (passage.evidence === 'rumour') return 'rumour';
    if (facts.has(fact) && !supported.has(fact)) return 'new';
    return facts.has(fact) || shown.has(idOf(passage)) ? 'repeated' : 'irrelevant';
  }
  const rest = trajectory.steps.filter(({ kind }) => kind !== 'search');
  const built = { ...trajectory, steps: [...steps, ...rest] };
  return { ...built, reward: rewardOf(built, combine) };
}

/** Whatever its source, a passage says its fact in the same words. */
function factOf({ sentence }: ShownPassage): string {
  return sentence;
}

function idOf({ sentence, source }: ShownPassage): string {
  return `${source}: ${sentence}`;
}
