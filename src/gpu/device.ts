import { BufferOwner } from './buffers';
import { PipelineCache } from './kernel';

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
  readonly timestamps: boolean;
  /** Whether kernels may use subgroups: the adapter has them, four invocations or more each. */
  readonly subgroups: boolean;
  /** Whether kernels may store 16-bit floats. */
  readonly f16: boolean;
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
  /** A key/value cache of 16-bit floats is faster here. Other bits, so a run must ask for it. */
  halfCache: boolean;
  /** Whether `chooseVariants` has measured them on this device. */
  tried: boolean;
}

export class NoAdapterError extends Error {
  override name = 'NoAdapterError';
}

/** Whether an adapter computes on the CPU, by the names it gives itself. */
export function isSoftwareAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): boolean {
  return /llvmpipe|swiftshader|lavapipe|software|basic render/i.test(
    `${vendor} ${architecture} ${device} ${description}`,
  );
}

/**
 * Opens a device with default limits and no required feature.
 *
 * @param gpu `navigator.gpu`, or what `create([])` of the `webgpu` package returns in Node
 * @param includes shared WGSL functions by file name
 * @throws NoAdapterError where the browser or machine offers no adapter
 */
export async function openGpu(gpu: GPU, includes: ReadonlyMap<string, string>): Promise<Gpu> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw new NoAdapterError(
      'WebGPU is there, but it offers no adapter: no GPU driver (Vulkan, Metal, D3D12) was found.',
    );
  }
  const info = adapter.info;
  const software = isSoftwareAdapter(info);
  // Optional features: nothing depends on them.
  const timestamps = adapter.features.has('timestamp-query');
  const subgroups = adapter.features.has('subgroups') && info.subgroupMinSize >= 4;
  const requiredFeatures: GPUFeatureName[] = [];
  if (timestamps) requiredFeatures.push('timestamp-query');
  if (subgroups) requiredFeatures.push('subgroups');
  const f16 = adapter.features.has('shader-f16');
  if (f16) requiredFeatures.push('shader-f16');
  const device = await adapter.requestDevice({ requiredFeatures });
  let closed = false;
  const lost = new Promise<string>((resolve) => {
    void device.lost.then((loss) => {
      if (!closed) resolve(loss.message || loss.reason);
    });
  });
  const buffers = new BufferOwner(device);
  return {
    device,
    adapter: {
      vendor: info.vendor,
      architecture: info.architecture,
      device: info.device,
      description: info.description,
      software,
    },
    buffers,
    pipelines: new PipelineCache(device, includes),
    timestamps,
    subgroups,
    f16,
    variants: {
      cooperative: !software,
      subgroups: false,
      givers: info.subgroupMinSize >= 8 ? 8 : 4,
      halfCache: false,
      tried: false,
    },
    lost,
    close() {
      closed = true;
      buffers.destroyAll();
      device.destroy();
    },
  };
}
