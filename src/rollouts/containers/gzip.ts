/**
 * Gzip as it streams in, members one after the other (`npm run experiment` writes them so): each member's length and CRC are
 * held against what came out of it, and zeros behind the last one are padding. fflate finds the members and checks nothing.
 */
import { Gunzip } from 'fflate';
import { Crc32 } from './crc32';

/** Of the packed bytes, how many of the newest are kept: a member's last eight stand before the next one. */
const TAIL = 1 << 16;
const TRAILER = 8;
export const CHECK_SUM = 'its check sum does not fit';

export class GzipStream {
  private readonly unpack: Gunzip;
  private tail = new Uint8Array(0);
  private read = 0;
  private crc = new Crc32();
  private size = 0;
  /** Zeros at the end so far: part of what follows, or padding. */
  private zeros = 0;

  /** @param take what came out; the bytes are only lent */
  constructor(take: (chunk: Uint8Array) => void) {
    this.unpack = new Gunzip((chunk) => {
      this.crc.add(chunk);
      this.size = (this.size + chunk.length) >>> 0;
      take(chunk);
    });
    this.unpack.onmember = (offset) => this.check(offset);
  }

  /** @throws Error where it is damaged */
  push(chunk: Uint8Array): void {
    let end = chunk.length;
    while (end > 0 && chunk[end - 1] === 0) end -= 1;
    if (end > 0) {
      this.pieces(new Uint8Array(this.zeros));
      this.zeros = 0;
      this.pieces(chunk.subarray(0, end));
    }
    this.zeros += chunk.length - end;
  }

  /** @throws Error where the last member is cut off or damaged */
  end(): void {
    // A member's length, which is its end, mostly has zeros at its own end.
    for (let k = Math.min(this.zeros, 2 * TRAILER); k > 0 && !this.fits(this.tail.length); k -= 1) {
      this.pieces(new Uint8Array(1));
    }
    if (this.fits(this.tail.length)) return;
    this.unpack.push(new Uint8Array(0), true);
    throw new Error(CHECK_SUM);
  }

  /** In pieces, so that the end of a member is still at hand when the next one begins. */
  private pieces(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += TAIL / 2) this.piece(chunk.subarray(at, at + TAIL / 2));
  }

  private piece(chunk: Uint8Array): void {
    this.read += chunk.length;
    const kept = this.tail.subarray(Math.max(0, this.tail.length + chunk.length - TAIL));
    const tail = new Uint8Array(kept.length + chunk.length);
    tail.set(kept);
    tail.set(chunk, kept.length);
    this.tail = tail;
    this.unpack.push(chunk, false);
  }

  /** A member begins at `offset` of the stream, so the one before ends there. */
  private check(offset: number): void {
    if (!this.fits(offset - (this.read - this.tail.length))) throw new Error(CHECK_SUM);
    this.crc = new Crc32();
    this.size = 0;
  }

  private fits(end: number): boolean {
    if (end < TRAILER || end > this.tail.length) return false;
    const view = new DataView(this.tail.buffer, this.tail.byteOffset + end - TRAILER, TRAILER);
    return view.getUint32(0, true) === this.crc.value && view.getUint32(4, true) === this.size;
  }
}
