/**
 * Limits that the engine counts on. It asks for none: these are what WebGPU gives every device by default, so that an adapter
 * with less of one does not conform.
 */
const NEEDED = [
  ['maxBufferSize', 256 * 2 ** 20],
  ['maxStorageBufferBindingSize', 128 * 2 ** 20],
  ['maxStorageBuffersPerShaderStage', 8],
  ['maxUniformBufferBindingSize', 64 * 2 ** 10],
  ['maxDynamicUniformBuffersPerPipelineLayout', 8],
  ['maxComputeWorkgroupStorageSize', 16 * 2 ** 10],
  ['maxComputeInvocationsPerWorkgroup', 256],
  ['maxComputeWorkgroupSizeX', 256],
  ['maxComputeWorkgroupsPerDimension', 65_535],
  ['minUniformBufferOffsetAlignment', 256],
  ['minStorageBufferOffsetAlignment', 256],
] as const;

type LimitName = (typeof NEEDED)[number][0];

export interface LimitReading {
  name: LimitName;
  needed: number;
  has: number;
  enough: boolean;
}

/** What an adapter or a device has of each. Of an alignment less is more. */
export function readLimits(limits: Readonly<Record<LimitName, number>>): LimitReading[] {
  return NEEDED.map(([name, needed]) => {
    const has = limits[name];
    return { name, needed, has, enough: name.startsWith('min') ? has <= needed : has >= needed };
  });
}
