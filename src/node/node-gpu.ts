/**
 * The GPU of the command line, as the same object that a browser offers as `navigator.gpu`, and the one place that knows whose
 * implementation it is: where the runtime has WebGPU itself (Deno, on wgpu), that one; else Dawn, through the `webgpu` package.
 * scripts/lib/adapter.mjs chooses the Vulkan driver before the process starts, through the environment.
 */
import { UserError } from '../lib/assert';
import { isSoftwareAdapter } from '../lib/software-adapter';
import { hastenBuffers, hastenQueues } from './deno-waits';

declare global {
  /** Dawn's instance. Without a lasting reference it is collected while in use, and the process crashes. */
  var cutpointNodeGpu: GPU | undefined;
}

const POLL_MS = 0.25;

/** Of a runtime that has WebGPU itself. */
const own = 'navigator' in globalThis && 'gpu' in navigator ? navigator.gpu : null;

/** Whose WebGPU it is, for a person. */
export const IMPLEMENTATION =
  own === null ? `${process.version}, Dawn of the webgpu package` : `Deno ${process.versions.deno ?? ''}, wgpu`;

/** At import, as modules may read GPUBufferUsage and the other constants, globals of a browser, at their top. */
const create = own === null ? await loadDawn() : () => own;

async function loadDawn(): Promise<() => GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return () => create([]);
}

/**
 * Opens the GPU of this process; every call returns the same object.
 *
 * @throws UserError when no adapter answers
 */
export async function openNodeGpu(): Promise<GPU> {
  const known = globalThis.cutpointNodeGpu;
  if (known !== undefined) return known;
  const gpu = (globalThis.cutpointNodeGpu = create());
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    globalThis.cutpointNodeGpu = undefined;
    throw new UserError(
      'No Vulkan adapter was found for Node.',
      'Install a GPU driver, or Mesa 24 or newer with llvmpipe (Debian: mesa-vulkan-drivers), or Chromium, which brings SwiftShader. ' +
        'CUTPOINT_ADAPTER=gpu|llvmpipe|swiftshader forces one of them.',
    );
  }
  if (own !== null) {
    hastenQueues(GPUQueue.prototype);
    hastenBuffers(GPUBuffer.prototype);
  } else if (isSoftwareAdapter(adapter.info)) askLessOften();
  return gpu;
}

/**
 * While anything is awaited, Dawn's binding asks for finished work in an endless row of setImmediate, which keeps a core busy:
 * on a software adapter, one of those that compute. There it sleeps before it asks again. A timer would sleep for a millisecond at
 * least, as long as a small step computes.
 */
function askLessOften(): void {
  const immediate = globalThis.setImmediate;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const isNative = (callback: unknown) => Function.prototype.toString.call(callback).includes('[native code]');
  const afterSleep = (callback: (...args: unknown[]) => void, ...args: unknown[]): void => {
    Atomics.wait(cell, 0, 0, POLL_MS);
    callback(...args);
  };
  Reflect.set(globalThis, 'setImmediate', (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
    isNative(callback) ? immediate(afterSleep, callback, ...args) : immediate(callback, ...args),
  );
}
