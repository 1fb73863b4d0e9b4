import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { encodeSafetensors } from '../../formats/safetensors';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from '../run/actions';
import { openFiles } from './open-file';
import { createStudio } from '../studio-store';

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
