/** What an adapter says of itself, as in GPUAdapterInfo. */
export interface AdapterWords {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** Older browsers do not say. */
  isFallbackAdapter?: boolean;
}

const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|software|\bwarp\b|basic render/i;

/**
 * Whether an adapter computes on the CPU: by its own word, or by the names it gives itself. It takes both, as Chrome calls llvmpipe
 * no fallback, and Firefox tells no page a name.
 */
export function isSoftwareAdapter({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: AdapterWords): boolean {
  return isFallbackAdapter === true || SOFTWARE_NAMES.test(`${vendor} ${architecture} ${device} ${description}`);
}
