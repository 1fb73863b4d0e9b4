/**
 * The GPU side of `verify`: golden case -> kernel launches -> outputs. The device is opened at the first launch, so that
 * bad fixtures are told before any adapter is needed.
 */
import { openGpu, type KernelVariants } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import type { GoldenCase } from '../../testing/kernels/golden';
import { GpuBench } from '../../selftest/bench/gpu-bench';
import * as launch from '../../selftest/launch/launch';
import { launchAttention } from '../../selftest/launch/launch-attention';
import { launchLinear, launchRope, launchSwiglu } from '../../selftest/launch/launch-linear';
import { launchModel, launchTrainCurve } from '../../testing/kernels/launch-model';
import * as steps from '../../selftest/launch/launch-steps';
import { openNodeGpu } from '../../node/node-gpu';
import * as read from './read-case';
import { REFERENCES, type Outputs } from './reference-answers';
import type { VerifyOps } from './run-cases';

type Launcher = (bench: GpuBench, golden: GoldenCase) => Promise<Outputs>;

/** By fixture file, like REFERENCES. */
export const LAUNCHERS: { readonly [file: string]: Launcher } = {
  embedding: (bench, golden) => launch.launchEmbedding(bench, read.embeddingCase(golden)),
  linear: (bench, golden) => launchLinear(bench, read.linearCase(golden)),
  rmsnorm: (bench, golden) => launch.launchRmsnorm(bench, read.rmsnormCase(golden)),
  rope: (bench, golden) => launchRope(bench, read.ropeCase(golden)),
  attention: (bench, golden) => launchAttention(bench, read.attentionCase(golden)),
  swiglu: (bench, golden) => launchSwiglu(bench, read.swigluCase(golden)),
  cross_entropy: (bench, golden) => launch.launchCrossEntropy(bench, read.crossEntropyCase(golden)),
  grpo: (bench, golden) => launch.launchGrpo(bench, read.grpoCase(golden)),
  adamw: (bench, golden) => steps.launchAdamw(bench, read.adamwCase(golden)),
  model: (bench, golden) => launchModel(bench, read.modelCase(golden)),
  train_curve(bench, golden) {
    const { steps: count, ...hyper } = read.trainCurveSettings(golden);
    return launchTrainCurve(bench, { ...read.modelCase(golden), hyper, steps: count });
  },
  sampling: (bench, golden) => steps.launchSampling(bench, read.samplingCase(golden)),
  philox: (bench, golden) => steps.launchPhilox(bench, read.philoxCase(golden)),
};

/**
 * Every fixture's reference and kernels, on a device that opens at the first launch.
 *
 * @param variants of the kernels, where not those that the adapter starts with
 */
export function openVerifyOps(variants: Partial<KernelVariants> = {}): {
  table: VerifyOps;
  close: () => Promise<void>;
} {
  let opened: Promise<GpuBench> | undefined;
  const open = async () => {
    const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
    Object.assign(gpu.variants, variants);
    return new GpuBench(gpu);
  };
  const withDevice = (launcher: Launcher) => async (golden: GoldenCase) => launcher(await (opened ??= open()), golden);
  const table = Object.entries(REFERENCES).map(([file, reference]) => {
    const launcher = LAUNCHERS[file];
    return [file, { reference, gpu: launcher && withDevice(launcher) }] as const;
  });
  return {
    table: Object.fromEntries(table),
    async close() {
      (await opened)?.gpu.close();
    },
  };
}
