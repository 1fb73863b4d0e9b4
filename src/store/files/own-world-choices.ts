/** What a person chooses of a file of facts: which columns, and which part of a graph that is too large. */
import { withColumns, type Columns } from '../../config/column-lines';
import type { Studio } from '../state/studio-state';
import { editOwnWorld, nextAsked } from './own-world';

/** The choice stands in the text, so it travels with the facts. */
export function setColumns(studio: Studio, columns: Columns): void {
  const { ownWorldDialog: dialog } = studio.store.getState();
  if (dialog === null) return;
  editOwnWorld(studio, { text: withColumns(dialog.file.text, columns), encoding: dialog.encoding });
}

/** Puts the part that a seed draws in the place of the whole, once the engine has drawn it. */
export function takePart(studio: Studio, seed: number): void {
  const { ownWorldDialog: dialog } = studio.store.getState();
  if (dialog === null) return;
  const id = nextAsked();
  studio.store.setState({ ownWorldDialog: { ...dialog, asked: id } });
  studio.client.send({ type: 'readTriples', id, triples: dialog.file, part: seed });
}
