import { describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../config/schema';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import type { AdapterDescription } from '../../trainer/protocol/protocol';
import { sayOtherAdapter } from './other-adapter';
import { continueRecording, showRecording } from './show-recording';
import { startRun } from './start-run';

const NAMELESS: AdapterDescription = { vendor: '', architecture: '', device: '', description: '', software: true };
const LLVMPIPE = { ...NAMELESS, description: 'llvmpipe' };

describe('a run that was begun elsewhere', () => {
  it('says so, with both names', () => {
    const { studio, state } = playedStudio();
    studio.store.setState({ adapter: NAMELESS });
    sayOtherAdapter(studio, 'llvmpipe');
    expect(state().notes).toEqual([
      'This run was begun on “llvmpipe” and goes on here on “unnamed adapter”. Other adapters and browsers may round otherwise: from now on it may differ from the run that it would have been there.',
    ]);
  });

  it('says nothing on its own adapter', () => {
    const { studio, state } = playedStudio();
    studio.store.setState({ adapter: LLVMPIPE });
    sayOtherAdapter(studio, 'llvmpipe');
    expect(state().notes).toEqual([]);
  });

  it('waits until the adapter is known, and says it once', () => {
    const { studio, state } = playedStudio();
    studio.store.setState({ adapter: null });
    sayOtherAdapter(studio, 'llvmpipe');
    expect(state().notes).toEqual([]);
    studio.store.setState({ adapter: NAMELESS });
    studio.store.setState({ adapter: { ...NAMELESS } });
    expect(state().notes).toHaveLength(1);
  });

  it('says nothing of a run that has taken its place meanwhile', () => {
    const { studio, state } = playedStudio();
    studio.store.setState({ adapter: null });
    sayOtherAdapter(studio, 'llvmpipe');
    startRun(studio, defaultConfig, 'shipped');
    studio.store.setState({ adapter: NAMELESS });
    expect(state().notes).toEqual([]);
  });

  it.each([
    ['a capsule', 'llvmpipe', 1],
    ['a capsule that does not say where', '', 0],
  ])('is %s', async (_, adapter, notes) => {
    const { studio, state } = idleStudio();
    studio.store.setState({ adapter: NAMELESS });
    const checkpoint = { update: 2, weightsHash: 'h', bytes: Uint8Array.of(2) };
    const recording = { ...makeFakeRecording(3), adapter, checkpoints: [checkpoint] };
    showRecording(studio, { recording, source: 'file', title: 't' });
    continueRecording(studio, checkpoint);
    await vi.dynamicImportSettled();
    expect(state().notes).toHaveLength(notes);
  });
});
