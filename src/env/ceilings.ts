/** The best that reading can do in a world (method.md section 3): thresholds are read against it. */
import { retrieveTopK } from '../retrieval/bm25';
import { labelEvidence } from './evidence';
import { rumourSources } from './levels';
import type { Ceilings, World } from './world-types';

/**
 * A perfect reader asks for each hop exactly (entity and relation), then reads the majority object among the passages that
 * match both; ties are guessed. Where rumours outnumber the truth it believes sources that repeat none, if one of them speaks.
 * Averages weigh chain lengths equally, as drawn questions do.
 *
 * Cost: one retrieval per (subject, relation) pair in use.
 */
export function computeCeilings(world: World): Ceilings {
  const { entityBase, relationBase } = world.schema.vocabulary;
  const collections = new Map<number, { ids: Uint32Array; chance: number }>();
  const ask = (fact: number): { ids: Uint32Array; chance: number } => {
    const known = collections.get(fact);
    if (known) return known;
    const { subject = 0, relation = 0, object = 0 } = world.facts[fact] ?? {};
    const ids = retrieveTopK(world.index, [entityBase + subject, relationBase + relation]);
    const result = { ids, chance: readingChance(world, ids, subject, relation, object) };
    collections.set(fact, result);
    return result;
  };
  let em = 0;
  let share = 0;
  let lengths = 0;
  for (const chains of world.chains.slice(world.levels.minHops)) {
    if (chains.length === 0) continue;
    lengths++;
    em += meanOver(chains, (chain) => chain.facts.reduce((p, fact) => p * ask(fact).chance, 1));
    share += meanOver(chains, (chain) => {
      const labels = labelEvidence(
        world,
        chain,
        chain.facts.map((fact) => ask(fact).ids),
      );
      return meanOver(labels.searches, (search) => search.share);
    });
  }
  return { perfectReaderEm: em / Math.max(1, lengths), supportingShare: share / Math.max(1, lengths) };
}

function meanOver<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / Math.max(1, items.length);
}

/** Probability that the majority object among matching passages is the right one, ties guessed uniformly. */
function readingChance(world: World, ids: Uint32Array, subject: number, relation: number, object: number): number {
  const about = Array.from(ids).flatMap((id) => {
    const passage = world.passages[id];
    return passage && passage.subject === subject && passage.relation === relation ? [passage] : [];
  });
  const doubted = world.levels.rumourSpread === 'outnumber' ? rumourSources(world.levels) : [];
  const sure = about.filter(({ source }) => !doubted.includes(source));
  const votes = new Map<number, number>();
  for (const passage of sure.length > 0 ? sure : about) {
    votes.set(passage.object, (votes.get(passage.object) ?? 0) + 1);
  }
  const most = Math.max(0, ...votes.values());
  if (most === 0 || votes.get(object) !== most) return 0;
  return 1 / [...votes.values()].filter((n) => n === most).length;
}
