import { describe, expect, it } from 'vitest';
import { droppedFiles } from './dropped-files';

type Tree = { [name: string]: Tree | string };

function entryOf(name: string, inside: Tree | string): unknown {
  if (typeof inside === 'string') {
    const file = (resolve: (file: File) => void) => resolve(new File([inside], name));
    return { name, isFile: true, isDirectory: false, file };
  }
  return {
    ...{ name, isFile: false, isDirectory: true },
    createReader: () => {
      // One at a time, then none: a browser hands over a hundred.
      const left = Object.entries(inside);
      return {
        readEntries: (resolve: (entries: unknown[]) => void) =>
          resolve(left.splice(0, 1).map(([child, content]) => entryOf(child, content))),
      };
    },
  };
}

const drop = (tree: Tree): unknown => ({
  items: Object.entries(tree).map(([name, inside]) => ({ webkitGetAsEntry: () => entryOf(name, inside) })),
  files: [],
});

async function dropped(data: unknown): Promise<string[]> {
  const isData = (value: unknown): value is DataTransfer => typeof value === 'object' && value !== null;
  if (!isData(data)) throw new Error('no drop');
  const files = await droppedFiles(data);
  return Promise.all(files.map(async (file) => `${file.name}: ${await file.text()}`));
}

describe('a drop', () => {
  it('of files is those files', async () => {
    expect(await dropped(drop({ 'a.jsonl': '1', 'b.jsonl': '2' }))).toEqual(['a.jsonl: 1', 'b.jsonl: 2']);
    expect(await dropped({ items: [], files: [new File(['x'], 'c')] })).toEqual(['c: x']);
  });

  it('of a folder is what is in it, however deep, in the order of its numbers and named by the path', async () => {
    const folder = { '10.jsonl': 'b', '9.jsonl': 'a', '.DS_Store': '', 'step=2': { deep: { 'x.parquet': 'c' } } };
    expect(await dropped(drop({ run: folder }))).toEqual(['9.jsonl: a', '10.jsonl: b', 'step=2/deep/x.parquet: c']);
  });
});
