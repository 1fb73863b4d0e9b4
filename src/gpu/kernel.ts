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
  /**
   * How much longer an operation takes than one of a product, where the kernel waits for memory or has one workgroup: on SwiftShader,
   * which has least of either. 1 where it says nothing.
   */
  readonly costPerOperation?: number;
}

export function defineKernel<const P extends Record<string, ParamKind>, const B extends Record<string, BufferAccess>>(
  spec: KernelSpec<P, B>,
): KernelSpec<P, B> {
  const storage = Object.keys(spec.buffers).length;
  // A device with default limits has 8 storage buffers a stage.
  if (storage > 8) throw new RangeError(`kernel ${spec.name} binds ${storage} storage buffers; the limit is 8`);
  const bytes = 4 * Object.keys(spec.params).length;
  if (bytes > MOST_PARAMS_BYTES)
    throw new RangeError(`kernel ${spec.name} takes ${bytes} bytes of parameters; the limit is ${MOST_PARAMS_BYTES}`);
  return spec;
}

/** A compiled kernel. */
export interface Pipeline {
  readonly id: number;
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
  /** Whether its parameters come with the dispatch; else they lie in the buffer of uniforms. */
  readonly immediates: boolean;
}

/** A kernel that takes its parameters as immediates; their names and order are the same. */
const UNIFORM_PARAMS = /@group\(0\) @binding\(0\) var<uniform>/;

/** Uniform parameters take one slot of this many bytes, the alignment of dynamic offsets. */
export const UNIFORM_SLOT_BYTES = 256;
/** What parameters may be of at most: 16 numbers, as many as any device with immediates takes. */
export const MOST_PARAMS_BYTES = 64;

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
    private readonly form: { readonly immediates: boolean },
  ) {}

  get count(): number {
    return this.pipelines.size;
  }

  get(spec: KernelSpec, constants: Readonly<Record<string, number>>): Pipeline {
    const key = this.key(spec, constants);
    const known = this.pipelines.get(key);
    if (known !== undefined) return known;
    const { immediates } = this.form;
    const { module, layout, pipelineLayout } = this.prepare(spec, constants);
    const pipeline = this.device.createComputePipeline({
      label: key,
      layout: pipelineLayout,
      compute: { module, entryPoint: 'main' },
    });
    return this.add(key, { layout, pipeline, immediates });
  }

  /**
   * Compiles what is not there yet, all at once: browsers and Dawn compile on several threads.
   *
   * @throws KernelRefusedError where one does not compile
   */
  async compile(requests: readonly PipelineRequest[]): Promise<void> {
    const { immediates } = this.form;
    const wanted = new Map(requests.map((request) => [this.key(request.spec, request.constants), request] as const));
    const missing = [...wanted].filter(([key]) => !this.pipelines.has(key));
    const compiled = await Promise.all(
      missing.map(async ([key, { spec, constants }]) => {
        const { module, layout, pipelineLayout } = this.prepare(spec, constants);
        const compute = { module, entryPoint: 'main' };
        const pipeline = await this.device
          .createComputePipelineAsync({ label: key, layout: pipelineLayout, compute })
          .catch((error: unknown) => {
            throw new KernelRefusedError(spec.name, error);
          });
        return { key, made: { layout, pipeline, immediates } };
      }),
    );
    // Meanwhile a dispatch may have compiled one of them.
    for (const { key, made } of compiled) if (!this.pipelines.has(key)) this.add(key, made);
  }

  private key(spec: KernelSpec, constants: Readonly<Record<string, number>>): string {
    const key = cacheKey(spec, constants);
    return this.form.immediates ? `${key},immediates` : key;
  }

  private add(key: string, made: Omit<Pipeline, 'id'>): Pipeline {
    const pipeline = { id: this.pipelines.size, ...made };
    this.pipelines.set(key, pipeline);
    return pipeline;
  }

  private prepare(spec: KernelSpec, constants: Readonly<Record<string, number>>) {
    const { immediates } = this.form;
    const source = immediates ? spec.source.replace(UNIFORM_PARAMS, 'var<immediate>') : spec.source;
    const expanded = expandWgsl(`${spec.name}.wgsl`, source, this.includes, constants);
    const module = this.device.createShaderModule({ label: spec.name, code: expanded.code });
    void module.getCompilationInfo().then((info) => {
      for (const message of info.messages) {
        if (message.type === 'error') console.error(describeMessage(expanded, message.lineNum, message.message));
      }
    });
    // 4 = GPUShaderStage.COMPUTE, which is not a global in Node.
    const uniforms: GPUBindGroupLayoutEntry = {
      binding: 0,
      visibility: 4,
      buffer: { type: 'uniform', hasDynamicOffset: true },
    };
    const entries: GPUBindGroupLayoutEntry[] = [
      ...(immediates ? [] : [uniforms]),
      ...Object.values(spec.buffers).map((access, index): GPUBindGroupLayoutEntry => ({
        binding: index + 1,
        visibility: 4,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      })),
    ];
    const layout = this.device.createBindGroupLayout({ label: spec.name, entries });
    const pipelineLayout = this.device.createPipelineLayout({
      label: spec.name,
      bindGroupLayouts: [layout],
      ...(immediates ? { immediateSize: 4 * Object.keys(spec.params).length } : {}),
    });
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
