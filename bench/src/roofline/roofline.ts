/** What the adapter could do at most, and what each of our kernels does of it. */
import type { BufferOwner } from '../../../src/gpu/buffers';
import { openGpu, type Gpu } from '../../../src/gpu/device';
import { defineKernel } from '../../../src/gpu/kernel';
import { Profiler } from '../../../src/gpu/profiler';
import { Readback } from '../../../src/gpu/readback';
import { Recorder } from '../../../src/gpu/recorder';
import { wgslIncludes } from '../../../src/kernels/includes';
import { chooseVariants } from '../../../src/kernels/variants';
import type { Bench } from '../compare';
import type { Task } from '../contender';
import { decodeTask } from '../cutpoint-decode';
import type { Bench as Own } from '../cutpoint-task';
import { trainTask } from '../cutpoint-train';
import type { KernelRow, RooflineResult } from '../results';
import { race } from '../rounds';
import { summarise } from '../statistics';
import { decodeItems, REFERENCE, trainItem } from '../works';
import copySource from './copy.wgsl?raw';
import multiplyAddSource from './multiply_add.wgsl?raw';

const multiplyAddKernel = defineKernel({
  name: 'multiply_add',
  source: multiplyAddSource,
  params: { iterations: 'u32' },
  buffers: { out: 'write' },
});

const copyKernel = defineKernel({
  name: 'copy',
  source: copySource,
  params: { quads: 'u32' },
  buffers: { x: 'read', y: 'write' },
});

const ENGINE = 'cutpoint roofline';
/** Far beyond every cache of the usual adapters but within a default device's bindings. */
const COPY_BYTES = 96 * 2 ** 20;
const INVOCATIONS = 64 * 256;
const OPERATIONS = 192;

/** A work whose kernels are looked at. */
interface Profiled {
  title: string;
  open: (own: Own) => Task;
}

/** @param draw seed of the drawn shapes, whose decoding is profiled too */
export function profiledWorks(draw: number): Profiled[] {
  const train = trainItem({ shape: REFERENCE, sequences: 16, length: 128 }, false);
  return [
    { title: `train: ${train.title}`, open: (own) => trainTask(own, train.make()) },
    // Of those with a peer, the one of 64 rows and the drawn ones.
    ...decodeItems(draw, true).map((decode) => ({
      title: `decode: ${decode.title}`,
      open: (own: Own) => decodeTask(own, decode.make()),
    })),
  ];
}

export async function measureRoofline(bench: Bench, works: readonly Profiled[]): Promise<RooflineResult> {
  bench.counter.turn(ENGINE);
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  await chooseVariants(new Recorder(gpu));
  try {
    const gflops = await peak(bench, gpu, multiplyAdds);
    const gbs = await peak(bench, gpu, copies);
    bench.host.note('  roofline: kernels');
    const kernels: KernelRow[] = [];
    if (gpu.timestamps) for (const work of works) kernels.push(...(await kernelRows(bench, gpu, work)));
    return { gflops, gbs, kernels };
  } finally {
    gpu.close();
  }
}

/** Billions a second of what a run does `amount` of: by norm where there is one (rounds.ts), else by the clock. */
async function peak(
  { host, rounds, leastMs }: Bench,
  gpu: Gpu,
  make: (gpu: Gpu, owner: BufferOwner) => { amount: number; run: () => Promise<void> },
): Promise<number> {
  const owner = gpu.buffers.scope();
  const { amount, run } = make(gpu, owner);
  await run();
  const { laps } = await race(host, [{ name: ENGINE, run }], rounds, leastMs);
  owner.destroyAll();
  const { norm, rate } = summarise(laps.get(ENGINE) ?? [], amount / 1e9, host.cores);
  return gpu.adapter.software && norm !== null ? norm : rate;
}

function multiplyAdds(gpu: Gpu, owner: BufferOwner) {
  const recorder = new Recorder(gpu, owner);
  const out = owner.storage('sums', INVOCATIONS * 4);
  // A GPU is through with what keeps a software adapter busy for 10 ms before the launch is paid for.
  const iterations = gpu.adapter.software ? 512 : 16_384;
  const amount = INVOCATIONS * iterations * OPERATIONS;
  return {
    amount,
    async run() {
      recorder.dispatch(multiplyAddKernel, {
        params: { iterations },
        buffers: { out },
        workgroups: [INVOCATIONS / 64, 1, 1],
        work: amount,
      });
      await recorder.finish();
    },
  };
}

function copies(gpu: Gpu, owner: BufferOwner) {
  const recorder = new Recorder(gpu, owner);
  const x = owner.storage('from', COPY_BYTES);
  const y = owner.storage('to', COPY_BYTES);
  const quads = COPY_BYTES / 16;
  return {
    // Read once and written once.
    amount: 2 * COPY_BYTES,
    async run() {
      recorder.dispatch(copyKernel, {
        params: { quads },
        buffers: { x, y },
        workgroups: [32768, Math.ceil(quads / 64 / 32768), 1],
        work: quads,
      });
      await recorder.finish();
    },
  };
}

/** Time of each kernel in one run of a task: the least over the rounds, since other load only ever adds to it. */
async function kernelRows({ rounds }: Bench, gpu: Gpu, { title, open }: Profiled): Promise<KernelRow[]> {
  const owner = gpu.buffers.scope();
  const recorder = new Recorder(gpu, owner);
  const task = open({ gpu, owner, recorder, readback: new Readback(recorder, owner) });
  await task.run();
  const best = new Map<string, KernelRow>();
  for (let round = 0; round < rounds; round++) {
    const profiler = new Profiler(gpu);
    recorder.profile = profiler;
    await task.run();
    await profiler.collect(recorder);
    recorder.profile = null;
    for (const [kernel, { count, ms, work, bytes }] of profiler.rows) {
      const row = { work: title, kernel, count, ms, gflops: work / ms / 1e6, gbs: bytes / ms / 1e6 };
      if (ms < (best.get(kernel)?.ms ?? Infinity)) best.set(kernel, row);
    }
  }
  task.dispose();
  owner.destroyAll();
  return [...best.values()].sort((a, b) => b.ms - a.ms);
}
