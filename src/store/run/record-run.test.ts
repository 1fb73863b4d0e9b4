import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { numbersBatch } from '../../testing/page/hand-batch';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import { storeBatch } from '../../recordings/stored-batch';
import { STEP } from './actions';
import { newestPart, recordRun, untilMeasured } from './record-run';
import { showRecording } from './show-recording';
import { startRun } from './start-run';

const checkpoint = (update: number) => ({ update, weightsHash: 'h', bytes: new Uint8Array(4) });

describe('the live run as a recording', () => {
  it('has what is on screen, up to its checkpoint', () => {
    const { studio, state } = playedStudio();
    for (let k = 0; k < 3; k += 1) STEP.perform(studio);
    const { evaluations } = state();
    studio.store.setState({
      evaluations: [...evaluations, { update: 2, metrics: {} }, { update: 3, metrics: {} }],
      marks: [
        { kind: 'start', update: 0 },
        { kind: 'settings', update: 2 },
        { kind: 'settings', update: 3 },
      ],
    });
    const { config, world } = state();
    expect(recordRun(studio, null)).toMatchObject({ config, world, ownWorld: null, update: 3, checkpoints: [] });
    const early = recordRun(studio, checkpoint(2));
    expect(early).toMatchObject({ update: 2, adapter: 'Apple M2', checkpoints: [checkpoint(2)] });
    expect(early?.metrics.map(({ update }) => update)).toEqual([1, 2]);
    expect(early?.evaluations.map(({ update }) => update)).toEqual([0, 2]);
    expect(early?.marks.map(({ update }) => update)).toEqual([0, 2]);
    expect(early?.batches.map(({ batch }) => batch.update)).toEqual([1, 2]);
    studio.store.setState({ adapter: null });
    expect(recordRun(studio, null)?.adapter).toBe('');
  });

  it('is none before there is a world, and none while another is shown', () => {
    expect(recordRun(idleStudio().studio, null)).toBeNull();
    const { studio } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(2), source: 'file', title: 't' });
    expect(recordRun(studio, null)).toBeNull();
  });
});

describe('waiting for the numbers of an update', () => {
  const waiting = (update: number) => {
    const played = playedStudio();
    let done = false;
    const wait = untilMeasured(played.studio, update).then(() => (done = true));
    const isDone = async (): Promise<boolean> => {
      await Promise.resolve();
      await Promise.resolve();
      return done;
    };
    return { ...played, wait, isDone };
  };

  it('is over at once where they are there, or the update is none of this run', async () => {
    expect(await waiting(0).isDone()).toBe(true);
    const { studio } = playedStudio();
    STEP.perform(studio);
    await untilMeasured(studio, 1);
  });

  it('is over when they come', async () => {
    const { studio, isDone } = waiting(2);
    STEP.perform(studio);
    expect(await isDone()).toBe(false);
    STEP.perform(studio);
    expect(await isDone()).toBe(true);
  });

  it.each([
    [
      'another run begins',
      (of: ReturnType<typeof waiting>) => startRun(of.studio, configForPreset('search-r1'), 'shipped'),
    ],
    ['the engine fails', (of: ReturnType<typeof waiting>) => of.trainer.crash('gone')],
    ['the run is reset', (of: ReturnType<typeof waiting>) => of.studio.store.setState({ resetPending: true })],
  ])('is over when %s', async (_, end) => {
    const of = waiting(2);
    of.studio.store.setState({ announcement: 'something else' });
    expect(await of.isDone()).toBe(false);
    end(of);
    expect(await of.isDone()).toBe(true);
  });
});

describe('the newest part of a run', () => {
  it('has what is not saved yet, of all updates but the newest a few trajectories', () => {
    const whole = (update: number) => {
      return storeBatch(numbersBatch([{ reward: 2 }, { reward: 1 }, {}, {}, { reward: 1.5 }], { update }), true);
    };
    const recording = {
      ...makeFakeRecording(4),
      ownWorld: { name: 'mine', text: 'a,b,c', hash: 'h' },
      evaluations: [1, 2, 3].map((update) => ({ update, metrics: {} })),
      batches: [1, 2, 3, 4].map(whole),
    };
    const part = newestPart(recording, { update: 2, batch: 1 });
    const marks = recording.marks.filter(({ update }) => update >= 2);
    expect(part).toMatchObject({ ownWorld: null, checkpoints: [], update: 4, marks });
    expect(part.metrics.map(({ update }) => update)).toEqual([3, 4]);
    // That of update 2 came after it was saved.
    expect(part.evaluations.map(({ update }) => update)).toEqual([2, 3]);
    expect(part.batches.map(({ batch, rows }) => [batch.update, rows])).toEqual([
      [2, [0, 1, 3]],
      [3, [0, 1, 3]],
      [4, [0, 1, 2, 3, 4]],
    ]);
  });
});
