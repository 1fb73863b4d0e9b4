/** A whole GRPO update of the default preset. No peer has one, so its parts are reported alone. */
import { configForPreset, type RunConfig } from '../../src/config/schema';
import { microwikiFamily } from '../../src/env/microwiki';
import { openGpu } from '../../src/gpu/device';
import { wgslIncludes } from '../../src/kernels/includes';
import { Learner } from '../../src/rl/learning/learner';
import { decodeBase } from '../../src/trainer/state/checkpoint';
import type { Bench } from './compare';
import type { GrpoResult, PhaseResult } from './results';
import { timed } from './rounds';
import type { Lap } from './statistics';

const ENGINE = 'cutpoint grpo';

interface Mark {
  phase: string;
  at: number;
  cpu: Promise<number | null>;
}

function title({ preset, world, size, prompts, groupSize }: RunConfig): string {
  return `preset ${preset}, ${world}, ${size}, ${prompts} x ${groupSize} rows`;
}

/**
 * Updates of the shipped base policy. A phase lasts until the host begins the next one; at most one submit is in flight
 * then, so phases are exact to that.
 */
export async function measureGrpo({ host, counter, rounds }: Bench, quick: boolean): Promise<GrpoResult> {
  counter.turn(ENGINE);
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  const config = configForPreset('search-r2', quick ? { size: 'tiny', prompts: 8 } : {});
  host.note(`  grpo: ${title(config)}`);
  const start = performance.now();
  const learner = new Learner(gpu, config, microwikiFamily());
  const shipped = `checkpoints/${config.world}-${config.size}.safetensors`;
  learner.startFrom(decodeBase(learner, await host.readPublic(shipped), shipped));
  await learner.compile();
  await (
    await learner.update()
  ).metrics;
  const coldMs = performance.now() - start;
  const [, counts] = await counter.count(ENGINE, () => learner.update());
  const laps: Lap[] = [];
  const liveBytes: number[] = [];
  const phases = new Map<string, { ms: number[]; cpuMs: number[] }>();
  for (let round = 0; round < rounds; round++) {
    const marks: Mark[] = [];
    const mark = (phase: string) =>
      marks.push({ phase, at: performance.now(), cpu: host.promptCpu ? host.cpuSeconds() : Promise.resolve(null) });
    laps.push(
      await timed(host, async () => {
        mark('questions');
        await learner.update(mark);
        await gpu.device.queue.onSubmittedWorkDone();
        mark('end');
      }),
    );
    liveBytes.push(counter.liveBytes(ENGINE));
    for (const [i, { phase, at, cpu }] of marks.entries()) {
      const next = marks[i + 1];
      if (next === undefined) break;
      const times = phases.get(phase) ?? { ms: [], cpuMs: [] };
      times.ms.push(next.at - at);
      const [from, to] = [await cpu, await next.cpu];
      if (from !== null && to !== null) times.cpuMs.push((to - from) * 1000);
      phases.set(phase, times);
    }
  }
  learner.destroy();
  gpu.close();
  return {
    title: title(config),
    rows: config.prompts * config.groupSize,
    coldMs,
    laps,
    phases: [...phases].map(([phase, { ms, cpuMs }]): PhaseResult => ({
      phase,
      ms,
      cpuMs: cpuMs.length === ms.length ? cpuMs : null,
    })),
    counts,
    liveBytes,
  };
}
