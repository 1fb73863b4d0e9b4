import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PiecedFile } from '../../state/file-types';
import { LARGE, savePieces } from './save-pieces';

vi.mock('./download', () => ({ download: vi.fn() }));
const { download } = await import('./download');

/** A file on disk whose writing may fail. */
class Handle {
  content: number[] = [7];
  aborted = false;
  constructor(private readonly refuseAt = Infinity) {}

  createWritable() {
    const written: number[] = [];
    return Promise.resolve({
      write: (piece: Uint8Array) => {
        if (written.length >= this.refuseAt) return Promise.reject(new DOMException('no room', 'QuotaExceededError'));
        written.push(...piece);
        return Promise.resolve();
      },
      close: () => {
        this.content = written;
        return Promise.resolve();
      },
      abort: () => {
        this.aborted = true;
        return Promise.resolve();
      },
    });
  }
}

function file(about: number): PiecedFile & { made: number } {
  async function* pieces() {
    for (const value of [1, 2, 3]) {
      made.made += 1;
      yield await Promise.resolve(Uint8Array.of(value));
    }
  }
  const made = { name: 'rows.jsonl', about, made: 0, pieces: pieces() };
  return made;
}

const pageWith = (picker?: () => Promise<unknown>): object =>
  picker === undefined ? {} : { showSaveFilePicker: picker };

beforeEach(() => vi.stubGlobal('FileSystemFileHandle', Handle));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.mocked(download).mockClear();
});

describe('a file that is made in pieces', () => {
  it('goes to the place that a person chose, and is never held as a whole', async () => {
    const handle = new Handle();
    const picker = vi.fn(() => Promise.resolve(handle));
    expect(await savePieces(file(LARGE + 1), pageWith(picker))).toBe(true);
    expect(picker).toHaveBeenCalledWith({ suggestedName: 'rows.jsonl' });
    expect(handle.content).toEqual([1, 2, 3]);
    expect(download).not.toHaveBeenCalled();
  });

  it.each([
    ['where it is small', LARGE, () => Promise.reject(new Error('is not asked'))],
    ['where the browser cannot write', LARGE + 1, undefined],
    ['where the page may not ask', LARGE + 1, () => Promise.reject(new DOMException('', 'SecurityError'))],
  ])('is downloaded %s', async (_, about, picker) => {
    expect(await savePieces(file(about), pageWith(picker))).toBe(true);
    const [name, blob] = vi.mocked(download).mock.calls[0] ?? [];
    expect(name).toBe('rows.jsonl');
    expect([...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]).toEqual([1, 2, 3]);
  });

  it('is not made where the person chooses no place', async () => {
    const wanted = file(LARGE + 1);
    expect(
      await savePieces(
        wanted,
        pageWith(() => Promise.reject(new DOMException('', 'AbortError'))),
      ),
    ).toBe(false);
    expect(wanted.made).toBe(0);
    expect(download).not.toHaveBeenCalled();
  });

  it('leaves what was there where the disk refuses in the middle, and says so', async () => {
    const handle = new Handle(2);
    const saving = savePieces(
      file(LARGE + 1),
      pageWith(() => Promise.resolve(handle)),
    );
    await expect(saving).rejects.toThrow(/rows\.jsonl could not be written: no room/);
    expect(handle).toMatchObject({ content: [7], aborted: true });
  });

  it.each([
    ['what it chose is no place', () => Promise.resolve({})],
    ['the browser has something else of that name', 'a text'],
  ])('is downloaded where %s', async (_, showSaveFilePicker) => {
    expect(await savePieces(file(LARGE + 1), { showSaveFilePicker })).toBe(true);
    expect(download).toHaveBeenCalledTimes(1);
  });

  it('is downloaded where asking for a place fails in another way', async () => {
    expect(
      await savePieces(
        file(LARGE + 1),
        pageWith(() => Promise.reject(new Error('AbortError'))),
      ),
    ).toBe(true);
    expect(download).toHaveBeenCalledTimes(1);
  });

  it('that cannot be made is a fault of ours, and leaves what was there', async () => {
    const handle = new Handle();
    async function* broken() {
      yield await Promise.resolve(Uint8Array.of(1));
      throw new Error('line 2 of our own');
    }
    const wanted = { name: 'x', about: LARGE + 1, pieces: broken() };
    await expect(
      savePieces(
        wanted,
        pageWith(() => Promise.resolve(handle)),
      ),
    ).rejects.toThrow(/^line 2 of our own$/);
    expect(handle).toMatchObject({ content: [7], aborted: true });
  });

  it('says what went wrong though it cannot be taken back', async () => {
    const handle = new Handle(2);
    const make = handle.createWritable.bind(handle);
    handle.createWritable = async () => ({ ...(await make()), abort: () => Promise.reject(new Error('gone')) });
    const saving = savePieces(
      file(LARGE + 1),
      pageWith(() => Promise.resolve(handle)),
    );
    await expect(saving).rejects.toMatchObject({ hint: 'Nothing of the run is lost: save it elsewhere.' });
  });
});
