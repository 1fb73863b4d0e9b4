import { HeldLines, MemoryLines } from '../file/lines';
import type { Lines } from '../file/lines';
import type { RolloutFile } from '../file/read-file';
import type { FreshRows } from './follower';

/** The lines of all rows, as they come. */
export class KeptLines {
  private kept = new MemoryLines();

  /**
   * @param name of the folder
   * @param far lines that lie on disk, asked for where none come with the rows
   */
  take(
    name: string,
    { bytes, moves, table, skipped, skips, unknownNumbers }: FreshRows,
    far: () => Lines,
  ): RolloutFile {
    const rest = { skipped, skips: [...skips], unknownNumbers, cutOff: null };
    if (bytes === null) {
      this.kept = new MemoryLines();
      return { name, hash: null, lines: far(), table, ...rest };
    }
    this.kept.put(bytes);
    if (moves) this.moveTogether(moves);
    return { name, hash: null, lines: new HeldLines(this.kept.held()), table, ...rest };
  }

  /** Into other memory: what is on screen or being saved still reads the old one. */
  private moveTogether(moves: Uint32Array): void {
    const before = this.kept.held();
    this.kept = new MemoryLines();
    for (let k = 0; k < moves.length; k += 2) {
      const from = moves[k] ?? 0;
      this.kept.put(before.subarray(from, from + (moves[k + 1] ?? 0)));
    }
  }
}
