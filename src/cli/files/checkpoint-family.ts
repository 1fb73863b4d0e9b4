import { defaultConfig, isValueOf } from '../../config/schema';
import { worldFamilyFromTriples } from '../../env/triples';
import type { WorldFamily } from '../../env/world';
import { UserError } from '../../lib/assert';
import { builtInFamily } from '../../node/families';

/**
 * The world that a checkpoint was trained on.
 *
 * @param facts the text of its triples, where they are at hand
 * @throws UserError where they are not, and it is no built-in world
 */
export function familyOf(world: string, facts: string | null, from: string): WorldFamily {
  if (facts !== null) return worldFamilyFromTriples(facts, world);
  if (isValueOf('world', world)) return builtInFamily({ ...defaultConfig, world });
  throw new UserError(
    `${from} was trained on the world "${world}", whose triples are not beside it.`,
    'Name their file with --world.',
  );
}
