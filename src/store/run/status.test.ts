import { describe, expect, it } from 'vitest';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio } from '../../testing/page/open-studio';
import type { StudioState } from '../state/studio-state';
import { activity, adapterName, PHASES, runLabel, seedText, shownConfig } from './status';

const plain = idleStudio().state();
const made = makeFakeRecording(2);
const recording = { recording: made, source: 'file', title: 't', playedTo: 2, playing: false } as const;
const say = (part: Partial<StudioState>) => ({ ...plain, ...part });

describe('the label of the run', () => {
  it.each<[part: Partial<StudioState>, label: string]>([
    [{}, 'STARTING'],
    [{ runState: 'running' }, 'LIVE'],
    [{ runState: 'paused' }, 'PAUSED'],
    [{ runState: 'loading' }, 'LOADING'],
    [{ runState: 'warmStart' }, 'WARM START'],
    [{ runState: 'evaluating' }, 'EVALUATING'],
    [{ runState: 'failed' }, 'STOPPED'],
    [{ runState: 'running', recording }, 'RECORDED'],
    [{ runState: 'running', support: { status: 'missing', insecure: false } }, 'NO WEBGPU'],
    [{ support: { status: 'noAdapter' } }, 'NO WEBGPU'],
    [{ support: { status: 'noAdapter' }, recording }, 'RECORDED'],
    [{ support: { status: 'ok', software: true }, runState: 'paused' }, 'PAUSED'],
  ])('of %j is %s', (part, label) => {
    expect(runLabel(say(part))).toBe(label);
  });
});

describe('what is going on', () => {
  it('is told by what matters most', () => {
    const all: Partial<StudioState> = {
      ...{ playWanted: true, breakReason: 'b', stateNote: 'n' },
      recording,
      phase: 'review',
      runState: 'paused',
    };
    expect(activity(say(all))).toBe('plays as soon as it is ready');
    expect(activity(say({ ...all, playWanted: false }))).toBe('b');
    expect(activity(say({ ...all, playWanted: false, breakReason: null }))).toBe('n');
    const shown = { ...all, playWanted: false, breakReason: null, stateNote: null };
    expect(activity(say(shown))).toBe('the engine is ready');
    expect(activity(say({ ...shown, runState: 'running' }))).toBe('');
    expect(activity(say({ ...shown, recording: null }))).toBe('2 review');
  });

  it('is the phase by its number, and nothing between updates', () => {
    expect(PHASES.map(({ phase }) => activity(say({ phase })))).toEqual([
      '1 roll out',
      '2 review',
      '3 cut and regenerate',
      '4 reward',
      '5 advantage',
      '6 update',
    ]);
    expect(activity(plain)).toBe('');
    // In slow motion it is what is seen, not what is computed.
    const replay = { phase: 'reward', steps: 0 } as const;
    expect(activity(say({ phase: 'rollout', replay }))).toBe('4 reward');
    expect(activity(say({ recording, runState: 'paused', replay }))).toBe('4 reward');
  });
});

describe('the adapter', () => {
  const none = { vendor: '', architecture: '', device: '', description: '', software: false };
  it.each([
    [{ ...none, vendor: 'v', architecture: 'a', device: 'd', description: 'D' }, 'D'],
    [{ ...none, vendor: 'v', architecture: 'a', device: 'd' }, 'd'],
    [{ ...none, vendor: 'v', architecture: 'a' }, 'v a'],
    [{ ...none, architecture: 'a' }, 'a'],
    [none, 'unnamed adapter'],
  ])('is called by what is known of it: %j', (adapter, name) => {
    expect(adapterName(adapter)).toBe(name);
  });
});

describe('settings and seeds on screen', () => {
  it('are those of a recording where one is', () => {
    expect(shownConfig(plain)).toBe(plain.config);
    expect(shownConfig(say({ recording }))).toBe(made.config);
  });

  it.each([
    [3, 3, 3, 'seed 3'],
    [1, 3, 3, 'seeds: world 1, weights 3, run 3'],
    [3, 1, 3, 'seeds: world 3, weights 1, run 3'],
    [3, 3, 1, 'seeds: world 3, weights 3, run 1'],
  ])('are one number where all are equal: %i %i %i', (worldSeed, initSeed, runSeed, told) => {
    expect(seedText(say({ config: { ...plain.config, worldSeed, initSeed, runSeed } }))).toBe(told);
  });
});
