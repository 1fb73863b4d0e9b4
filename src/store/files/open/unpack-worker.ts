/** Unpacks one file of a stranger beside the page, which one that was made to would otherwise hold up for seconds. */
import { buffersOf, unpackFile } from './unpack-file';
import type { ToUnpack } from './unpack-file';

self.addEventListener('message', ({ data }: MessageEvent<ToUnpack>) => {
  void unpackFile(data).then((unpacked) => {
    const transfer = buffersOf(unpacked).filter((buffer) => buffer instanceof ArrayBuffer);
    // The DOM's types know `self` as a window; in here it is a worker's.
    self.postMessage(unpacked, { transfer });
  });
});
