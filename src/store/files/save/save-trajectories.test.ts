import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { lineAt, readRolloutFiles, rolloutAt } from '../../../rollouts/file/read-file';
import { makeFakeBatch } from '../../../testing/page/fake-batch';
import { ANSWER_STEP, handBatch } from '../../../testing/page/hand-batch';
import { makeFakeWorld } from '../../../testing/page/fake-world';
import { expectSchema } from '../../../testing/schemas/expect-schema';
import { jsonLines } from '../../../testing/schemas/read-headers';
import { BatchArchive } from '../../../recordings/capsule/archive';
import { decodeTrajectory } from '../../../recordings/decode-trajectory';
import { shelve } from '../../view/rollout-views';
import { saveParquet, saveTrajectories, saveZippedTrajectories } from './save-trajectories';
import { keepRows, storeBatch } from '../../../recordings/stored-batch';
import type { PiecedFile } from '../../state/file-types';
import type { LabBranch } from '../../state/lab-state';
import { createStudio } from '../../studio-store';

const fake = makeFakeWorld();
const batch = makeFakeBatch(fake, 5, 6, 8, 0.6, true);

function studioWith(batches: readonly (typeof batch)[]) {
  const client = { send: () => undefined, subscribe: () => () => true, dispose: () => undefined };
  const studio = createStudio({ client, baseUrl: '' });
  studio.store.setState({ world: fake.description });
  studio.batches = new BatchArchive();
  for (const one of batches) studio.batches.add(one, true);
  return studio;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(key) : null;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

async function whole(saving: Promise<PiecedFile>): Promise<{ name: string; blob: Blob }> {
  const { name, pieces, about } = await saving;
  const parts = [];
  for await (const piece of pieces) parts.push(piece);
  const blob = new Blob(parts);
  // A guess that decides where the file is written.
  expect(about / blob.size).toBeGreaterThan(0.3);
  expect(about / blob.size).toBeLessThan(3);
  return { name, blob };
}

describe('saved trajectories', () => {
  it('hold what the review wrote down before it judged', async () => {
    const { entityBase, tokenStrings } = fake.description;
    const unknown = tokenStrings.indexOf('?');
    const reviewThoughts = Uint16Array.from({ length: 4 * 48 }, (_, i) => [entityBase, unknown, 0, 0][i % 4] ?? 0);
    const { blob } = await whole(saveTrajectories(studioWith([{ ...batch, reviewThoughts }])));
    const lines = jsonLines(await blob.text());
    expectSchema('trajectory', lines);
    expect(field(field(lines[0], 'review'), 'thoughts')).toEqual([tokenStrings[entityBase], '?']);
  });

  it('come back as they were, plain and packed', async () => {
    for (const save of [saveTrajectories, saveZippedTrajectories]) {
      const { name, blob } = await whole(save(studioWith([batch])));
      const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
      expect(file.skips).toEqual([]);
      const { shelf } = shelve(file);
      expect(shelf.shown.rows).toHaveLength(48);
      for (const place of shelf.shown.rows) {
        const view = shelf.views.at(place);
        const line = rolloutAt(file, place);
        const row = field(JSON.parse(lineAt(file, place)), 'row');
        const before = decodeTrajectory(batch, fake.description, Number(row), true);
        expect(line.step).toBe(5);
        expect(view).toMatchObject({ cut: before.cut, verdict: before.verdict, advantage: before.advantage });
        for (const side of ['draft', 'final'] as const) {
          expect(view[side]).toMatchObject({
            em: before[side].em,
            reward: before[side].reward,
            coverage: before[side].coverage,
            endReason: before[side].endReason,
            answer: before[side].answer,
          });
          expect(view[side].steps.map(({ kind, useful, share }) => [kind, useful, share])).toEqual(
            before[side].steps.map(({ kind, useful, share }) => [kind, useful, share]),
          );
          const tokens = shelf.views.tokensOf(view, side);
          expect(tokens.some(({ written }) => written)).toBe(true);
        }
        view.review?.forEach((chance, k) => expect(chance).toBeCloseTo(before.review?.[k] ?? NaN, 5));
      }
    }
  });

  it('are a chat whose tool answers the searches', async () => {
    const { blob } = await whole(saveTrajectories(studioWith([batch])));
    const [line = ''] = (await blob.text()).split('\n');
    const written: unknown = JSON.parse(line);
    const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
    expect(written).toMatchObject({ format: 'cutpoint-trajectory/2' });
    const messages = list(field(written, 'messages'));
    expect(messages[0]).toMatchObject({ role: 'user' });
    expect(messages.slice(1, 3)).toMatchObject([
      { role: 'assistant', content: matching(/^<think>.*<search>/) },
      { role: 'tool', content: matching(/^Doc 1: /) },
    ]);
    const draft = field(written, 'draft');
    const [tokens, mask] = [list(field(draft, 'tokens')), list(field(draft, 'mask'))];
    expect(mask).toHaveLength(tokens.length);
    expect(mask[tokens.indexOf('<information>')]).toBe(0);
    expect(mask[tokens.indexOf('<think>')]).toBe(1);
  });

  it('are a Parquet table', async () => {
    const { name, blob } = await whole(saveParquet(studioWith([batch])));
    expect(name).toMatch(/\.parquet$/);
    const rows = await parquetReadObjects({ file: await blob.arrayBuffer() });
    expect(rows).toHaveLength(48);
    expectSchema('trajectory-table', rows);
    expect(rows[7]).toMatchObject({ update: 5, row: 7, cut: batch.cuts[7], em_final: batch.final.em[7] });
    expect(rows[7]?.['reward_final']).toBeCloseTo(batch.final.rewards[7] ?? NaN);
  });

  it('carry what a person cut, also where its update is kept no more', async () => {
    for (const kept of [batch, makeFakeBatch(fake, 9, 6, 8, 0.6, true)]) {
      const studio = studioWith([kept]);
      const { lab } = studio.store.getState();
      const root = keepRows(storeBatch(batch, true), [7]);
      const view = decodeTrajectory(root.batch, fake.description, 0, true);
      const branch = (id: number, parent: number | null, step: number): LabBranch => ({
        ...{ id, parent, step, replicate: 3, forced: null, update: 6, wanted: null },
        ...{ side: root.batch.final, view: { ...view, final: view.final } },
      });
      const forced = { ...branch(2, 1, 1), forced: { position: 4, tokens: [9] } };
      studio.store.setState({ lab: { ...lab, root, branches: [branch(1, null, 1), forced] } });
      const { blob } = await whole(saveTrajectories(studio));
      const lines = (await blob.text()).trimEnd().split('\n');
      expectSchema('trajectory', jsonLines(await blob.text()));
      const versions = lines.map((line) => field(JSON.parse(line), 'format'));
      expect(versions.filter((format) => format === 'cutpoint-trajectory/3')).toHaveLength(1);
      expect(versions.filter((format) => format === 'cutpoint-trajectory/2')).toHaveLength(kept === batch ? 47 : 48);
      const written: unknown = JSON.parse(lines.find((line) => line.includes('cutpoint-trajectory/3')) ?? '');
      expect(written).toMatchObject({
        update: 5,
        row: 7,
        branches: [{ branch: 1, parent: 0, cut: 1, weights: 6 }, { parent: 1 }],
      });
      expect(list(field(written, 'branches'))[1]).toMatchObject({
        forced: { position: 4, tokens: [fake.description.tokenStrings[9]] },
        revision: 2,
        side: { em: view.final.em, end: 'finished' },
      });
      const file = await readRolloutFiles([{ name: 'f', size: blob.size, stream: () => blob.stream() }]);
      const { shelf } = shelve(file);
      const shown = shelf.shown.rows.map((row) => shelf.views.at(row)).filter((one) => one.handBranches?.length);
      expect(shown).toHaveLength(1);
      expect(shown[0]?.handBranches?.[1]).toMatchObject({ branch: 2, parent: 1, side: { answer: view.final.answer } });
      const rows = await parquetReadObjects({ file: await (await whole(saveParquet(studio))).blob.arrayBuffer() });
      expect(rows.filter(({ branches }) => branches === 2)).toHaveLength(1);
    }
  });

  it('are refused where there are none', async () => {
    await expect(saveParquet(studioWith([]))).rejects.toThrow('no trajectory');
    await expect(saveTrajectories(studioWith([]))).rejects.toThrow('no trajectory');
  });

  it('of rows by hand are what the engine said of them', async () => {
    const hand = handBatch(
      [
        {
          draft: {
            steps: [
              '<search> Norland </search> <information> Almanac Norland capital Aldermoor </information>',
              ANSWER_STEP,
            ],
            ...{ em: 1, reward: 1.5, coverage: 0.5, useful: [1], shares: [0.25], passages: [9], classes: [1] },
          },
          review: [0.5, 0.5],
          advantage: 0.25,
        },
        {
          draft: { steps: [ANSWER_STEP], reward: 0.5, reason: 3 },
          final: { steps: ['<answer> Norland </answer>'], em: 1, reward: 1 },
          cut: 1,
          reviewAdvantage: -0.5,
        },
      ],
      { update: 4, groupSize: 1 },
    );
    const studio = studioWith([hand]);
    studio.store.setState({ update: 12 });
    const { name, blob } = await whole(saveTrajectories(studio));
    expect(name).toBe('trajectories-search-r2-microwiki-12.jsonl');
    const [first, second, ...more] = (await blob.text()).split('\n').map((line): unknown => line && JSON.parse(line));
    expect(more).toEqual(['']);
    expect(first).toMatchObject({
      ...{ update: 4, row: 0, world: 'microwiki', question: 'question 0', answer: 'person:Ada Moreau', final: null },
      ...{ advantage: 0.25, reviewAdvantage: 0, review: { cut: 0 } },
      draft: {
        ...{ em: 1, reward: 1.5, coverage: 0.5, end: 'finished', stepStarts: [3, 12] },
        searches: [
          {
            ...{ useful: 1, share: 0.25 },
            passages: [{ id: 9, text: 'The capital of Norland is Aldermoor.', source: 'Almanac', class: 'repeated' }],
          },
        ],
      },
    });
    const draft = field(first, 'draft');
    expect(list(field(draft, 'tokens'))).toHaveLength(19);
    expect(list(field(draft, 'logProbs')).slice(0, 2)).toEqual([-1 / 64, -2 / 64]);
    expect(list(field(draft, 'entropies'))[18]).toBe(19 / 32);
    expect(list(field(field(first, 'review'), 'logProbs')).slice(2)).toEqual([null, null, null, null]);
    expect(second).toMatchObject({
      ...{ row: 1, question: 'question 1', answer: 'person:Bruno Falk', reviewAdvantage: -0.5, review: { cut: 1 } },
      ...{ draft: { end: 'thought too long', searches: [] }, final: { em: 1, reward: 1, stepStarts: [3] } },
    });
  });

  it('have no branches of a pinned question, nor of a draft that nobody cut', async () => {
    for (const lab of [{ pin: { update: 5, group: 0 } }, { branches: [] }, { root: null }]) {
      const studio = studioWith([batch]);
      const root = keepRows(storeBatch(batch, true), [7]);
      const view = decodeTrajectory(root.batch, fake.description, 0, true);
      const made = { id: 1, parent: null, step: 1, replicate: 0, forced: null, update: 6, wanted: null };
      const branches = [{ ...made, side: root.batch.final, view }];
      const now = studio.store.getState().lab;
      studio.store.setState({ lab: { ...now, root, branches, ...lab } });
      const text = await (await whole(saveTrajectories(studio))).blob.text();
      expect(text.trimEnd().split('\n')).toHaveLength(48);
      expect(text).not.toContain('cutpoint-trajectory/3');
    }
  });

  it('come in pieces of a megabyte, and the page goes on in between', async () => {
    const many = Array.from({ length: 24 }, (_, k) => makeFakeBatch(fake, 5 + k, 6, 8, 0.6, true));
    const { pieces, about } = await saveTrajectories(studioWith(many));
    const sizes: number[] = [];
    for await (const piece of pieces) sizes.push(piece.length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.slice(0, -1).every((size) => size >= 2 ** 20 && size < 1.2 * 2 ** 20)).toBe(true);
    expect(about / total).toBeGreaterThan(0.3);
  });

  it('are refused without a world to explain them', async () => {
    const studio = studioWith([batch]);
    studio.store.setState({ world: null });
    await expect(saveTrajectories(studio)).rejects.toThrow(/no trajectory to save yet/);
  });
});
