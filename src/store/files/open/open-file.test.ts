import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../../config/schema';
import { encodeSafetensors } from '../../../formats/safetensors';
import { FakeTrainer } from '../../../testing/page/fake-trainer';
import { createTrainerClient } from '../../../trainer/client';
import { startRun } from '../../run/actions';
import { openFiles, OPENS } from './open-file';
import { createStudio } from '../../studio-store';

function open() {
  const trainer = new FakeTrainer();
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  return { trainer, studio, state: () => studio.store.getState() };
}

describe('openFiles', () => {
  it.each([
    ['nothing at all', new Uint8Array(0)],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13)],
    ['prose', new TextEncoder().encode('Dear reader, nothing to see here.')],
    ['a broken gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255)],
    ['a gzip file of prose', new Uint8Array(gzipSync('Dear reader'.repeat(50_000)))],
  ])('says of %s that it cannot be opened and what can be, and changes nothing', async (_, bytes) => {
    const { trainer, studio, state } = open();
    const { runId, world, runState } = state();
    const commands = trainer.commands.length;
    await openFiles(studio, [new File([bytes], 'thing.safetensors')]);
    expect(state().problems).toHaveLength(1);
    expect(state().problems[0]).toMatchObject({ fatal: false });
    expect(state().problems[0]?.message).toContain('“thing.safetensors” cannot be opened');
    expect(state().problems[0]?.hint).toContain('Cutpoint opens checkpoints');
    expect(state()).toMatchObject({ runId, world, runState, announcement: '' });
    expect(trainer.commands).toHaveLength(commands);
  });

  it('knows a checkpoint by its content, whatever its name, and says what is wrong with it', async () => {
    const { trainer, studio, state } = open();
    const commands = trainer.commands.length;
    studio.store.setState({ support: { status: 'ok', software: false } });
    const newer = encodeSafetensors([], { format: 'cutpoint-checkpoint/99' });
    await openFiles(studio, [new File([newer], 'holiday.jpg')]);
    expect(state().problems[0]?.message).toContain('cutpoint-checkpoint/99');
    expect(trainer.commands).toHaveLength(commands);
  });
});

describe('what is recognised by its content', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const zip = (name: string, start = [0x50, 0x4b, 3, 4]) => Uint8Array.from([...start, ...encode(`.... ${name} ....`)]);
  /** Eight bytes that say how long the header is, then the header. */
  const tensors = (length: number, rest: string) => {
    const bytes = new Uint8Array(8 + rest.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
    bytes.set(encode(rest), 8);
    return bytes;
  };
  /** What a person is told where nothing knows the file. */
  const isUnknown = async (...contents: Uint8Array<ArrayBuffer>[]) => {
    const { studio, state } = open();
    studio.store.setState({ support: { status: 'ok', software: false } });
    await openFiles(
      studio,
      contents.map((bytes, k) => new File([bytes], `f${k}`)),
    );
    const { problems, ownWorldDialog } = state();
    return (
      ownWorldDialog === null && problems.some(({ message }) => message.includes('it is nothing that is known here'))
    );
  };

  it.each<[what: string, bytes: Uint8Array<ArrayBuffer>, known: boolean]>([
    ['a zip with weights', zip('model.safetensors'), true],
    // What is in it is found by reading it.
    ['a zip of something else', zip('holiday.jpg'), true],
    ['Parquet', encode('PAR1'), true],
    ['what begins nearly so', encode('PAR2'), false],
    ['an array', encode('[{}]'), true],
    ...[0, 1, 2, 3].map((k): [string, Uint8Array<ArrayBuffer>, boolean] => {
      const start = [0x50, 0x4b, 3, 4].map((byte, at) => (at === k ? byte + 1 : byte));
      return [`no zip by its byte ${k}`, zip('model.safetensors', start), false];
    }),
    ['tensors', tensors(2, '{}'), true],
    ['tensors as long as their header', tensors(11, '{}x'), true],
    ['tensors whose header is longer than the file', tensors(12, '{}x'), false],
    ['tensors without a header', tensors(1, '{'), false],
    ['tensors whose header is no object', tensors(2, '[]'), false],
    ['facts', encode('a,b,c'), true],
    ['facts that begin with a mark of their encoding', encode('\ufeffa\tb\tc'), true],
    ['facts in Windows-1252', Uint8Array.of(0x61, 0x2c, 0x62, 0x2c, 0xff), true],
    ['bytes that are no text', Uint8Array.of(0x61, 0x2c, 0x62, 0x2c, 0xff, 0), false],
    ['facts, packed', new Uint8Array(gzipSync('a,b,c')), true],
    ['facts that are cut in the middle of a letter', encode(`a,b,${'é'.repeat(40_000)}`), true],
  ])('%s: %s', async (_, bytes, known) => {
    expect(await isUnknown(bytes)).toBe(!known);
  });

  it('is what one of several files is', async () => {
    expect(await isUnknown(encode('prose'), encode('a,b,c'))).toBe(false);
    expect(await isUnknown(encode('prose'), encode('more'))).toBe(true);
  });

  it('is one kind of two: the other file stays closed, and that is said', async () => {
    const { studio, state } = open();
    const names = ['facts.csv', 'notes.txt', 'more.csv'];
    const contents = ['a,b,c\n', 'Dear reader', 'd,e,f\n'];
    await openFiles(
      studio,
      contents.map((text, k) => new File([text], names[k] ?? '')),
    );
    expect(state().ownWorldDialog).not.toBeNull();
    expect(state().problems).toMatchObject([{ message: '“notes.txt” stayed closed.', fatal: false }]);
  });

  it('is nothing where there is no file', async () => {
    const { studio, state } = open();
    const before = state();
    await openFiles(studio, []);
    expect(state()).toBe(before);
  });

  it('is said while it is opened, and by name where it is refused', async () => {
    const { studio, state } = open();
    const said: string[] = [];
    studio.store.subscribe(({ announcement }) => said.push(announcement));
    await openFiles(studio, [new File(['prose'], 'a'), new File(['more'], 'b')]);
    expect(said[0]).toBe('Opening “a”, “b”');
    expect(state().problems[0]?.message).toBe('“a”, “b” cannot be opened: it is nothing that is known here.');
    expect(OPENS).toMatch(/^Cutpoint opens checkpoints .*, recorded runs .*, trajectories .*, facts .*\.$/);
  });

  it.each(['{"a":1}', '\ufeff  {"a":1}', ' \n{'])('takes %j for trajectories', async (text) => {
    const { studio, state } = open();
    await openFiles(studio, [new File([text], 'x.csv')]);
    // Reading them takes a worker, which is not here.
    expect(state().problems[0]?.message).not.toContain('nothing that is known');
  });
});
