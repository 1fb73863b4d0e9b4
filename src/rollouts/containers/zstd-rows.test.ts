import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../file/read-file';

/** Three rows, packed by pyarrow. */
const PACKED = Uint8Array.from(
  Buffer.from(
    'KLUv/SC67QEABAN7InF1ZXN0aW9uIjoicSIsImNvbXBsZTxhbnN3ZXI+YTwvIiwiZ29sZCI6ImEifQoDADkISbU4n9zZBA==',
    'base64',
  ),
);
const read = (bytes: Uint8Array<ArrayBuffer>) =>
  readRolloutFiles([{ name: 'x.jsonl.zst', size: bytes.length, stream: () => new Blob([bytes]).stream() }]);

describe('Zstandard around lines', () => {
  it('is read, of several frames too', async () => {
    expect((await read(PACKED)).table.steps).toHaveLength(3);
    const both = new Uint8Array(2 * PACKED.length);
    both.set(PACKED);
    both.set(PACKED, PACKED.length);
    expect((await read(both)).table.steps).toHaveLength(6);
  });

  it('says where it is cut off', async () => {
    await expect(read(PACKED.slice(0, -3))).rejects.toThrow('ends in the middle, after 0 lines');
  });
});
