import { BOARD_VERDICTS } from '../../../recordings/decode-trajectory';
import type { ShownRows } from '../../../recordings/shown-rows';
import type { RowFilter, RowList } from '../../../store/state/row-list';
import { count } from '../../format';

/** Of an old update a few rows are kept: how many of how many, where that is known. */
export function filterNumber(id: RowFilter, list: RowList | null, shown: ShownRows | null): string {
  if (list === null) return '–';
  const kept = count(list.counts[id]);
  // What else leaves rows out was not counted in those that are gone.
  if (shown === null || shown.whole || list.narrowed) return kept;
  const all = id === 'all' ? shown.summary.rows : isVerdict(id) ? shown.summary.verdicts[id] : null;
  return all === null ? kept : `${kept} of ${count(all)}`;
}

function isVerdict(id: RowFilter): id is (typeof BOARD_VERDICTS)[number] {
  return BOARD_VERDICTS.some((verdict) => verdict === id);
}
