/** A made-up recording with all that a capsule can hold, for tests. */
import { configForPreset } from '../../config/schema';
import type { Recording } from '../../recordings/recording';
import { sampleBatch, storeBatch } from '../../recordings/stored-batch';
import { makeFakeBatch } from './fake-batch';
import { fakeMetrics } from './fake-trainer';
import { makeFakeWorld } from './fake-world';

/** @param updates the newest two are kept whole, the earlier ones as a sample; a checkpoint is of the last */
export function makeFakeRecording(updates: number, first = 1): Recording {
  const world = makeFakeWorld();
  const config = configForPreset('search-r2', { size: 'tiny', prompts: 3, groupSize: 4 });
  const all = Array.from({ length: updates }, (_, i) => first + i);
  const last = first + updates - 1;
  return {
    config,
    world: world.description,
    ownWorld: null,
    adapter: 'llvmpipe',
    update: last,
    metrics: all.map((update) => ({ update, updateMs: 100.5 + update, metrics: fakeMetrics(update, true) })),
    evaluations: [{ update: last, metrics: { emGreedy: 0.5, emClosedBook: null } }],
    marks: [
      { kind: 'start', update: 0 },
      { kind: 'breakpoint', update: last, note: 'entropy below 0.2' },
    ],
    batches: all.map((update) => {
      const stored = storeBatch(makeFakeBatch(world, update, 3, 4, 0.5, true), true);
      return update > last - 2 ? stored : sampleBatch(stored);
    }),
    checkpoints: [
      { update: last, weightsHash: '0123456789abcdef', bytes: Uint8Array.from({ length: 64 }, (_, i) => i) },
    ],
  };
}
