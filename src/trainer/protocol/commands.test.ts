import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../config/schema';
import { isCommand } from './commands';
import { MAX_SWEEP_REPLICATES, NO_BREAKPOINTS, type DraftRow } from './protocol';

const start = {
  type: 'start',
  runId: 1,
  config: defaultConfig,
  initial: { kind: 'shipped' },
  baseUrl: 'http://localhost/',
};

const draft: DraftRow = {
  update: 1,
  row: 0,
  tokens: new Uint16Array(9),
  logProbs: new Float32Array(9),
  entropies: new Float32Array(9),
  stepStarts: new Uint16Array(5),
  steps: 2,
  passages: new Int32Array(12),
};

describe('isCommand', () => {
  it('takes questions about single trajectories as they are meant, and nothing else', () => {
    const tokens = Uint16Array.of(1, 2, 3);
    const chain = { start: 4, relations: [1, 2] };
    const plant = { kind: 'plant', source: 0, subject: 1, relation: 2, object: 3 };
    const ask = { type: 'ask', id: 1, world: { heldOut: 0 }, chain, edits: [plant], replicate: 0 };
    const goOn = { type: 'continue', id: 1, draft, position: 1, forced: [4], replicate: 0, edits: [], weights: 3 };
    for (const type of ['alternatives', 'attention']) {
      expect(isCommand({ type, id: 1, tokens, position: 2 })).toBe(true);
      expect(isCommand({ type, id: 1, tokens, position: 3 })).toBe(false);
    }
    for (const value of [ask, goOn, { type: 'facts', id: 1, world: { update: 1, row: 0, pinned: true } }]) {
      expect(isCommand(value)).toBe(true);
    }
    expect(isCommand({ ...ask, world: { update: 1, row: 0 }, chain: null })).toBe(true);
    expect(isCommand({ ...ask, chain: null })).toBe(false);
    expect(isCommand({ ...ask, chain: { start: 1, relations: [] } })).toBe(false);
    expect(isCommand({ ...ask, edits: [{ ...plant, object: -1 }] })).toBe(false);
    expect(isCommand({ ...ask, edits: new Array(33).fill(plant) })).toBe(false);
    expect(isCommand({ ...goOn, weights: -1 })).toBe(false);
    expect(isCommand({ ...goOn, forced: 4 })).toBe(false);
    expect(isCommand({ ...goOn, draft: { ...draft, revision: 0 } })).toBe(false);
  });

  it('takes every command of the protocol', () => {
    expect(isCommand({ type: 'play', until: 12 })).toBe(true);
    for (const until of [-1, 0.5, '3', null]) expect(isCommand({ type: 'play', until })).toBe(false);
    for (const type of ['play', 'pause', 'step', 'reset', 'checkpoint']) expect(isCommand({ type })).toBe(true);
    expect(isCommand(start)).toBe(true);
    expect(isCommand({ type: 'pin', id: 1, update: 3, group: 0 })).toBe(true);
    const examine = { type: 'examine', baseUrl: '', webGpuInPage: true, run: '' };
    expect(isCommand(examine)).toBe(true);
    for (const part of [{ baseUrl: 1 }, { webGpuInPage: 1 }, { run: null }]) {
      expect(isCommand({ ...examine, ...part })).toBe(false);
    }
    expect(isCommand({ type: 'unpin', id: 1 })).toBe(true);
    expect(isCommand({ type: 'await', update: 3 })).toBe(true);
    const triples = { name: 'mine', text: 'a\tb\tc' };
    expect(isCommand({ type: 'readTriples', id: 1, triples })).toBe(true);
    expect(isCommand({ type: 'readTriples', id: 1, triples, part: 7 })).toBe(true);
    expect(isCommand({ type: 'readTriples', id: 1, triples, part: -7 })).toBe(false);
    for (const world of [triples, null, undefined]) expect(isCommand({ ...start, triples: world })).toBe(true);
    for (const world of ['mine', { name: 'mine' }]) expect(isCommand({ ...start, triples: world })).toBe(false);
    expect(isCommand({ type: 'step', train: 'refiner' })).toBe(true);
    expect(isCommand({ type: 'step', train: 'critic' })).toBe(false);
    expect(isCommand({ type: 'configure', config: defaultConfig })).toBe(true);
    expect(isCommand({ type: 'configure', config: { ...defaultConfig, groupSize: 1 } })).toBe(false);
    for (const rate of [null, 12]) expect(isCommand({ type: 'pace', updatesPerMinute: rate })).toBe(true);
    expect(isCommand({ type: 'pace', updatesPerMinute: 0 })).toBe(false);
    expect(isCommand({ type: 'inspect', id: 1, tokens: Uint16Array.of(1, 2) })).toBe(true);
    expect(isCommand({ type: 'inspect', id: 1, tokens: [1, 2] })).toBe(false);
    expect(isCommand({ type: 'sweep', id: 1, draft, firstReplicate: 0, replicates: 16 })).toBe(true);
    expect(isCommand({ type: 'cut', id: 1, draft, step: 2, replicate: 0 })).toBe(true);
    expect(isCommand({ type: 'breakpoints', breakpoints: NO_BREAKPOINTS })).toBe(true);
    const band = { ...NO_BREAKPOINTS, revisionRate: { low: 0, high: 1 } };
    expect(isCommand({ type: 'breakpoints', breakpoints: band })).toBe(true);
    expect(isCommand({ type: 'breakpoints', breakpoints: { ...band, revisionRate: 0.5 } })).toBe(false);
    expect(isCommand({ ...start, initial: { kind: 'warmStart' } })).toBe(true);
    const vet = { ...start, type: 'vet', id: 1, initial: { kind: 'base', name: 'f', bytes: new ArrayBuffer(8) } };
    expect(isCommand(vet)).toBe(true);
    expect(isCommand({ ...vet, id: -1 })).toBe(false);
    expect(isCommand({ ...start, initial: { kind: 'checkpoint', name: 'f', bytes: new ArrayBuffer(8) } })).toBe(true);
  });

  it('refuses everything else', () => {
    for (const value of [null, undefined, 'play', 3, {}, { type: 'stop' }, { type: 'start' }]) {
      expect(isCommand(value)).toBe(false);
    }
    expect(isCommand({ ...start, runId: '1' })).toBe(false);
    expect(isCommand({ type: 'pin', id: 1, update: 3 })).toBe(false);
    expect(isCommand({ type: 'pin', id: 1, update: 3, group: -1 })).toBe(false);
    expect(isCommand({ ...start, config: { ...defaultConfig, prompts: 1000 } })).toBe(false);
    expect(isCommand({ ...start, initial: { kind: 'checkpoint' } })).toBe(false);
    expect(isCommand({ ...start, initial: { kind: 'guess' } })).toBe(false);
    const sweep = { type: 'sweep', id: 1, draft, firstReplicate: 0, replicates: 16 };
    expect(isCommand({ ...sweep, replicates: MAX_SWEEP_REPLICATES + 1 })).toBe(false);
    expect(isCommand({ ...sweep, firstReplicate: 65530 })).toBe(false);
    expect(isCommand({ ...sweep, draft: { ...draft, tokens: [1, 2] } })).toBe(false);
    expect(isCommand({ ...sweep, draft: { ...draft, steps: 6 } })).toBe(false);
    for (const step of [0, 3, 1.5]) expect(isCommand({ type: 'cut', id: 1, draft, step, replicate: 0 })).toBe(false);
  });
});
