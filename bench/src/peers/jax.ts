/**
 * jax-js on WebGPU as a contender, written for speed within its public interface. What was tried and measured (kernel by kernel,
 * in CPU time on llvmpipe) is said where it is used.
 */
import { defaultDevice, getWebGPUDevice, init, jit, numpy as np } from '@jax-js/jax';
import { dependencies } from '../../package.json';
import type { Contender, MatmulTask, MatmulWork } from '../contender';
import { floats, readFloats } from './jax/arrays';
import { decodeTask } from './jax/decode';
import { trainTask } from './jax/train';

/** Opens jax-js on `navigator.gpu`. @throws Error where it finds no adapter */
export async function openJax(): Promise<Contender> {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU adapter');
  defaultDevice('webgpu');
  return {
    name: 'jax-js',
    version: dependencies['@jax-js/jax'],
    matmul: (work) => Promise.resolve(matmulTask(work)),
    train: (work) => Promise.resolve(trainTask(work)),
    decode: (work) => Promise.resolve(decodeTask(work)),
    // jax-js keeps freed buffers for later and has no call that closes it.
    dispose: () => getWebGPUDevice().destroy(),
  };
}

function matmulTask({ m, k, n, x, w }: MatmulWork): MatmulTask {
  const xs = floats(x, [m, k]);
  // With (k,n) weights it is no faster, but for the few rows of decoding.
  const ws = floats(w, [n, k]);
  const multiply = jit((x: np.Array, w: np.Array) => np.inner(x, w));
  let y: np.Array | undefined;
  return {
    async run() {
      y?.dispose();
      y = multiply(xs.ref, ws.ref);
      // Nothing is computed before somebody waits for it.
      await y.blockUntilReady();
    },
    result() {
      if (y === undefined) throw new Error('no product was computed');
      return readFloats(y.ref);
    },
    dispose() {
      xs.dispose();
      ws.dispose();
      y?.dispose();
      multiply.dispose();
    },
  };
}
