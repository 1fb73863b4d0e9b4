import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../rollouts/read-file';
import { makeFakeBatch } from '../testing/fake-batch';
import { makeFakeWorld } from '../testing/fake-world';
import { BatchArchive } from './archive';
import { decodeTrajectory } from './decode';
import { shelve } from './rollout-views';
import { saveParquet, saveTrajectories, saveZippedTrajectories } from './save-trajectories';
import { createStudio } from './studio-store';

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

describe('saved trajectories', () => {
  it('come back as they were, plain and packed', async () => {
    for (const save of [saveTrajectories, saveZippedTrajectories]) {
      const { name, blob } = await save(studioWith([batch]));
      const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
      expect(file.skips).toEqual([]);
      const { shelf } = shelve(file);
      expect(shelf.shown.rows).toHaveLength(48);
      for (const place of shelf.shown.rows) {
        const view = shelf.views.at(place);
        const line = rolloutAt(file, place);
        const row = field(
          JSON.parse(
            new TextDecoder().decode(
              file.bytes.subarray(
                file.table.offsets[place],
                (file.table.offsets[place] ?? 0) + (file.table.lengths[place] ?? 0),
              ),
            ),
          ),
          'row',
        );
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
    const { blob } = await saveTrajectories(studioWith([batch]));
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
    const { name, blob } = await saveParquet(studioWith([batch]));
    expect(name).toMatch(/\.parquet$/);
    const rows = await parquetReadObjects({ file: await blob.arrayBuffer() });
    expect(rows).toHaveLength(48);
    expect(rows[7]).toMatchObject({ update: 5, row: 7, cut: batch.cuts[7], em_final: batch.final.em[7] });
    expect(rows[7]?.['reward_final']).toBeCloseTo(batch.final.rewards[7] ?? NaN);
  });

  it('are refused where there are none', async () => {
    await expect(saveTrajectories(studioWith([]))).rejects.toThrow('no trajectory');
  });
});
