import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import { toldRows } from '../../../rollouts/told-rows';
import { makeFakeBatch } from '../../../testing/page/fake-batch';
import { makeFakeWorld } from '../../../testing/page/fake-world';
import { BatchArchive } from '../../../recordings/capsule/archive';
import type { PiecedFile } from '../../state/file-types';
import { createStudio } from '../../studio-store';
import { saveAtif, saveInspect } from './save-interop';
import { saveTrajectories } from './save-trajectories';

const fake = makeFakeWorld();

function studioWith(rows: number) {
  const client = { send: () => undefined, subscribe: () => () => true, dispose: () => undefined };
  const studio = createStudio({ client, baseUrl: '' });
  studio.store.setState({ world: fake.description });
  studio.batches = new BatchArchive();
  studio.batches.add(makeFakeBatch(fake, 5, rows, 1, 0.6, true), true);
  return studio;
}

async function rowsOf(saving: Promise<PiecedFile>) {
  const { name, pieces, about } = await saving;
  const parts = [];
  for await (const piece of pieces) parts.push(piece);
  const blob = new Blob(parts);
  // A guess that decides where the file is written.
  expect(about / blob.size).toBeGreaterThan(0.3);
  expect(about / blob.size).toBeLessThan(3);
  const file = await readRolloutFiles([{ name, size: blob.size, stream: () => blob.stream() }]);
  expect([file.skips, file.cutOff]).toEqual([[], null]);
  return { name, rows: [...toldRows(file)].map((row) => ({ ...row, file: '', line: 0 })) };
}

describe('a run for other programs', () => {
  it('comes back from ATIF and from a log of Inspect as from its own lines', async () => {
    const { rows } = await rowsOf(saveTrajectories(studioWith(6)));
    expect(rows.some(({ draft }) => draft !== null)).toBe(true);
    const atif = await rowsOf(saveAtif(studioWith(6)));
    expect(atif.name).toMatch(/\.atif\.jsonl$/);
    expect(atif.rows).toEqual(rows);
    const inspect = await rowsOf(saveInspect(studioWith(6)));
    expect(inspect.name).toMatch(/\.eval$/);
    expect(inspect.rows).toEqual(rows);
  });

  it('is one object of ATIF where it is one trajectory', async () => {
    const { name, rows } = await rowsOf(saveAtif(studioWith(1)));
    expect(name).toMatch(/\.atif\.json$/);
    expect(rows).toHaveLength(1);
  });
});
