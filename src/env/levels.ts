/**
 * Worlds that are hard on purpose (method.md section 3). Each level has random numbers of its own, so a world with none of them
 * is what it was before there were any.
 */
import { UserError } from '../lib/assert';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { TERMS_PER_PASSAGE, type Bm25Index } from '../retrieval/bm25';
import type { Entity, Fact, WorldLevels } from './world-types';

export const NO_LEVELS: WorldLevels = { rumourSpread: 'one', misfiled: 0, sharedNames: 0, minHops: 1, maxHops: 3 };

/** Rows of the world stream; 0 to 3 belong to drawing a world and its pool. */
const MISFILED_ROW = 4;
const NAMES_ROW = 5;
/** Place of the relation among a passage's terms. */
const RELATION_TERM = 2;

/** The facts with some things called by the name of another, as a city may be called like a country. */
export function shareNames(
  entities: readonly Entity[],
  facts: readonly Fact[],
  seed: number,
  { sharedNames }: WorldLevels,
): readonly Fact[] {
  if (sharedNames === 0) return facts;
  if (new Set(entities.map(({ type }) => type)).size < 2) {
    throw new UserError(
      'sharedNames can be above 0 only where names are of two kinds or more, and this world has one.',
      'Set sharedNames=0.',
    );
  }
  const stream = new PhiloxStream(seed, PURPOSES.world, NAMES_ROW);
  const waiting = stream.shuffle(entities.map((_, e) => e));
  const nameOf = entities.map((_, e) => e);
  for (let pairs = Math.floor((sharedNames * entities.length) / 2); pairs > 0; pairs--) {
    const kept = waiting.shift();
    const other = waiting.findIndex((e) => entities[e]?.type !== entities[kept ?? -1]?.type);
    const [renamed] = other < 0 ? [] : waiting.splice(other, 1);
    if (kept === undefined || renamed === undefined) break;
    nameOf[renamed] = kept;
  }
  return facts.map(({ subject, relation, object }) => ({
    subject: nameOf[subject] ?? subject,
    relation,
    object: nameOf[object] ?? object,
  }));
}

/** The index as a retriever has it that took down some passages without their relation: it finds them by their names alone. */
export function misfile(index: Bm25Index, seed: number, { misfiled }: WorldLevels): Bm25Index {
  if (misfiled === 0) return index;
  const stream = new PhiloxStream(seed, PURPOSES.world, MISFILED_ROW);
  const weights = index.weights.slice();
  for (let p = 0; p < index.passageCount; p++) {
    if (stream.uniform() < misfiled) weights[p * TERMS_PER_PASSAGE + RELATION_TERM] = 0;
  }
  return { ...index, weights };
}

/** Sources that repeat rumours: who reads a passage of another may believe it. */
export function rumourSources({ rumourSpread }: Pick<WorldLevels, 'rumourSpread'>): readonly number[] {
  return rumourSpread === 'one' ? [RUMOUR_SOURCE] : [RUMOUR_SOURCE, SECOND_RUMOUR_SOURCE];
}

/** Rumours come from the blog: where a source repeats rumours, a reader can learn to weigh it, but not to ignore it. */
export const RUMOUR_SOURCE = 2;
const SECOND_RUMOUR_SOURCE = 3;
/** Those that repeat none. */
export const SURE_SOURCES: readonly number[] = [0, 1];
