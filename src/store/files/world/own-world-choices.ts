/** What a person chooses of a file of facts: columns, phrases, and which part of a graph that is too large. */
import { withColumns, type Columns } from '../../../config/column-lines';
import { withPhrase } from '../../../config/phrase-lines';
import type { Studio } from '../../state/studio-state';
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

/**
 * How a relation reads from here on. What was read of the facts stays: a phrase changes no fact, and the field that it is typed
 * in stands among it.
 */
export function editPhrase(studio: Studio, relation: string, phrase: string): void {
  const { ownWorldDialog: dialog } = studio.store.getState();
  if (dialog === null) return;
  const file = { ...dialog.file, text: withPhrase(dialog.file.text, relation, phrase) };
  const id = nextAsked();
  studio.store.setState({ ownWorldDialog: { ...dialog, file, asked: id } });
  studio.client.send({ type: 'readTriples', id, triples: file });
}
