import { Fnv1a64 } from '../../lib/hash';
import type { SourceFile } from './container';

/** The hash of a file's bytes, taken while they are read; where reading left some out, they are read once more. */
export class FileHash {
  private hash = new Fnv1a64();
  private seen = 0;

  constructor(private readonly file: SourceFile) {}

  push(chunk: Uint8Array): void {
    this.hash.push(chunk);
    this.seen += chunk.length;
  }

  async finish(): Promise<string> {
    if (this.seen === this.file.size) return this.hash.hex;
    this.hash = new Fnv1a64();
    const reader = this.file.stream().getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value) this.hash.push(value);
    }
    return this.hash.hex;
  }
}
