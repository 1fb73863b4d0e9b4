import { jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { TrainTask, TrainWork } from '../../contender';
import { integers, readFloats } from './arrays';
import { forward, loadParams, loadTables, meanLoss, type Params, type Tables } from './block';

/** A training step: forward, backward and Adam in one compiled function. */
export function trainTask({ shape, sequences, length, tokens, targets, weights, adam }: TrainWork): TrainTask {
  const { lr, beta1, beta2, eps } = adam;
  const rows = sequences * length;
  const inputs = integers(tokens, [rows]);
  const wanted = integers(targets, [rows]);
  const tables = loadTables(shape, length);
  let params = loadParams(shape, weights);
  let first = tree.map((x: np.Array) => np.zerosLike(x.ref), params);
  let second = tree.map((x: np.Array) => np.zerosLike(x.ref), params);
  let loss: np.Array | undefined;
  let steps = 0;

  // Adam is three small kernels a tensor. With the layers stacked it would be fewer, but then each layer's part is copied out
  // for the forward pass and its gradient copied in: as many dispatches with four layers, and more to copy.
  const step = jit(function step(
    params: Params,
    first: Params,
    second: Params,
    inputs: np.Array,
    wanted: np.Array,
    tables: Tables,
    rate: np.Array,
    correction: np.Array,
  ): [Params, Params, Params, np.Array] {
    const lossOf = (p: Params) => meanLoss(shape, p, inputs.ref, wanted.ref, tree.ref(tables));
    const [value, grads] = valueAndGrad(lossOf)(tree.ref(params));
    tree.dispose([inputs, wanted]);
    tree.dispose(tables);
    const m = tree.map((m: np.Array, g: np.Array) => m.mul(beta1).add(g.ref.mul(1 - beta1)), first, grads);
    const v = tree.map((v: np.Array, g: np.Array) => v.mul(beta2).add(np.square(g).mul(1 - beta2)), second, grads);
    const change = (p: np.Array, m: np.Array, v: np.Array) =>
      p.sub(m.ref.mul(rate.ref).div(np.sqrt(v.ref.mul(correction.ref)).add(eps)));
    const next = tree.map(change, params, m, v);
    tree.dispose([rate, correction]);
    return [next, m, v, value];
  });
  const predict = jit((params: Params, inputs: np.Array, tables: Tables) => forward(shape, params, inputs, tables));

  return {
    async run() {
      steps += 1;
      // Numbers that change come as arguments: as constants they would be compiled in.
      const rate = np.array(lr / (1 - beta1 ** steps));
      const correction = np.array(1 / (1 - beta2 ** steps));
      loss?.dispose();
      // The old state is handed over, so its buffers serve again.
      [params, first, second, loss] = step(
        params,
        first,
        second,
        inputs.ref,
        wanted.ref,
        tree.ref(tables),
        rate,
        correction,
      );
      // All results share the step's kernels: waiting for one submits them all and waits for the whole queue.
      await loss.blockUntilReady();
    },
    logits: () => readFloats(predict(tree.ref(params), inputs.ref, tree.ref(tables))),
    async loss() {
      if (loss === undefined) throw new Error('no step was done');
      const [value = NaN] = await readFloats(loss.ref);
      return value;
    },
    dispose() {
      tree.dispose([inputs, wanted]);
      tree.dispose(tables);
      for (const state of [params, first, second]) tree.dispose(state);
      loss?.dispose();
      step.dispose();
      predict.dispose();
    },
  };
}
