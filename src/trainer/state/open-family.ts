import { atlasFamily } from '../../env/atlas';
import { microwikiFamily } from '../../env/microwiki';
import type { WorldFamily } from '../../env/world';
import type { WorldId } from '../../config/schema';
import { UserError } from '../../lib/assert';
import type { TriplesFile } from '../protocol/protocol';

/**
 * The family of a person's own triples, else that of a built-in world.
 *
 * @throws UserError when its file cannot be had, or is no world
 */
export async function openFamily(
  world: WorldId,
  triples: TriplesFile | null,
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>,
): Promise<WorldFamily> {
  if (triples !== null) {
    // With all that it knows of English: few runs need it.
    const { worldFamilyFromTriples } = await import('../../env/triples');
    return worldFamilyFromTriples(triples.text, triples.name);
  }
  if (world === 'microwiki') return microwikiFamily();
  const bytes = await fetchBytes('worlds/atlas.json');
  if (bytes === null) throw new UserError('The atlas could not be loaded.', 'Is the server still running?');
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return atlasFamily(json);
}
