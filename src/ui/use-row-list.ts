import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { CurrentView } from '../store/view/current-view';
import { listRows } from '../store/state/row-list';
import type { RowList } from '../store/state/row-list';
import { useStudio, useStudioState } from './studio-context';

export interface Listed extends RowList {
  /** Many rows are still looked through: listed are those of the search before. */
  searching: boolean;
}

let last: { of: Parameters<typeof listRows>; list: RowList } | null = null;

/** The newest listing is shared by all who ask. */
function listed(...of: Parameters<typeof listRows>): RowList {
  if (last?.of.every((part, k) => part === of[k]) !== true) last = { of, list: listRows(...of) };
  return last.list;
}

/** The rows that are listed of what is on screen. */
export function useRowList(view: CurrentView): Listed;
export function useRowList(view: CurrentView | null): Listed | null;
export function useRowList(view: CurrentView | null): Listed | null {
  const { search } = useStudio();
  const query = useStudioState((state) => state.list);
  useSyncExternalStore(search.subscribe, () => search.version);
  const words = query.find.trim().toLowerCase();
  const { stored, views } = view ?? {};
  useEffect(() => {
    if (stored && views) search.look(views, stored.rows.length, words);
  }, [search, stored, views, words]);
  const found = stored && views && search.found(views, stored.rows.length, words);
  const hits = found?.hits ?? null;
  const labels = useStudioState((state) => (state.labels?.rows === stored ? state.labels?.facet : null));
  const list = useMemo(() => (stored ? listed(stored, hits, query, labels) : null), [stored, hits, query, labels]);
  return list && { ...list, searching: found?.searching === true };
}
