import { HeldLines } from '../file/lines';
import type { RolloutFile } from '../file/read-file';
import type { FreshRows } from './follower';

/** The lines of all rows, as they come. */
export class KeptLines {
  private bytes = new Uint8Array(1 << 16);
  private size = 0;

  /** @param name of the folder */
  take(name: string, { bytes, moves, table, skipped, skips, unknownNumbers }: FreshRows): RolloutFile {
    const needed = this.size + bytes.length;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(bytes, this.size);
    this.size = needed;
    if (moves) this.moveTogether(moves);
    const rest = { skipped, skips: [...skips], unknownNumbers, cutOff: null };
    return { name, hash: null, lines: new HeldLines(this.bytes.subarray(0, this.size)), table, ...rest };
  }

  /** Into other memory: what is on screen or being saved still reads the old one. */
  private moveTogether(moves: Uint32Array): void {
    let size = 0;
    for (let k = 1; k < moves.length; k += 2) size += moves[k] ?? 0;
    const together = new Uint8Array(Math.max(1 << 16, size));
    let at = 0;
    for (let k = 0; k < moves.length; k += 2) {
      const from = moves[k] ?? 0;
      together.set(this.bytes.subarray(from, from + (moves[k + 1] ?? 0)), at);
      at += moves[k + 1] ?? 0;
    }
    this.bytes = together;
    this.size = size;
  }
}
