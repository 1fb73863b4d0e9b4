import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../config/schema';
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import type { Recording } from '../../../recordings/recording';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { readSaved, titleOf } from './saved-recording';
import { deleteRun, listRuns, saveRun } from './saved-runs';
import type { SavedState } from './saved-runs';

const OWN_WORLD = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
const RUN = { id: 'a', config: defaultConfig, worldTitle: 'Microwiki', factsHash: null };
const state = (update: number): SavedState => ({ update, weightsHash: 'h', bytes: Uint8Array.of(update) });

/** Saved after update 3 and after update 5. */
async function save(change: { second?: Uint8Array<ArrayBuffer>; state?: SavedState; update?: number } = {}) {
  const part = async (recording: Recording) => encodeCapsule({ ...recording, checkpoints: [] });
  const first = await part(makeFakeRecording(3));
  await saveRun({ ...RUN, update: 3 }, state(3), { first: 0, last: 3, bytes: first });
  const second = change.second ?? (await part(makeFakeRecording(2, 4)));
  const { update = 5 } = change;
  await saveRun({ ...RUN, update }, change.state ?? state(update), { first: 4, last: 5, bytes: second });
}
afterEach(async () => {
  for (const { id } of await listRuns()) await deleteRun(id);
});

describe('a saved run', () => {
  it('is put together again from its parts, with its newest state alone', async () => {
    await save();
    const { recording, title, damaged } = await readSaved('a');
    expect([title, damaged]).toEqual(['search-r2 on Microwiki', false]);
    expect(recording).toMatchObject({ update: 5, ownWorld: null, checkpoints: [{ ...state(5), id: 'a' }] });
    expect(recording.metrics.map(({ update }) => update)).toEqual([1, 2, 3, 4, 5]);
    expect(recording.batches.map(({ batch, whole }) => [batch.update, whole])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, true],
      [5, true],
    ]);
  });

  it('brings the facts of its world', async () => {
    await save({ state: { ...state(5), ownWorld: OWN_WORLD } });
    const { recording } = await readSaved('a');
    expect(recording.ownWorld).toEqual(OWN_WORLD);
    expect(recording.checkpoints[0]).not.toHaveProperty('ownWorld');
  });

  it('ends with its newest state, whatever its history has', async () => {
    await save({ state: state(4) });
    const { recording } = await readSaved('a');
    expect(recording).toMatchObject({ update: 4, checkpoints: [{ update: 4 }] });
    expect(recording.metrics.map(({ update }) => update)).toEqual([1, 2, 3, 4]);
  });

  it('leaves out what is damaged of its history', async () => {
    await save({ second: Uint8Array.of(1, 2, 3) });
    const { recording, damaged } = await readSaved('a');
    expect(damaged).toBe(true);
    expect(recording.metrics.map(({ update }) => update)).toEqual([1, 2, 3]);
    // The weights are whole.
    expect(recording).toMatchObject({ update: 5, checkpoints: [{ update: 5 }] });
  });

  const odd = (part: object): SavedState => Object.assign(state(5), part);
  it.each<[what: string, state: SavedState]>([
    ['whose weights are no bytes', odd({ bytes: [1, 2] })],
    ['whose update is none', odd({ update: 1.5 })],
    ['whose facts are no text', odd({ ownWorld: { ...OWN_WORLD, text: 4 } })],
    ['whose facts have no hash', odd({ ownWorld: { name: 'n', text: 't' } })],
    ['whose facts have no name', odd({ ownWorld: { ...OWN_WORLD, name: null } })],
  ])('%s cannot be opened', async (_, broken) => {
    await save({ state: broken });
    await expect(readSaved('a')).rejects.toThrow('The saved run “search-r2 on Microwiki” is damaged');
  });

  it('of which nothing can be read cannot be opened, nor one that is gone', async () => {
    await saveRun({ ...RUN, update: 3 }, state(3), { first: 0, last: 3, bytes: Uint8Array.of(1) });
    await expect(readSaved('a')).rejects.toMatchObject({ hint: 'Delete it under Runs.' });
    await expect(readSaved('b')).rejects.toMatchObject({
      ...{ message: 'That run is not there any more.', hint: 'It was deleted in another tab.' },
    });
  });

  it('is called by its name, else by what it is', () => {
    expect(titleOf({ name: 'mine', config: defaultConfig, worldTitle: 'Atlas' })).toBe('mine');
    expect(titleOf({ name: null, config: defaultConfig, worldTitle: 'Atlas' })).toBe('search-r2 on Atlas');
  });
});
