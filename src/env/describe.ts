/** What a screen needs to show a world. Shaped like `WorldDescription` of the worker protocol, which this layer may not import. */
import type { SpecialTokens } from '../retrieval/vocabulary';
import type { Ceilings, World, WorldFamily } from './world-types';

export interface DescribedWorld {
  id: string;
  title: string;
  tokenStrings: readonly string[];
  special: SpecialTokens;
  entityBase: number;
  relationBase: number;
  relations: readonly { name: string; ask: string; state: string }[];
  sources: readonly string[];
  sourceBase: number;
  ceilings: Ceilings;
}

/** @param world the world whose ceilings are shown (a held-out one, or the real facts) */
export function toWorldDescription({ schema }: WorldFamily, world: World): DescribedWorld {
  const { vocabulary } = schema;
  return {
    id: schema.id,
    title: schema.title,
    tokenStrings: vocabulary.strings,
    special: vocabulary.special,
    entityBase: vocabulary.entityBase,
    relationBase: vocabulary.relationBase,
    relations: schema.relations.map(({ name, ask, state }) => ({ name, ask, state })),
    sources: schema.sources,
    sourceBase: vocabulary.sources[0] ?? 0,
    ceilings: world.ceilings,
  };
}
