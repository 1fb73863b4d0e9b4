/**
 * TensorFlow.js on its WebGPU backend as a contender, written for speed within its public operations: no kernels of our own.
 * What was measured and chosen is said where it is used. Without effect and therefore left alone: how many dispatches tfjs
 * gathers before it submits, and forwarding to the CPU, which only ever takes tensors that were never on the GPU.
 */
import * as tf from '@tensorflow/tfjs';
import type { Contender, MatmulTask, MatmulWork } from '../contender';
import { decodeTask } from './tfjs/decode';
import { Engine, floatsOf } from './tfjs/engine';
import { Matrix, Products } from './tfjs/products';
import { trainTask } from './tfjs/train';

/** Opens tfjs on `navigator.gpu`, which must be there before this module is imported. @throws Error where it cannot start */
export async function openTfjs(): Promise<Contender> {
  const engine = await Engine.open();
  const products = await Products.choose(engine);
  engine.releasePool();
  return {
    name: 'tfjs',
    version: tf.version.tfjs,
    matmul: async (work) => matmulTask(engine, products, work),
    train: async (work) => trainTask(engine, products, work),
    decode: async (work) => decodeTask(engine, products, work),
    dispose: () => engine.close(),
  };
}

function matmulTask(engine: Engine, products: Products, { m, k, n, x, w }: MatmulWork): MatmulTask {
  const xs = tf.tensor2d(x, [m, k]);
  // A weight that is transposed, where that is faster, is transposed once.
  const ws = products.prepare(new Matrix(tf.tensor2d(w, [n, k])));
  let y: tf.Tensor = tf.zeros([1, 1]);
  return {
    async run() {
      y.dispose();
      y = tf.tidy(() => products.timesTransposed(xs, ws));
      await engine.done();
    },
    result: () => floatsOf(y),
    dispose() {
      tf.dispose([xs, y]);
      ws.dispose();
      engine.releasePool();
    },
  };
}
