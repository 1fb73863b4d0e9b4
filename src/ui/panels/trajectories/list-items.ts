import type { RowSort } from '../../../store/state/row-list';
import type { ShownRows } from '../../../recordings/shown-rows';

/** A line of the list: the heading of a question, or a row. */
export interface ListItem {
  group: number;
  /** Place of the row in the batch's arrays; null for a heading. */
  place: number | null;
  /** 1-based, within its question where there are headings. */
  rank: number;
}

/** Headings stand before the rows of each question where the list is sorted by question. */
export function listItems(places: readonly number[], { groups }: Pick<ShownRows, 'groups'>, sort: RowSort): ListItem[] {
  const items: ListItem[] = [];
  let group = -1;
  let rank = 0;
  for (const place of places) {
    const own = groups[place] ?? 0;
    if (sort === 'question' && own !== group) {
      group = own;
      rank = 0;
      items.push({ group: own, place: null, rank: 0 });
    }
    rank += 1;
    items.push({ group: own, place, rank });
  }
  return items;
}
