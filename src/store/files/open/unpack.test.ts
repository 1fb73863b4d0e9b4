import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../lib/assert';
import { packCapsule } from '../../../recordings/capsule/capsule-file';
import { unpackCapsule, unpackZip } from './unpack';
import { buffersOf, unpackFile } from './unpack-file';
import { FakeWorker } from '../../../testing/page/fake-worker';

let worker = new FakeWorker();
vi.mock('../../../lib/module-worker', () => ({ startModuleWorker: () => worker }));
beforeEach(() => {
  worker = new FakeWorker();
});

describe('what is unpacked beside the page', () => {
  it('is asked of a worker of its own, which is then ended', async () => {
    const file = new File(['x'], 'a.zip');
    const unpacked = unpackZip(file, 'it');
    expect(worker.posted).toEqual([{ kind: 'zip', file, name: 'it' }]);
    const files = new Map([['a', Uint8Array.of(1)]]);
    worker.say({ kind: 'zip', files });
    expect(await unpacked).toBe(files);
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('is refused as the worker says', async () => {
    const unpacked = unpackCapsule(new File(['x'], 'a.capsule'), 'it');
    worker.say({ kind: 'refused', message: 'It is broken.', hint: 'Take another.' });
    await expect(unpacked).rejects.toEqual(new UserError('It is broken.', 'Take another.'));
    expect(worker.terminate).toHaveBeenCalledTimes(1);
  });

  it('is refused where the worker breaks, or stands still for too long', async () => {
    const broken = unpackZip(new File(['x'], 'a.zip'), 'it');
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(broken).rejects.toThrow('it could not be unpacked: out of memory');
    vi.useFakeTimers();
    worker = new FakeWorker();
    const endless = unpackZip(new File(['x'], 'a.zip'), 'it');
    const told = expect(endless).rejects.toThrow('it was given up: nothing came of it for 2 minutes.');
    vi.advanceTimersByTime(120_000);
    await told;
    expect(worker.terminate).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});

describe('unpackFile', () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const zip = (files: Record<string, Uint8Array>): File => new File([Uint8Array.from(zipSync(files))], 'a.zip');
  const unzip = (file: Blob) => unpackFile({ kind: 'zip', file, name: 'it' });

  it('gives the files of a checkpoint, whatever their folder, and no others', async () => {
    const unpacked = await unzip(
      zip({
        'run/model.safetensors': encode('a'),
        '../../etc/config.json': encode('b'),
        'run/notes.png': encode('c'),
        'run/.hidden.json': encode('d'),
        '__MACOSX/run/._model.safetensors': encode('e'),
        '__MACOSX/run/world.tsv': encode('f'),
      }),
    );
    expect(unpacked.kind === 'zip' && [...unpacked.files.keys()]).toEqual(['model.safetensors', 'config.json']);
    expect(buffersOf(unpacked)).toHaveLength(2);
  });

  it('refuses an archive that says one name twice', async () => {
    expect(await unzip(zip({ 'a/config.json': encode('a'), 'b/config.json': encode('b') }))).toMatchObject({
      kind: 'refused',
      message: 'it holds config.json in two folders.',
    });
  });

  it('reads no file that is larger than what may come out of it', async () => {
    const file = new File(['PK'], 'a.zip');
    const read = vi.spyOn(file, 'arrayBuffer');
    Object.defineProperty(file, 'size', { value: 2 ** 29 + 1 });
    expect(await unzip(file)).toMatchObject({
      kind: 'refused',
      message: 'it is larger than 512 MiB: too large for this page.',
    });
    expect(read).not.toHaveBeenCalled();
  });

  it('says so where the file is gone', async () => {
    const file = new File(['PK'], 'a.zip');
    vi.spyOn(file, 'arrayBuffer').mockRejectedValue(new Error('NotFoundError'));
    expect(await unzip(file)).toMatchObject({ message: 'it could not be unpacked: NotFoundError' });
  });

  it('gives header and columns of a capsule', async () => {
    const packed = await packCapsule(1, { x: 1 }, [{ name: 'a', type: 'u8', bytes: Uint8Array.of(7) }]);
    const unpacked = await unpackFile({ kind: 'capsule', file: new Blob([packed]), name: 'it' });
    expect(unpacked.kind === 'capsule' && unpacked.capsule.header).toEqual({ x: 1 });
    expect(buffersOf(unpacked)).toHaveLength(1);
  });

  it('refuses a capsule whose header nests beyond any of ours', async () => {
    let deep: unknown[] = [];
    for (let k = 0; k < 100; k += 1) deep = [deep];
    const packed = await packCapsule(1, { deep }, []);
    expect(await unpackFile({ kind: 'capsule', file: new Blob([packed]), name: 'it' })).toMatchObject({
      message: 'it is no usable recording: its header is nested too deeply or has too many values.',
    });
  });
});
