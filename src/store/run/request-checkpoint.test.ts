import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { playedStudio } from '../../testing/page/open-studio';
import { requestCheckpoint } from './request-checkpoint';
import { startRun } from './start-run';

/** On an engine that answers when it is told to. */
function requested() {
  const played = playedStudio();
  const send = played.studio.client.send.bind(played.studio.client);
  const sent: string[] = [];
  played.studio.client.send = (command) => {
    sent.push(command.type);
    if (command.type !== 'checkpoint') send(command);
  };
  const answer = requestCheckpoint(played.studio);
  expect(sent).toEqual(['checkpoint']);
  return { ...played, answer };
}

describe('a checkpoint that is asked for', () => {
  it('is the next one that comes', async () => {
    const { trainer, answer } = requested();
    trainer.emit({ type: 'metrics', runId: 1, update: 1, metrics: {}, updateMs: 1 });
    const checkpoint = {
      type: 'checkpoint',
      runId: 1,
      update: 1,
      bytes: new ArrayBuffer(3),
      weightsHash: 'h',
    } as const;
    trainer.emit(checkpoint);
    trainer.emit({ ...checkpoint, update: 2 });
    expect(await answer).toEqual(checkpoint);
  });

  it('is refused where the run ends first', async () => {
    const replaced = requested();
    startRun(replaced.studio, configForPreset('search-r1'), 'shipped');
    await expect(replaced.answer).rejects.toThrow('The run ended before its checkpoint was made.');
    const failed = requested();
    failed.trainer.crash('gone');
    await expect(failed.answer).rejects.toThrow('The run ended');
  });

  it('waits over all else that changes', async () => {
    const { studio, answer } = requested();
    studio.store.setState({ announcement: 'something else' });
    expect(await Promise.race([answer, Promise.resolve('pending')])).toBe('pending');
  });
});
