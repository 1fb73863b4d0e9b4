import { isSoftwareAdapter } from '../lib/software-adapter';
import { BufferOwner } from './buffers';
import { MOST_PARAMS_BYTES, PipelineCache } from './kernel';
import { measureWaits, type QueueWaits } from './queue-waits';

/** Who computes: shown on screen and written into every summary. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** True for adapters that compute on the CPU (llvmpipe, SwiftShader). */
  software: boolean;
}

/** A device with everything that belongs to it. One for each engine; works in a page, a worker and Node alike. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterInfo;
  readonly buffers: BufferOwner;
  readonly pipelines: PipelineCache;
  /** Through which whatever the queue tells is awaited. */
  readonly waits: QueueWaits;
  readonly timestamps: boolean;
  /** Whether kernels may use subgroups: the adapter has them, four invocations or more each. */
  readonly subgroups: boolean;
  /** Whether kernels may store 16-bit floats. */
  readonly f16: boolean;
  /** Whether kernels may take their parameters as immediates. */
  readonly immediates: boolean;
  /** Which variants the kernels are launched in; `chooseVariants` sets it. */
  readonly variants: KernelVariants;
  /** Resolves with a reason when the device is lost, unless `close` was called. */
  readonly lost: Promise<string>;
  close(): void;
}

/** Variants of kernels beside the base path. */
export interface KernelVariants {
  /**
   * Several invocations share a row, a tile or a query through workgroup memory: for GPUs, which have thousands of lanes to fill,
   * where a software adapter pays for every barrier. Other bits than the base path, so the kind of the adapter decides and not a
   * clock; goes before `subgroups`.
   */
  cooperative: boolean;
  /** Neighbouring invocations load numbers once and pass them around (octet.wgsl). Same bits as the base path. */
  subgroups: boolean;
  /** How many neighbours do so: those that surely belong to one subgroup. */
  givers: 4 | 8;
  /** Parameters of a dispatch come with it in place of lying in a buffer (WebGPU's immediates). Same bits as the base path. */
  immediates: boolean;
  /** A key/value cache of 16-bit floats is faster here. Other bits, so a run must ask for it. */
  halfCache: boolean;
  /** Whether `chooseVariants` has measured them on this device. */
  tried: boolean;
}

/** What Chromium says of a device whose GPU process crashed. */
const PROCESS_GONE = /external Instance reference/;

export class NoAdapterError extends Error {
  override name = 'NoAdapterError';
}

/** An adapter that gives no device with the limits that WebGPU promises. */
export class DeviceRefusedError extends Error {
  override name = 'DeviceRefusedError';
}

/** What the engine's kernels need at most, which is what WebGPU promises. */
const NEEDED = {
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 2 ** 14,
} as const;

/** @throws DeviceRefusedError saying why */
async function requestDevice(adapter: GPUAdapter, requiredFeatures: GPUFeatureName[]): Promise<GPUDevice> {
  const { limits } = adapter;
  const small = Object.entries(NEEDED).flatMap(([name, needed]) => {
    const has = name in limits ? Number(Reflect.get(limits, name)) : needed;
    return has < needed ? [`${name} ${has} of ${needed}`] : [];
  });
  if (small.length > 0) {
    throw new DeviceRefusedError(`The limits of this graphics adapter are too small: ${small.join(', ')}.`);
  }
  try {
    return await adapter.requestDevice({ requiredFeatures });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DeviceRefusedError(`The graphics adapter refused a device: ${why}`);
  }
}

export const NO_ADAPTER = 'WebGPU is there, but it offers no adapter: no GPU driver (Vulkan, Metal, D3D12) was found.';

/** The names that an adapter gives itself, and what they say. */
export function describeAdapter(info: GPUAdapterInfo): AdapterInfo {
  const { vendor, architecture, device, description } = info;
  return { vendor, architecture, device, description, software: isSoftwareAdapter(info) };
}

/** The adapter that the engine computes on; null where there is none. */
export function requestAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  return gpu.requestAdapter({ powerPreference: 'high-performance' });
}

/** Optional features that the engine makes use of where an adapter has them. Nothing depends on them. */
export const OPTIONAL_FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const satisfies GPUFeatureName[];

/** Browsers that know nothing of immediates lack the limit too. */
function takesImmediates(languages: WGSLLanguageFeatures | undefined, { limits }: GPUDevice): boolean {
  if (languages?.has('immediate_address_space') !== true || !('maxImmediateSize' in limits)) return false;
  return limits.maxImmediateSize >= MOST_PARAMS_BYTES;
}

function isUsable(feature: GPUFeatureName, { features, info }: GPUAdapter): boolean {
  return features.has(feature) && (feature !== 'subgroups' || info.subgroupMinSize >= 4);
}

/**
 * Opens a device with default limits and no required feature.
 *
 * @param gpu `navigator.gpu`, or what `create([])` of the `webgpu` package returns in Node
 * @param includes shared WGSL functions by file name
 * @throws NoAdapterError where the browser or machine offers no adapter
 */
export async function openGpu(gpu: GPU, includes: ReadonlyMap<string, string>): Promise<Gpu> {
  const adapter = await requestAdapter(gpu);
  if (adapter === null) throw new NoAdapterError(NO_ADAPTER);
  return openAdapter(adapter, includes, gpu.wgslLanguageFeatures);
}

/**
 * The same on an adapter at hand, which can be opened once.
 *
 * @param languages what WGSL may use, as far as the browser tells
 */
export async function openAdapter(
  adapter: GPUAdapter,
  includes: ReadonlyMap<string, string>,
  languages?: WGSLLanguageFeatures,
): Promise<Gpu> {
  const { info } = adapter;
  const description = describeAdapter(info);
  const requiredFeatures = OPTIONAL_FEATURES.filter((feature) => isUsable(feature, adapter));
  const has = (feature: (typeof OPTIONAL_FEATURES)[number]): boolean => requiredFeatures.includes(feature);
  const device = await requestDevice(adapter, requiredFeatures);
  let closed = false;
  const lost = new Promise<string>((resolve) => {
    void device.lost.then((loss) => {
      if (!closed) resolve(PROCESS_GONE.test(loss.message) ? 'its process ended' : loss.message || loss.reason);
    });
  });
  const buffers = new BufferOwner(device);
  const variants: KernelVariants = {
    cooperative: !description.software,
    subgroups: false,
    givers: info.subgroupMinSize >= 8 ? 8 : 4,
    immediates: false,
    halfCache: false,
    tried: false,
  };
  return {
    device,
    adapter: description,
    buffers,
    pipelines: new PipelineCache(device, includes, variants),
    waits: await measureWaits(device.queue),
    timestamps: has('timestamp-query'),
    subgroups: has('subgroups'),
    f16: has('shader-f16'),
    immediates: takesImmediates(languages, device),
    variants,
    lost,
    close() {
      closed = true;
      buffers.destroyAll();
      device.destroy();
    },
  };
}
