/** A folder that a person chose, by the File System API. */
import { FOLLOWED, FolderGone, inOrder, MOST_DEPTH, MOST_FILES } from './folder';
import type { Folder, FolderFile } from './folder';

export function handleFolder(handle: FileSystemDirectoryHandle): Folder {
  return {
    name: handle.name,
    async list() {
      const files: FolderFile[] = [];
      try {
        await take(handle, '', 1, files);
      } catch (error) {
        throw new FolderGone(
          error instanceof DOMException && error.name === 'NotAllowedError'
            ? `The browser no longer lets the page read ${handle.name}: choose it again`
            : `${handle.name} is not there`,
        );
      }
      return inOrder(files);
    },
  };
}

async function take(
  folder: FileSystemDirectoryHandle,
  path: string,
  depth: number,
  files: FolderFile[],
): Promise<void> {
  for await (const entry of folder.values()) {
    if (files.length >= MOST_FILES) return;
    const name = `${path}${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    try {
      if (isFolder(entry)) {
        if (depth < MOST_DEPTH) await take(entry, `${name}/`, depth + 1, files);
      } else if (isFile(entry) && FOLLOWED.test(name)) files.push(fileOf(await entry.getFile(), name));
    } catch (error) {
      // It went between being listed and being looked at.
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
    }
  }
}

function fileOf(file: File, name: string): FolderFile {
  return {
    name,
    size: file.size,
    modified: file.lastModified,
    stream: () => file.stream(),
    slice: (start, end) => file.slice(start, end),
  };
}

function isFolder(entry: FileSystemHandle): entry is FileSystemDirectoryHandle {
  return entry.kind === 'directory';
}

function isFile(entry: FileSystemHandle): entry is FileSystemFileHandle {
  return entry.kind === 'file';
}
