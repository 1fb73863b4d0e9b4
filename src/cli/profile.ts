/** npm run profile: what one rollout and one update cost on this adapter, and where the time goes by kernel. */
import { existsSync, readFileSync } from 'node:fs';
import { flagsHelp, parseFlags } from '../config/flags';
import { openGpu } from '../gpu/device';
import { Profiler } from '../gpu/profiler';
import { wgslIncludes } from '../kernels/includes';
import { Learner } from '../rl/learning/learner';
import { timeRollouts } from '../rl/measuring/speed';
import { decodeBase } from '../trainer/state/checkpoint';
import { basePath, openFamily } from '../node/families';
import { runMain } from './main';
import { openNodeGpu } from '../node/node-gpu';

const ROUNDS = 5;
const TIMED_UPDATES = 4;

await runMain(async () => {
  const flags = parseFlags(process.argv.slice(2), 'profile');
  if (flags.help) {
    console.log(flagsHelp('profile'));
    return;
  }
  const { config, worldFile } = flags;
  const learner = new Learner(await openGpu(await openNodeGpu(), wgslIncludes), config, openFamily(config, worldFile));
  const shipped = basePath(config);
  if (worldFile === undefined && existsSync(shipped)) {
    learner.startFrom(decodeBase(learner, readFileSync(shipped), shipped));
  }
  console.log(`adapter: ${learner.gpu.adapter.description}`);
  console.log(`${config.preset}, ${config.size}, ${config.prompts} x ${config.groupSize} rows`);
  // The first update compiles pipelines and creates bind groups.
  await learner.update();
  await profileRollouts(learner);
  await profileUpdate(learner);
});

async function profileRollouts(learner: Learner): Promise<void> {
  const { recorder, readback, gpu } = learner;
  const before = { ...recorder.counts, reads: readback.count, buffers: gpu.buffers.createdCount };
  const { ms, tokens } = await timeRollouts(learner, ROUNDS);
  const each = (name: 'dispatches' | 'submits' | 'bindGroups') => (recorder.counts[name] - before[name]) / ROUNDS;
  console.log(
    `rollout: ${each('dispatches')} dispatches, ${each('submits')} submits, ${(readback.count - before.reads) / ROUNDS} readback, ` +
      `${each('bindGroups')} new bind groups, ${gpu.buffers.createdCount - before.buffers} new buffers`,
  );
  console.log(
    `rollout: median ${ms.toFixed(0)} ms of ${ROUNDS}, ${Math.round((tokens / ms) * 1000)} tokens/s (written or inserted, questions included)`,
  );
}

async function profileUpdate(learner: Learner): Promise<void> {
  const { recorder, gpu } = learner;
  const start = performance.now();
  await learner.update();
  console.log(`update: ${(performance.now() - start).toFixed(0)} ms`);
  if (!gpu.timestamps) {
    console.log('This adapter has no timestamp-query, so there is no table by kernel.');
    return;
  }
  let profiler = new Profiler(gpu);
  // Time in which the machine did other things counts as a kernel's: the least of several updates has least of that.
  const longest = new Map<string, number>();
  let longestSubmitMs = Infinity;
  for (let round = 0; round < TIMED_UPDATES; round += 1) {
    profiler = new Profiler(gpu);
    recorder.profile = profiler;
    await (
      await learner.update()
    ).metrics;
    await profiler.collect(recorder);
    recorder.profile = null;
    for (const [name, row] of profiler.rows) {
      longest.set(name, Math.min(row.longestMs, longest.get(name) ?? Infinity));
    }
    longestSubmitMs = Math.min(longestSubmitMs, profiler.longestSubmitMs);
  }
  console.log(
    `\n${'kernel'.padEnd(32)}${'runs'.padStart(7)}${'ms'.padStart(10)}${'longest'.padStart(10)}${'share'.padStart(8)}${'GFLOP/s'.padStart(10)}`,
  );
  const rows = [...profiler.rows].sort(([, a], [, b]) => b.ms - a.ms);
  const total = rows.reduce((sum, [, row]) => sum + row.ms, 0);
  for (const [name, { count, ms, work }] of rows) {
    const longestMs = longest.get(name) ?? NaN;
    console.log(
      `${name.padEnd(32)}${String(count).padStart(7)}${ms.toFixed(1).padStart(10)}${longestMs.toFixed(1).padStart(10)}` +
        `${`${((100 * ms) / total).toFixed(1)} %`.padStart(8)}${(work / ms / 1e6).toFixed(2).padStart(10)}`,
    );
  }
  console.log(
    `longest submit: ${longestSubmitMs.toFixed(0)} ms in its dispatches; the longest are the least of ${TIMED_UPDATES} updates`,
  );
  console.log('Work is an estimate from shapes; decoding kernels are counted at full batch, so theirs reads high.');
}
