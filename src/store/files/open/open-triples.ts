/** Opens the dialog of one's own world on a file of facts, whatever program wrote it. */
import { MAX_GRAPH_TEXT } from '../../../config/triple-limits';
import { UserError } from '../../../lib/assert';
import { decodeText } from '../../../lib/decode-text';
import { announce } from '../../state/announce';
import type { SniffedFile } from '../../state/file-types';
import type { Studio } from '../../state/studio-state';
import { looksLikeTriples } from './looks-like-triples';
import { editOwnWorld, openOwnWorldDialog } from '../world/own-world';

/** @throws UserError for one that is far too long */
export async function openTriplesFile(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  const [sniffed] = files.filter(looksLikeTriples);
  if (sniffed === undefined) return;
  const { file } = sniffed;
  // Text in UTF-8 has at most three bytes for each of its UTF-16 units.
  if (file.size > 3 * MAX_GRAPH_TEXT) {
    throw new UserError(`“${file.name}” is too large for a world.`, `At most ${MAX_GRAPH_TEXT} characters are read.`);
  }
  const { text, encoding, guessed } = decodeText(new Uint8Array(await file.arrayBuffer()));
  const told = encoding === 'UTF-8' ? null : `${encoding}${guessed ? ', found by trial' : ''}`;
  openOwnWorldDialog(studio);
  editOwnWorld(studio, { name: file.name.replace(/\.[^.]+$/, ''), text, encoding: told });
  announce(studio, `Opened “${file.name}”`);
}
