/**
 * One build of the engine, which runs what lines tell it and answers each by a line of JSON: `open SIZE PROMPTS GROUPSIZE
 * [ROWS]`, `run WORK ROUND`, `count WORK`. scripts/lib/compare-builds.mjs puts this file beside the source of another commit and lets both run
 * in turn, so it keeps to what the engine has had for long.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { configForPreset } from '../../../src/config/schema';
import { MAX_STEPS } from '../../../src/env/episode-limits';
import { microwikiFamily } from '../../../src/env/microwiki';
import { openGpu } from '../../../src/gpu/device';
import { wgslIncludes } from '../../../src/kernels/includes';
import { openNodeGpu } from '../../../src/node/node-gpu';
import { Learner } from '../../../src/rl/learning/learner';
import { Rollout } from '../../../src/rl/rollout/rollout';
import { sweepCuts } from '../../../src/rl/rollout/sweep';
import { WorldIndex } from '../../../src/rl/rollout/world-index';
import { decodeBase } from '../../../src/trainer/state/checkpoint';
import { GpuCounter, hook } from '../count';

const ENGINE = 'side';
const REPLICATES = 16;

const WORKS = ['rollout', 'update', 'sweep'] as const;
type Work = (typeof WORKS)[number];

const gpuObject = await openNodeGpu();
const counter = new GpuCounter();
counter.turn(ENGINE);
const gpu = await openGpu(gpuObject, wgslIncludes);
let works: Record<Work, (round: number) => Promise<{ tokens: number; hash: string }>> | null = null;
let close = () => undefined;

/** A run of the shipped base; its first update, which compiles, is done. `rows` go through all layers at once; as chosen without it. */
async function open(size: string, prompts: number, groupSize: number, rows: string | undefined): Promise<void> {
  close();
  const config = configForPreset('search-r2', { size: size === 'small' ? 'small' : 'tiny', prompts, groupSize });
  const learner = new Learner(gpu, config, microwikiFamily());
  const shipped = `checkpoints/microwiki-${config.size}.safetensors`;
  learner.startFrom(decodeBase(learner, readFileSync(join('public', shipped)), shipped));
  await learner.compile();
  // Older commits have no such choice.
  if (rows !== undefined && 'takeAtOnce' in learner.rollout) await learner.rollout.takeAtOnce(Number(rows));
  await (
    await learner.update()
  ).metrics;
  close = () => {
    learner.destroy();
  };
  const run = (round: number) =>
    learner.rollout.run(learner.optimizer.params, learner.questions(round), learner.rolloutOptions(round));
  const sweep = sweepOf(learner, await run(0));
  works = {
    async rollout(round) {
      const { draft, final, reviews } = await run(round);
      let tokens = 0;
      draft.lengths.forEach((length, b) => {
        const cut = reviews.cuts[b] ?? 0;
        const kept = draft.stepStarts[b * MAX_STEPS + cut - 1] ?? 0;
        tokens += length + (cut === 0 ? 0 : (final.lengths[b] ?? 0) - kept);
      });
      return { tokens, hash: hashOf(draft.tokens, draft.logProbs, final.tokens, final.logProbs, reviews.logProbs) };
    },
    async update() {
      const { metrics, rollout } = await learner.update();
      await metrics;
      return { tokens: 0, hash: hashOf(rollout.final.tokens, rollout.final.logProbs) };
    },
    sweep,
  };
}

/** Every cut of one draft 16 times, in a batch of its own, as Cut Lab has it. */
function sweepOf(learner: Learner, { draft }: Awaited<ReturnType<Rollout['run']>>) {
  const { recorder, readback, owner, table, positions, family } = learner;
  const most = Math.max(...draft.stepCounts);
  const place = draft.stepCounts.indexOf(most);
  const row = learner.questions(0)[place];
  if (row === undefined) throw new Error('there is no draft');
  const index = new WorldIndex(gpu.device, owner, row.world, 1);
  const bench = new Rollout(recorder, readback, owner, table, family.schema.vocabulary, index, {
    batch: MAX_STEPS * REPLICATES,
    positions,
    maxRevisions: 1,
    separateRefiner: false,
    stepReader: null,
  });
  bench.atOnce = learner.rollout.atOnce;
  const cuts = Array.from({ length: most }, (_, k) => ({ draft: place, step: k + 1 }));
  const questions = learner.questions(0).map((question) => ({ ...question, slot: 0 }));
  const { params } = learner.optimizer;
  return async (round: number) => {
    const { runSeed, reward } = learner.rolloutOptions(round);
    const options = { runSeed, update: round, replicates: REPLICATES, reward };
    const { rewards, em } = await sweepCuts(bench, params, questions, draft, cuts, options);
    return { tokens: 0, hash: hashOf(rewards, em) };
  };
}

function hashOf(...arrays: readonly (Uint8Array | Uint16Array | Float32Array)[]): string {
  const hash = createHash('sha256');
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest('hex').slice(0, 16);
}

/** What `run` asks of the GPU, its decoding steps too: each begins with a compaction. */
async function counted(run: () => Promise<unknown>) {
  let steps = 0;
  const restore = hook(GPUComputePassEncoder.prototype, 'setPipeline', (_, [pipeline]) => {
    if (pipeline instanceof GPUComputePipeline && pipeline.label.startsWith('episode_compact')) steps += 1;
  });
  const [, { dispatches, reads }] = await counter.count(ENGINE, run);
  restore();
  return { steps, dispatches, reads, liveBytes: counter.liveBytes(ENGINE) };
}

async function answer([verb, ...words]: readonly string[]): Promise<unknown> {
  if (verb === 'open') {
    const [size = '', prompts, groupSize, rows] = words;
    await open(size, Number(prompts), Number(groupSize), rows);
    return gpu.adapter;
  }
  const work = WORKS.find((name) => name === words[0]);
  const run = work === undefined ? undefined : works?.[work];
  if (run === undefined) throw new Error(`nothing is open for ${String(words[0])}`);
  if (verb === 'count') return counted(() => run(0));
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const result = await run(Number(words[1]));
  const { user, system } = process.cpuUsage(cpu);
  return { ...result, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(`=${JSON.stringify(await answer(line.split(' ')))}`);
}
process.exit(0);
