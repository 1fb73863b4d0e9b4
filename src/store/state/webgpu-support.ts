/** Whether this browser can run the engine, asked before the worker starts so that the page can say what to do. */

export type WebGpuSupport =
  | { status: 'checking' }
  | { status: 'ok'; software: boolean }
  /** The browser has no WebGPU at all (or the page is not served from a secure origin). */
  | { status: 'missing'; insecure: boolean }
  /** The browser has WebGPU but found no adapter to run it on. */
  | { status: 'noAdapter' };

/** llvmpipe, SwiftShader and WARP compute on the CPU; browsers only sometimes mark them as fallback adapters. */
const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

export async function probeWebGpu(gpu: GPU | undefined, secure: boolean): Promise<WebGpuSupport> {
  if (!gpu) return { status: 'missing', insecure: !secure };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { status: 'noAdapter' };
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture, device, description].join(' ');
    return { status: 'ok', software: isFallbackAdapter || SOFTWARE_NAMES.test(name) };
  } catch {
    return { status: 'noAdapter' };
  }
}
