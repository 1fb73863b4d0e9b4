/**
 * Every format that has a version refuses a newer one: it says which that is, which is read here, and what to do.
 * Run folders: src/cli/files/run-folder.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { decodeConfig } from '../../config/url-codec';
import { atlasFamily } from '../../env/atlas';
import { fromFolder, MODEL_FILE } from '../../formats/checkpoint-folder';
import { readHeader, readRunHeader } from '../../formats/checkpoint-header';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors';
import { UserError } from '../../lib/assert';
import { readRecord } from '../../report/record';
import { readLine } from '../../rollouts/reading/read-line';
import { SkippedRow } from '../../rollouts/reading/record';
import { decodeCapsule } from '../../recordings/capsule/capsule';
import { readSweeps } from '../../recordings/stored-sweeps';
import { CaseShelf } from '../../store/lab/case-shelf';
import { liveCases } from '../../store/lab/live/live-cases';
import { ownCases } from '../../store/lab/own-cases';
import { decodeLink } from '../../store/view/link';
import { storageError } from '../../store/files/saved/saved-runs';
import { createStudio } from '../../store/studio-store';
import { createTrainerClient } from '../../trainer/client';
import { FakeTrainer } from './fake-trainer';

const weights = (format: string, key = 'format') =>
  encodeSafetensors([{ name: 'model.embed_tokens.weight', shape: [1, 32], data: new Float32Array(32) }], {
    ...(key === 'format' ? {} : { format: 'pt' }),
    [key]: format,
  });

function shelf(stored: string) {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  let text = stored;
  const one = new CaseShelf(ownCases(studio), { load: () => text, save: (next) => (text = next) });
  return { one, text: () => text };
}

function liveShelf(stored: string) {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  return new CaseShelf(liveCases(studio), { load: () => stored, save: () => undefined });
}

/** Read as what it is called: each throws its refusal, or returns it where a reader never throws. */
const READERS: [what: string, newer: string, known: string, read: () => unknown][] = [
  ['a link', 'v9', 'v1', () => decodeLink('#v9&preset=search-r1').notes.join(' ')],
  ['the settings of a link', 'v9', 'v1', () => decodeConfig('#v9').notes.join(' ')],
  [
    'a capsule',
    'cutpoint-capsule/9',
    'cutpoint-capsule/3',
    () => decodeCapsule(new TextEncoder().encode('cutpoint-capsule/9\n'), 'f'),
  ],
  ['weights', 'cutpoint-base/9', 'cutpoint-base/1', () => readFile(weights('cutpoint-base/9'))],
  [
    'weights for transformers',
    'cutpoint-base/9',
    'cutpoint-base/1',
    () => readFile(weights('cutpoint-base/9', 'cutpoint')),
  ],
  [
    'a checkpoint',
    'cutpoint-checkpoint/9',
    'cutpoint-checkpoint/1',
    () => readRunHeader(weights('cutpoint-checkpoint/9'), 'f'),
  ],
  [
    'the second file of a checkpoint',
    'cutpoint-training-state/9',
    'cutpoint-training-state/1',
    () =>
      fromFolder(
        new Map([
          [MODEL_FILE, weights('cutpoint-base/1', 'cutpoint')],
          ['training_state.safetensors', weights('cutpoint-training-state/9')],
        ]),
        'f',
      ),
  ],
  [
    'a trajectory',
    'cutpoint-trajectory/9',
    'cutpoint-trajectory/3',
    () => readLine('{"format":"cutpoint-trajectory/9","question":7}'),
  ],
  ['a world', 'cutpoint-atlas/9', 'cutpoint-atlas/1', () => atlasFamily({ format: 'cutpoint-atlas/9' })],
  [
    'stored sweeps',
    'cutpoint-sweeps/9',
    'cutpoint-sweeps/1',
    () => readSweeps({ format: 'cutpoint-sweeps/9', drafts: 7 }, 'f'),
  ],
  ['a summary of runs', 'cutpoint-run/9', 'cutpoint-run/1', () => readRecord({ format: 'cutpoint-run/9' }, 'f')],
  [
    'kept test cases',
    'cutpoint-case/9',
    'cutpoint-case/1',
    () => shelf('{"format":"cutpoint-case/9","cases":[]}').one.store.getState().problem,
  ],
  [
    'kept test cases of a model server',
    'cutpoint-live-case/9',
    'cutpoint-live-case/1',
    () => liveShelf('{"format":"cutpoint-live-case/9","cases":[]}').store.getState().problem,
  ],
  [
    'runs saved in the browser',
    'version 9',
    'version 1',
    () => {
      throw storageError(
        new DOMException('The requested version (1) is less than the existing version (9).', 'VersionError'),
      );
    },
  ],
];

function readFile(bytes: Uint8Array<ArrayBuffer>): unknown {
  return readHeader(decodeSafetensors(bytes, 'f'), 'f');
}

/** What a person is told. */
async function answer(read: () => unknown): Promise<string> {
  try {
    return String(await read());
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`;
    if (error instanceof SkippedRow) return error.message;
    throw error;
  }
}

describe('a newer version of', () => {
  it.each(READERS)('%s is refused politely', async (_, newer, known, read) => {
    const told = await answer(read);
    expect(told).toContain(newer);
    expect(told).toContain(known);
    expect(told).toMatch(/newer version of Cutpoint: reload the page, or update the program/);
  });

  it('kept test cases is not written over', () => {
    const newer = '{"format":"cutpoint-case/9","cases":[]}';
    const { one, text } = shelf(newer);
    one.rename(1, 'x');
    expect(text()).toBe(newer);
    expect(one.store.getState().problem).toContain('lasts as long as the page');
    const old = shelf('[]');
    old.one.rename(1, 'x');
    expect(old.text()).toBe('{"format":"cutpoint-case/1","cases":[]}');
  });
});
