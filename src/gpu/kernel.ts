import { expandWgsl, describeMessage } from './expand-wgsl';

export type ParamKind = 'u32' | 'f32';
export type BufferAccess = 'read' | 'write';

/**
 * A compute kernel: its WGSL and the names of what it is given. Binding 0 is the uniform struct with `params` in this
 * order; bindings 1.. are `buffers` in this order ('write' means read_write). `constants` are module constants that the
 * expander prepends, so each set of values is a pipeline of its own.
 */
export interface KernelSpec<
  P extends Record<string, ParamKind> = Record<string, ParamKind>,
  B extends Record<string, BufferAccess> = Record<string, BufferAccess>,
> {
  readonly name: string;
  readonly source: string;
  readonly params: P;
  readonly buffers: B;
}

export function defineKernel<const P extends Record<string, ParamKind>, const B extends Record<string, BufferAccess>>(
  spec: KernelSpec<P, B>,
): KernelSpec<P, B> {
  const storage = Object.keys(spec.buffers).length;
  // A device with default limits has 8 storage buffers a stage.
  if (storage > 8) throw new RangeError(`kernel ${spec.name} binds ${storage} storage buffers; the limit is 8`);
  return spec;
}

/** A compiled kernel. */
export interface Pipeline {
  readonly id: number;
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

/** Uniform parameters take one slot of this many bytes: 16 numbers, and the alignment of dynamic offsets. */
export const UNIFORM_SLOT_BYTES = 256;

/** A kernel with its constants: what a pipeline is made of. */
export interface PipelineRequest {
  readonly spec: KernelSpec;
  readonly constants: Readonly<Record<string, number>>;
}

/** Compiles each kernel once for each set of constants. */
export class PipelineCache {
  private readonly pipelines = new Map<string, Pipeline>();

  constructor(
    private readonly device: GPUDevice,
    private readonly includes: ReadonlyMap<string, string>,
  ) {}

  get count(): number {
    return this.pipelines.size;
  }

  get(spec: KernelSpec, constants: Readonly<Record<string, number>>): Pipeline {
    const key = cacheKey(spec, constants);
    const known = this.pipelines.get(key);
    if (known !== undefined) return known;
    const { module, layout, pipelineLayout } = this.prepare(spec, constants);
    const pipeline = this.device.createComputePipeline({
      label: key,
      layout: pipelineLayout,
      compute: { module, entryPoint: 'main' },
    });
    return this.add(key, layout, pipeline);
  }

  /**
   * Compiles what is not there yet, all at once: browsers and Dawn compile on several threads.
   *
   * @throws KernelRefusedError where one does not compile
   */
  async compile(requests: readonly PipelineRequest[]): Promise<void> {
    const wanted = new Map(requests.map((request) => [cacheKey(request.spec, request.constants), request] as const));
    const missing = [...wanted].filter(([key]) => !this.pipelines.has(key));
    const made = await Promise.all(
      missing.map(async ([key, { spec, constants }]) => {
        const { module, layout, pipelineLayout } = this.prepare(spec, constants);
        const compute = { module, entryPoint: 'main' };
        const pipeline = await this.device
          .createComputePipelineAsync({ label: key, layout: pipelineLayout, compute })
          .catch((error: unknown) => {
            throw new KernelRefusedError(spec.name, error);
          });
        return { key, layout, pipeline };
      }),
    );
    // Meanwhile a dispatch may have compiled one of them.
    for (const { key, layout, pipeline } of made) if (!this.pipelines.has(key)) this.add(key, layout, pipeline);
  }

  private add(key: string, layout: GPUBindGroupLayout, pipeline: GPUComputePipeline): Pipeline {
    const made = { id: this.pipelines.size, layout, pipeline };
    this.pipelines.set(key, made);
    return made;
  }

  private prepare(spec: KernelSpec, constants: Readonly<Record<string, number>>) {
    const expanded = expandWgsl(`${spec.name}.wgsl`, spec.source, this.includes, constants);
    const module = this.device.createShaderModule({ label: spec.name, code: expanded.code });
    void module.getCompilationInfo().then((info) => {
      for (const message of info.messages) {
        if (message.type === 'error') console.error(describeMessage(expanded, message.lineNum, message.message));
      }
    });
    const entries: GPUBindGroupLayoutEntry[] = [
      // 4 = GPUShaderStage.COMPUTE, which is not a global in Node.
      { binding: 0, visibility: 4, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ...Object.values(spec.buffers).map((access, index): GPUBindGroupLayoutEntry => ({
        binding: index + 1,
        visibility: 4,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      })),
    ];
    const layout = this.device.createBindGroupLayout({ label: spec.name, entries });
    const pipelineLayout = this.device.createPipelineLayout({ label: spec.name, bindGroupLayouts: [layout] });
    return { module, layout, pipelineLayout };
  }
}

/** A kernel that this browser and driver do not compile; the console has file and line. */
export class KernelRefusedError extends Error {
  override name = 'KernelRefusedError';

  constructor(kernel: string, cause: unknown) {
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
    super(`The kernel "${kernel}" does not compile on this machine: ${reason.slice(0, 300)}`, { cause });
  }
}

/** Made for every dispatch, so by a plain loop. */
function cacheKey(spec: KernelSpec, constants: Readonly<Record<string, number>>): string {
  let key = spec.name;
  for (const name in constants) key += `,${name}=${constants[name]}`;
  return key;
}
