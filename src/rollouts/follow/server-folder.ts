/** The folder that `npm start -- --follow DIR` hands out, read from the page's own server. */
import { isObject } from '../text/json';
import { FolderGone, inOrder } from './folder';
import type { Folder, FolderFile } from './folder';

/** @param url of the page's folder, absolute */
export function serverFolder(url: string, name: string): Folder {
  return {
    name,
    async list() {
      const response = await fetch(new URL('follow/list', url), { cache: 'no-store' }).catch(() => null);
      if (response === null) throw new FolderGone('The server of the page does not answer');
      if (!response.ok) throw new FolderGone(`${name} is not there`);
      const listed: unknown = await response.json();
      return inOrder(Array.isArray(listed) ? listed.flatMap((entry) => fileOf(url, entry)) : []);
    },
  };
}

function fileOf(url: string, entry: unknown): FolderFile[] {
  if (!isObject(entry)) return [];
  const { name, size, modified } = entry;
  if (typeof name !== 'string' || typeof size !== 'number' || typeof modified !== 'number') return [];
  const bytes = async (start: number, end: number): Promise<Response> => {
    const at = new URL(`follow/file?${new URLSearchParams({ name }).toString()}`, url);
    const headers = { Range: `bytes=${start}-${end - 1}` };
    const response = await fetch(at, { headers, cache: 'no-store' });
    if (response.status !== 206) throw new Error(`${name} cannot be read now (${response.status})`);
    return response;
  };
  return [
    {
      ...{ name, size, modified },
      stream: () => streamOf(() => bytes(0, size)),
      slice: (start, end) => ({ arrayBuffer: async () => (await bytes(start, end)).arrayBuffer() }),
    },
  ];
}

/** Asked for when it is read. */
function streamOf(open: () => Promise<Response>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  open()
    .then(({ body }) => body?.pipeTo(writable) ?? writable.close())
    .catch((error: unknown) => writable.abort(error).catch(() => undefined));
  return readable;
}
