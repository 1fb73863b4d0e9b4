/** Readers of lines on threads of their own, each at the other end of a port. */
import type { LinePool } from './file/line-pool';
import { readBatch } from './file/read-batch';
import type { LineBatch } from './file/read-batch';
import type { SunkPart } from './file/row-sink';

type Reply = { sunk: SunkPart } | { failed: string };

/** null where there is none. */
export function helpers(ports: readonly MessagePort[]): LinePool | null {
  if (ports.length === 0) return null;
  const waiting = ports.map((): ((reply: Reply) => void)[] => []);
  ports.forEach((port, k) => {
    port.onmessage = ({ data }: MessageEvent<Reply>) => waiting[k]?.shift()?.(data);
  });
  let turn = 0;
  return {
    width: ports.length,
    spare: [],
    read: (batch) =>
      new Promise((resolve, reject) => {
        const k = turn % ports.length;
        turn += 1;
        waiting[k]?.push((reply) => ('sunk' in reply ? resolve(reply.sunk) : reject(new Error(reply.failed))));
        ports[k]?.postMessage(batch, [batch.bytes.buffer]);
      }),
  };
}

/** Reads what comes over a port. */
export function serveBatches(port: MessagePort): void {
  port.onmessage = ({ data }: MessageEvent<LineBatch>) => {
    try {
      const sunk = readBatch(data);
      const buffers = sunk.part.columns.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
      port.postMessage({ sunk } satisfies Reply, [sunk.bytes.buffer, ...buffers]);
    } catch (error) {
      port.postMessage({ failed: error instanceof Error ? error.message : String(error) } satisfies Reply);
    }
  };
}
