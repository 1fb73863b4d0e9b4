import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { idleStudio } from '../../../testing/page/open-studio';
import { hasWeights, loadExample, loadItsWeights, showExample } from './load-recording';
import { closeRecording, showRecording } from '../../run/show-recording';
import { openFiles } from './open-file';

vi.mock('../../../lib/module-worker', async () => ({
  startModuleWorker: (await import('../../../testing/page/unpacks-here')).startUnpacker,
}));

const recording = makeFakeRecording(2);
const bytes = await encodeCapsule(recording);
afterEach(() => vi.unstubAllGlobals());

describe('the example', () => {
  const answering = (answer: () => Promise<Response>) => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (address: URL) => {
      asked.push(address.href);
      return answer();
    });
    return asked;
  };

  it('lies beside the page', async () => {
    const asked = answering(() => Promise.resolve(new Response(bytes)));
    expect(await loadExample('http://localhost/sub/')).toEqual(recording);
    expect(asked).toEqual(['http://localhost/sub/capsules/example.capsule']);
  });

  it('is asked for once more where the answer breaks off', async () => {
    for (const broken of [new Response(bytes.slice(0, 100)), null]) {
      let answered = 0;
      const asked = answering(() => {
        answered += 1;
        if (answered > 1) return Promise.resolve(new Response(bytes));
        return broken === null ? Promise.reject(new TypeError('network error')) : Promise.resolve(broken);
      });
      expect(await loadExample('http://localhost/')).toEqual(recording);
      expect(asked).toHaveLength(2);
    }
  });

  it.each<[what: string, answer: () => Promise<Response>]>([
    ['is not there', () => Promise.resolve(new Response(bytes, { status: 404 }))],
    ['is something else', () => Promise.resolve(new Response('<html>'))],
    ['cannot be fetched', () => Promise.reject(new Error('offline'))],
  ])('is nothing to talk about where it %s', async (_, answer) => {
    answering(answer);
    expect(await loadExample('http://localhost/')).toBeNull();
  });
});

describe('a recorded run from a file', () => {
  it('is known by its content, and shown under the name of the file', async () => {
    const { studio, state } = idleStudio();
    await openFiles(studio, [new File([bytes], 'whatever.txt'), new File([bytes], 'second')]);
    expect(state().recording).toMatchObject({ recording, source: 'file', title: 'whatever.txt', playedTo: 2 });
    expect(state()).toMatchObject({ announcement: 'Opened “whatever.txt”', problems: [] });
  });

  it('that is damaged is refused by its name, and nothing changes', async () => {
    const { studio, state } = idleStudio();
    await openFiles(studio, [new File([bytes.slice(0, 200)], 'half')]);
    expect(state()).toMatchObject({ recording: null, announcement: '' });
    expect(state().problems[0]?.message).toBe('“half” is no usable recording: it is damaged or was cut off.');
  });
});

describe('the example that a person asks for', () => {
  it('shows the example that ships in place of the run, which comes back untouched', async () => {
    const capsule = await encodeCapsule(makeFakeRecording(3));
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: URL) => {
      asked.push(url.href);
      return Promise.resolve(new Response(capsule));
    });
    const studio = idleStudio().studio;
    studio.store.setState({ update: 7, runsOpen: true });
    await showExample(studio);
    expect(asked).toEqual(['http://localhost/capsules/example.capsule']);
    expect(studio.store.getState()).toMatchObject({
      runsOpen: false,
      recording: { source: 'example', playing: false },
    });
    expect(studio.batches.newest?.batch.update).toBe(makeFakeRecording(3).batches.at(-1)?.batch.update);
    closeRecording(studio);
    expect(studio.store.getState()).toMatchObject({ update: 7, recording: null });
    expect(studio.batches.newest).toBeNull();
  });

  it('says so where it cannot be had, and changes nothing', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
    const studio = idleStudio().studio;
    await showExample(studio);
    expect(studio.store.getState().recording).toBeNull();
    expect(studio.store.getState().problems).toMatchObject([
      { message: 'The example could not be loaded.', fatal: false },
    ]);
  });
});

describe('the weights of a recording', () => {
  const replay = { ...recording, checkpoints: [] };
  const ok = { status: 'ok', software: false } as const;

  it('can be had where it holds them, or ships with the page, and WebGPU is there', () => {
    const { studio, state } = idleStudio();
    expect(hasWeights(state())).toBe(false);
    for (const [shown, source, support, has] of [
      [recording, 'file', ok, true],
      [replay, 'file', ok, false],
      [replay, 'example', ok, true],
      [replay, 'example', { status: 'noAdapter' } as const, false],
    ] as const) {
      showRecording(studio, { recording: shown, source, title: 'it' });
      studio.store.setState({ support });
      expect(hasWeights(state()), `${source}, ${support.status}`).toBe(has);
    }
  });

  it('of the example are fetched, and the run goes on from them with what is held and selected', async () => {
    const { studio, state, trainer } = idleStudio();
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: URL) => {
      asked.push(url.href);
      return Promise.resolve(new Response(Uint8Array.of(1, 2, 3)));
    });
    showRecording(studio, { recording: replay, source: 'example', title: 'Example' });
    const chosen = { heldUpdate: 1, selection: { row: 2, side: 'draft', step: 1 } } as const;
    studio.store.setState(chosen);
    await loadItsWeights(studio);
    expect(asked).toEqual(['http://localhost/capsules/example.safetensors']);
    expect(state()).toMatchObject({ recording: null, update: 2, config: recording.config, ...chosen });
    const start = trainer.commands.find(({ type }) => type === 'start');
    const bytes = Uint8Array.of(1, 2, 3).buffer;
    expect(start).toMatchObject({ initial: { kind: 'checkpoint', bytes }, config: recording.config });
  });

  it('that it holds itself are not fetched', async () => {
    const { studio, state } = idleStudio();
    vi.stubGlobal('fetch', () => Promise.reject(new Error('nothing is to be fetched')));
    showRecording(studio, { recording, source: 'file', title: 'mine' });
    await loadItsWeights(studio);
    expect(state()).toMatchObject({ recording: null, update: 2, problems: [] });
  });

  it('that cannot be had are told, and nothing changes', async () => {
    const { studio, state } = idleStudio();
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    showRecording(studio, { recording: replay, source: 'example', title: 'Example' });
    await loadItsWeights(studio);
    expect(state().recording).not.toBeNull();
    expect(state().problems[0]?.message).toBe('The weights of the example could not be loaded.');
  });
});
