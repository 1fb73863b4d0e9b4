/** What a refiner costs: whole updates of presets in turn on one adapter, as shares of one without it. */
import { configForPreset, type PresetId } from '../../src/config/schema';
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
const PRESETS: readonly PresetId[] = ['search-r2', 'process-only', 'separate-refiner', 'reading-refiner'];
const ENGINE = 'cutpoint refiners';

/** Each run is the first update of the shipped base, so that all have the same drafts, round after round. */
export async function measureRefiners({ host, counter, rounds, leastMs }: Bench): Promise<RefinersResult> {
  counter.turn(ENGINE);
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  const racers: (Racer & { learner: Learner })[] = [];
  for (const preset of PRESETS) {
    host.note(`  refiners: ${preset}`);
    const config = configForPreset(preset, { size: 'tiny', prompts: 12 });
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
    racers.push({ name: preset, run, learner });
  }
  const { laps } = await race(host, racers, rounds, leastMs);
  for (const { learner } of racers) learner.destroy();
  gpu.close();
  const first = laps.get(PRESETS[0] ?? '') ?? [];
  return {
    title: 'updates of microwiki, tiny, 12 x 8 rows',
    arms: PRESETS.map((preset) => {
      const own = laps.get(preset) ?? [];
      return { preset, laps: own, ratios: ratios(first, own) };
    }),
  };
}
