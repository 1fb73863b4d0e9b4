import { HeldLines } from '../../rollouts/file/lines';
import type { RolloutFile } from '../../rollouts/file/read-file';
import { RowTableBuilder } from '../../rollouts/file/row-table-builder';

/** For tests to which the rows on screen matter, not the file that they stand in. */
export function emptyRollouts(): RolloutFile {
  const table = new RowTableBuilder().finish();
  const named = { name: 'f.jsonl', hash: '0123456789abcdef' };
  return {
    ...named,
    lines: new HeldLines(new Uint8Array(0)),
    table,
    skipped: 0,
    skips: [],
    cutOff: null,
    unknownNumbers: 0,
  };
}
