/** A worker for tests that unpacks on their own thread. */
import { unpackFile } from '../../store/files/open/unpack-file';
import type { ToUnpack } from '../../store/files/open/unpack-file';

class UnpacksHere extends EventTarget {
  terminate(): void {
    // It holds nothing.
  }

  postMessage(what: ToUnpack): void {
    void unpackFile(what).then((data) => this.dispatchEvent(new MessageEvent('message', { data })));
  }
}

export function startUnpacker(): UnpacksHere {
  return new UnpacksHere();
}
