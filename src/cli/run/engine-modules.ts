/** Every WGSL module that the engine can compile, in all variants and with all constants, whatever this adapter would choose. */
import { configForPreset, SETTINGS } from '../../config/schema';
import { microwikiFamily } from '../../env/microwiki';
import { expandWgsl } from '../../gpu/expand-wgsl';
import type { Gpu, KernelVariants } from '../../gpu/device';
import { PipelineCache, type KernelSpec, type Pipeline, type PipelineRequest } from '../../gpu/kernel';
import { wgslIncludes } from '../../kernels/includes';
import { Learner } from '../../rl/learning/learner';
import { GpuBench } from '../../selftest/bench/gpu-bench';
import { withVariants } from '../../selftest/bench/kernel-case';
import { kernelCases } from '../../selftest/kernel-cases';

export interface EngineModule {
  kernel: string;
  constants: Readonly<Record<string, number>>;
  code: string;
}

const FORMS = [
  { cooperative: false, subgroups: false },
  { cooperative: false, subgroups: true, givers: 8 },
  { cooperative: false, subgroups: true, givers: 4 },
  { cooperative: true, subgroups: false },
] as const satisfies readonly Partial<KernelVariants>[];

const IDLE = '@compute @workgroup_size(1) fn main() {}';

/** Notes what was asked for, and gives kernels that do nothing: any adapter runs them at once. */
class NotingCache extends PipelineCache {
  readonly modules = new Map<string, EngineModule>();

  override get(spec: KernelSpec, constants: Readonly<Record<string, number>>): Pipeline {
    this.note({ spec, constants });
    return super.get({ ...spec, source: IDLE }, {});
  }

  override compile(requests: readonly PipelineRequest[]): Promise<void> {
    for (const request of requests) this.note(request);
    return Promise.resolve();
  }

  private note({ spec, constants }: PipelineRequest): void {
    const key = moduleKey(spec.name, constants);
    if (this.modules.has(key)) return;
    const { code } = expandWgsl(`${spec.name}.wgsl`, spec.source, wgslIncludes, constants);
    this.modules.set(key, { kernel: spec.name, constants, code });
  }
}

/** A kernel and its constants in one line. */
export function moduleKey(kernel: string, constants: Readonly<Record<string, number>>): string {
  return [kernel, ...Object.entries(constants).map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** The same device, whose kernels are noted and do nothing. */
export function notingGpu(gpu: Gpu): { gpu: Gpu; modules: ReadonlyMap<string, EngineModule> } {
  const pipelines = new NotingCache(gpu.device, wgslIncludes, gpu.variants);
  return { gpu: { ...gpu, pipelines }, modules: pipelines.modules };
}

/** By what they are made of: what a run of every size compiles and what the doctor launches, each in every form. */
export async function engineModules(opened: Gpu): Promise<ReadonlyMap<string, EngineModule>> {
  const { gpu, modules } = notingGpu(opened);
  const before = { ...gpu.variants };
  for (const { value: size } of SETTINGS.size.options) {
    const config = configForPreset('search-r2', { size, kvCache: 'auto', prompts: 2, groupSize: 2 });
    const learner = new Learner(gpu, config, microwikiFamily());
    for (const form of FORMS) {
      for (const halfCache of [false, true]) {
        Object.assign(gpu.variants, form, { halfCache, tried: true });
        await learner.compile();
      }
    }
    learner.destroy();
  }
  Object.assign(gpu.variants, before);
  const bench = new GpuBench(gpu);
  for (const form of FORMS) {
    for (const { launched } of kernelCases()) await withVariants(bench, form, () => launched.launch(bench));
  }
  return modules;
}
