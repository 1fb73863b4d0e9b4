/** The rows that are listed, for who does not draw them. */
import { currentView } from './current-view';
import type { CurrentView } from './current-view';
import { listRows } from '../state/row-list';
import type { Studio } from '../state/studio-state';

/** Places of the listed rows in their order, and what they are places of; null where nothing is on screen. */
export function listedRows(studio: Studio): { view: CurrentView; places: number[] } | null {
  const view = currentView(studio);
  if (view === null) return null;
  const { list, labels } = studio.store.getState();
  const words = list.find.trim().toLowerCase();
  const rows = view.stored.rows.length;
  const { hits, searching } = studio.search.found(view.views, rows, words);
  // The search on screen is not through: what is saved waits for nothing. Of lines that lie elsewhere it is what is listed.
  const found =
    searching && !view.views.find
      ? Uint8Array.from({ length: rows }, (_, place) => Number(view.views.textOf(place).includes(words)))
      : hits;
  return {
    view,
    places: listRows(view.stored, found, list, labels?.rows === view.stored ? labels.facet : null).places,
  };
}
