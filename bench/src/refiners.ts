/** What a refiner costs: whole updates of presets in turn on one adapter, as shares of one without it. */
import { configForPreset, type PresetId, type RunConfig } from '../../src/config/schema';
import { microwikiFamily } from '../../src/env/microwiki';
import { openGpu } from '../../src/gpu/device';
import { wgslIncludes } from '../../src/kernels/includes';
import { Learner } from '../../src/rl/learning/learner';
import { decodeBase } from '../../src/trainer/state/checkpoint';
import type { Bench } from './compare';
import type { RefinersResult } from './results';
import { race, type Racer } from './rounds';
import { ratios } from './statistics';

/** The first is what the others are compared with. */
const ARMS: readonly { name: string; preset: PresetId; change?: Partial<RunConfig> }[] = [
  { name: 'search-r2', preset: 'search-r2' },
  { name: 'process-only', preset: 'process-only' },
  { name: 'separate-refiner', preset: 'separate-refiner' },
  { name: 'reading-refiner', preset: 'reading-refiner' },
  { name: '.. reviewThoughts=1', preset: 'reading-refiner', change: { reviewThoughts: 1 } },
  { name: '.. refinerWidth=64', preset: 'reading-refiner', change: { refinerWidth: 64 } },
  { name: '.. both', preset: 'reading-refiner', change: { reviewThoughts: 1, refinerWidth: 64 } },
];
const ENGINE = 'cutpoint refiners';

/** Each run is the first update of the shipped base, so that all have the same drafts, round after round. */
export async function measureRefiners({ host, counter, rounds, leastMs }: Bench): Promise<RefinersResult> {
  counter.turn(ENGINE);
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  const racers: (Racer & { learner: Learner })[] = [];
  for (const { name, preset, change } of ARMS) {
    host.note(`  refiners: ${name}`);
    const config = configForPreset(preset, { size: 'tiny', prompts: 12, ...change });
    const learner = new Learner(gpu, config, microwikiFamily());
    const shipped = `checkpoints/${config.world}-${config.size}.safetensors`;
    const base = decodeBase(learner, await host.readPublic(shipped), shipped);
    await learner.compile();
    const run = async () => {
      learner.startFrom(base);
      await (
        await learner.update()
      ).metrics;
    };
    await run();
    racers.push({ name, run, learner });
  }
  const { laps } = await race(host, racers, rounds, leastMs);
  for (const { learner } of racers) learner.destroy();
  gpu.close();
  const first = laps.get(ARMS[0]?.name ?? '') ?? [];
  return {
    title: 'updates of microwiki, tiny, 12 x 8 rows',
    arms: ARMS.map(({ name }) => {
      const own = laps.get(name) ?? [];
      return { arm: name, laps: own, ratios: ratios(first, own) };
    }),
  };
}
