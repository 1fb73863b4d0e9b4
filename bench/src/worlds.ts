/** How the cost of a world grows with its facts: opening it, its warm start, and what its rollouts spend on retrieval. */
import { configForPreset } from '../../src/config/schema';
import { MAX_ENTITIES, MAX_FACTS } from '../../src/config/triple-limits';
import { worldFamilyFromTriples } from '../../src/env/triples';
import { openGpu } from '../../src/gpu/device';
import { Profiler } from '../../src/gpu/profiler';
import { wgslIncludes } from '../../src/kernels/includes';
import { PhiloxStream, PURPOSES } from '../../src/lib/philox';
import { Learner } from '../../src/rl/learning/learner';
import { WorldIndex } from '../../src/rl/rollout/world-index';
import { askedRetrieval } from './asked-retrieval';
import type { Bench } from './compare';
import type { WorldRow } from './results';
import { timed } from './rounds';
import { spread, type Lap } from './statistics';

const ENGINE = 'cutpoint worlds';
/** As many facts a name everywhere, so that only the number of facts varies. */
const FACTS_PER_NAME = MAX_FACTS / MAX_ENTITIES;
const RELATIONS = 2 * FACTS_PER_NAME;
/** Batches that are not timed: pipelines compile, and worlds are drawn that a run draws once. */
const WARM = 8;

export interface WorldSweep {
  facts: readonly number[];
  /** Of the warm start: enough that the base has learnt to search. */
  batches: number;
}

export const WORLD_SWEEP: WorldSweep = { facts: [500, 2000, 5000, MAX_FACTS], batches: 400 };
export const QUICK_WORLD_SWEEP: WorldSweep = { facts: [500], batches: 12 };

/** Every name has half of all relations, each to another name. */
function drawTriples(facts: number): string {
  const names = facts / FACTS_PER_NAME;
  const stream = new PhiloxStream(1, PURPOSES.world, facts);
  const pairs = stream.shuffle(Array.from({ length: names * RELATIONS }, (_, pair) => pair)).slice(0, facts);
  const line = (pair: number) => {
    const subject = Math.floor(pair / RELATIONS);
    const object = (subject + 1 + stream.int(names - 1)) % names;
    return `n${subject}\tr${pair % RELATIONS}\tn${object}`;
  };
  return pairs.map(line).join('\n');
}

/** Rows of the search-r2 preset at size tiny, 8 x 8 rows, each with a base of its own that was warm-started here. */
export async function measureWorlds(bench: Bench, { facts, batches }: WorldSweep): Promise<WorldRow[]> {
  const rows: WorldRow[] = [];
  for (const count of facts) {
    bench.host.note(`  worlds: ${count} facts`);
    rows.push(await measure(bench, count, batches));
  }
  return rows;
}

async function measure({ host, counter, rounds }: Bench, facts: number, batches: number): Promise<WorldRow> {
  counter.turn(ENGINE);
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  const cost = ({ ms, cpuMs }: Lap) => (gpu.adapter.software ? (cpuMs ?? ms) : ms);
  const text = drawTriples(facts);
  const config = configForPreset('search-r2', { size: 'tiny', prompts: 8, groupSize: 8, warmStartBatches: batches });

  const runs: Learner[] = [];
  const opening = await timed(host, async () => {
    runs.push(new Learner(gpu, config, worldFamilyFromTriples(text, 'worlds')));
    await gpu.device.queue.onSubmittedWorkDone();
  });
  const [run] = runs;
  if (run === undefined) throw new Error('there is no run');
  const { family, owner, pool, recorder } = run;

  const scope = owner.scope();
  const index = new WorldIndex(gpu.device, scope, pool.member(0), config.poolSize + config.evalWorlds + 1);
  const indexBytes = scope.liveBytes;
  const drawn: Lap[] = [];
  const put: Lap[] = [];
  for (let i = 0; i < rounds; i++) {
    let world = pool.member(0);
    drawn.push(
      await timed(host, async () => {
        world = family.draw(1000 + i, config.noise);
        await Promise.resolve();
      }),
    );
    put.push(
      await timed(host, async () => {
        index.put(1, world);
        await gpu.device.queue.onSubmittedWorkDone();
      }),
    );
  }
  scope.destroyAll();

  await run.compile();
  const warmStart = run.warmStart();
  const batchLap = async (from: number, to: number) => {
    for (let batch = from; batch < to; batch++) await warmStart.step(batch);
    await recorder.finish();
  };
  await batchLap(0, WARM);
  const warming = await timed(host, () => batchLap(WARM, batches));
  run.startFrom(await run.parameters());

  const roll = (round: number) => run.rollout.run(run.optimizer.params, run.questions(0), run.rolloutOptions(round));
  await roll(0);
  const rolled: Lap[] = [];
  const retrieved: number[] = [];
  let [searches, em] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    rolled.push(
      await timed(host, async () => {
        const { draft } = await roll(round);
        searches += draft.searches.reduce((a, b) => a + b, 0) / rounds;
        em += draft.em.reduce((a, b) => a + b, 0) / draft.em.length / rounds;
      }),
    );
    if (!gpu.timestamps) continue;
    const profiler = new Profiler(gpu);
    recorder.profile = profiler;
    await roll(round);
    await profiler.collect(recorder);
    recorder.profile = null;
    retrieved.push(profiler.rows.get('bm25_top_k')?.ms ?? 0);
    profiler.destroy();
  }
  const asked = gpu.timestamps ? await askedRetrieval(run, rounds) : [];
  const { passages } = pool.member(0);
  run.destroy();
  gpu.close();
  return {
    facts,
    names: facts / FACTS_PER_NAME,
    passages: passages.length,
    indexBytes,
    openMs: cost(opening),
    worldMs: spread(drawn.map(cost)),
    putMs: spread(put.map(cost)),
    batchMs: cost(warming) / (batches - WARM),
    searches,
    em,
    rolloutMs: spread(rolled.map(cost)),
    retrievalMs: retrieved.length === 0 ? null : spread(retrieved),
    askedMs: asked.length === 0 ? null : spread(asked),
  };
}
