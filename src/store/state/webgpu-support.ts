/** Whether this browser can run the engine, asked before the worker starts so that the page can say what to do. */
import { isSoftwareAdapter } from '../../lib/software-adapter';

export type WebGpuSupport =
  | { status: 'checking' }
  | { status: 'ok'; software: boolean }
  /** The browser has no WebGPU at all (or the page is not served from a secure origin). */
  | { status: 'missing'; insecure: boolean }
  /** The browser has WebGPU but found no adapter to run it on. */
  | { status: 'noAdapter' };

export async function probeWebGpu(gpu: GPU | undefined, secure: boolean): Promise<WebGpuSupport> {
  if (!gpu) return { status: 'missing', insecure: !secure };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { status: 'noAdapter' };
    return { status: 'ok', software: isSoftwareAdapter(adapter.info) };
  } catch {
    return { status: 'noAdapter' };
  }
}
