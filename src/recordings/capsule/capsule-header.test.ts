import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { HAND_WORLD, numbersBatch } from '../../testing/page/hand-batch';
import { headerOf } from './capsule-batches';
import { readBatchHeader, readConfig, readEvaluation, readMark, readWorld } from './capsule-header';
import { CheckedJson } from './checked-json';
import type { Json } from './checked-json';
import { keepRows, storeBatch } from '../stored-batch';

const checked = (value: Json) => new CheckedJson(value, 'it', (what) => new UserError(what));
/** As it comes out of a file. */
function json(value: object): Json {
  const parsed: unknown = JSON.parse(JSON.stringify(value));
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'was read';
};

const stored = storeBatch(
  numbersBatch([{ reward: 0.5 }, { cut: 1, em: 1 }, {}, {}], { groupSize: 2, update: 4 }),
  true,
);
const sample = keepRows(stored, [1, 3]);

describe('the header of a capsule', () => {
  it('gives back settings, world and batches as they were', () => {
    const config = configForPreset('search-r1', { size: 'tiny' });
    expect(readConfig(json(config), 'f')).toEqual(config);
    expect(readWorld(checked(json(HAND_WORLD)))).toEqual(HAND_WORLD);
    for (const one of [stored, sample]) expect(readBatchHeader(checked(json(headerOf(one))))).toEqual(headerOf(one));
  });

  it('says which settings it cannot use', () => {
    const told = refusal(() => readConfig({ ...configForPreset('search-r2'), groupSize: 1e9 }, 'f'));
    expect(told).toMatch(/^f is no usable recording: its settings are none of this version: .*groupSize.*[^.]\.$/);
  });

  it('reads evaluations and marks, with a note where there is one', () => {
    expect(readEvaluation(checked({ update: 3, metrics: { emGreedy: 0.5, emClosedBook: null } }))).toEqual({
      update: 3,
      metrics: { emGreedy: 0.5, emClosedBook: null },
    });
    for (const kind of ['start', 'warmStart', 'evaluation', 'checkpoint', 'reset', 'breakpoint', 'settings']) {
      expect(readMark(checked({ kind, update: 2 }))).toEqual({ kind, update: 2 });
    }
    expect(readMark(checked({ kind: 'settings', update: 0, note: 'KL' }))).toEqual({
      kind: 'settings',
      update: 0,
      note: 'KL',
    });
    expect(refusal(() => readMark(checked({ kind: 'party', update: 2 })))).toContain('"it.kind" is not one of start');
    expect(refusal(() => readMark(checked({ kind: 'start', update: 2, note: 7 })))).toContain('"it.note" is not text');
  });

  const wholeHeader = json(headerOf(stored));
  it.each<[key: string, value: number, told: string]>([
    ['prompts', 4097, 'from 0 to 4096'],
    // 2 questions of 32,767 rows are 65,534; of more, more than 65,535.
    ['groupSize', 32_768, 'from 0 to 32767'],
    ['positions', 4097, 'from 0 to 4096'],
    ['rows', 65_536, 'from 0 to 65535'],
  ])('refuses batches of a size that no run has: %s %i', (key, value, told) => {
    expect(refusal(() => readBatchHeader(checked({ ...wholeHeader, [key]: value })))).toContain(
      `"it.${key}" is not a whole number ${told}`,
    );
    expect(readBatchHeader(checked({ ...wholeHeader, [key]: value - 1 }))).toMatchObject({ [key]: value - 1 });
  });

  it('takes a batch of no questions', () => {
    expect(readBatchHeader(checked({ ...wholeHeader, prompts: 0, groupSize: 65_535 })).prompts).toBe(0);
    expect(refusal(() => readBatchHeader(checked({ ...wholeHeader, prompts: 0, groupSize: 65_536 })))).toMatch(/65535/);
  });
});
