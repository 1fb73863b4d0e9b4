/** npm run soak: many updates in one process, and whether anything grows with them. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { configForPreset } from '../config/schema';
import { readTokens } from '../config/flags';
import { microwikiFamily } from '../env/microwiki';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { growthOf } from '../lib/growth';
import { median } from '../lib/stats';
import { openNodeGpu } from '../node/node-gpu';
import { Learner } from '../rl/learning/learner';
import { runMain } from './main';

const HELP = `Usage: npm run soak [-- --updates N]
       npm run soak -- --page [--minutes N]

Trains a small run for many updates in one process and measures after every tenth, memory once it was tidied up: what the GPU
holds, the heap of JavaScript, all of the process, and the time an update. Prints the slope of each over the updates with its
95 % interval, the first tenth of the run left out. Exit 1 where what the GPU holds or the heap grows.

With --page the built page trains in Chromium instead and is read every quarter of a minute: what the GPU holds, the heaps of page
and worker, nodes, listeners, storage, the size of a capsule. Exit 1 where one grows that should not, or where anything is thrown.

  --updates N        how many updates (2000)
  --page             in the page
  --minutes N        how long (30)
  --help             prints this
`;
const DEFAULT_UPDATES = 2000;
const MIN_UPDATES = 100;
/** Updates between two measurements. */
const EVERY = 10;
/** Growth of the heap beyond which a run of ten thousand updates would hold 40 MB more. */
const FINE_BYTES_AN_UPDATE = 4096;

await runMain(async () => {
  const unknown = (name: string) => new UserError(`There is no flag ${name}.`, 'See --help.');
  const given = readTokens(process.argv.slice(2), { values: ['updates'], switches: ['help'], unknown });
  if (given.has('help')) {
    console.log(HELP);
    return 0;
  }
  const updates = Number(given.last('updates') ?? DEFAULT_UPDATES);
  if (!Number.isSafeInteger(updates) || updates < MIN_UPDATES) {
    throw new UserError(`--updates takes a whole number from ${MIN_UPDATES} on.`);
  }
  return soak(updates);
});

interface Reading {
  update: number;
  gpuBytes: number;
  heapBytes: number;
  rssBytes: number;
  /** The median of those since the last reading. */
  updateMs: number;
}

async function soak(updates: number): Promise<number> {
  const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  const config = configForPreset('search-r2', { size: 'tiny', prompts: 4, groupSize: 4 });
  const learner = new Learner(gpu, config, microwikiFamily());
  console.log(`${gpu.adapter.description}; ${config.preset}, ${config.size}, 4 x 4 rows, ${updates} updates`);
  setFlagsFromString('--expose-gc');
  const tidy: unknown = runInNewContext('gc');
  const readings: Reading[] = [];
  let times: number[] = [];
  for (let update = 1; update <= updates; update += 1) {
    const start = performance.now();
    await (
      await learner.update()
    ).metrics;
    times.push(performance.now() - start);
    if (update % EVERY !== 0) continue;
    if (typeof tidy === 'function') Reflect.apply(tidy, undefined, []);
    const { heapUsed, rss } = process.memoryUsage();
    readings.push({
      ...{ update, gpuBytes: gpu.buffers.liveBytes, heapBytes: heapUsed, rssBytes: rss },
      updateMs: median(times),
    });
    times = [];
  }
  learner.destroy();
  gpu.close();
  return report(readings.slice(Math.floor(readings.length / 10)));
}

function report(readings: readonly Reading[]): number {
  const of = (name: string, unit: 'B' | 'ms', key: keyof Reading, most: number | null) => {
    return { name, unit, values: readings.map((reading) => reading[key]), most };
  };
  const { lines, growing } = growthOf(
    readings.map(({ update }) => update),
    [
      of('GPU bytes', 'B', 'gpuBytes', 0),
      of('JavaScript heap', 'B', 'heapBytes', FINE_BYTES_AN_UPDATE),
      of('process (resident)', 'B', 'rssBytes', null),
      of('time of an update', 'ms', 'updateMs', null),
    ],
  );
  for (const line of lines) console.log(line);
  for (const name of growing) console.log(`${name} grows.`);
  return growing.length === 0 ? 0 : 1;
}
