import { crossEntropy } from '../../src/kernels/cross-entropy/cross-entropy';
import { reduceColumns } from '../../src/kernels/reduce/reduce';
import { BatchUploader } from '../../src/models/batch';
import { OptimizerState } from '../../src/models/optimizer';
import { parameterTable } from '../../src/models/parameters';
import { Transformer } from '../../src/models/transformer';
import type { TrainTask, TrainWork } from './contender';
import { readRows, uploadWeights, type Bench } from './cutpoint-task';

/** The whole step in one submit, losses left on the GPU. Every position is selected, as all of them are targets. */
export function trainTask(bench: Bench, work: TrainWork): TrainTask {
  const { gpu, owner, recorder, readback } = bench;
  const { shape, sequences, length, tokens, targets, weights, adam } = work;
  const rows = sequences * length;
  const table = parameterTable(shape);
  const model = new Transformer(recorder, owner, table, rows, length);
  const optimizer = new OptimizerState(recorder, owner, table);
  uploadWeights(bench, table, weights, optimizer.params);
  const batch = new BatchUploader(gpu.device, owner, shape.vocab, rows).upload({
    tokens,
    lengths: Array.from({ length: sequences }, () => length),
    selected: Uint32Array.from({ length: rows }, (_, row) => row),
  });
  const wanted = owner.upload('targets', targets);
  const shares = owner.upload('shares', new Float32Array(rows).fill(1 / rows));
  const nll = owner.storage('nll', rows * 8);
  const total = owner.storage('loss', 8);
  return {
    async run() {
      optimizer.clearGradients();
      recorder.clear(total);
      model.forward(optimizer.params, batch);
      crossEntropy(recorder, {
        logits: model.logits,
        targets: wanted,
        weights: shares,
        nll,
        rows,
        vocab: shape.vocab,
        ld: model.logitStride,
      });
      reduceColumns(recorder, { x: nll, y: total, rows, cols: 2 });
      model.backward(optimizer.params, optimizer.grads, batch);
      optimizer.update({ ...adam, weightDecay: 0, maxGradNorm: 0 });
      await recorder.finish();
    },
    async logits() {
      model.forward(optimizer.params, batch);
      return readRows(bench, model.logits, rows, shape.vocab, model.logitStride);
    },
    loss: async () => (await readback.readF32(total, 2))[1] ?? NaN,
    dispose: () => owner.destroyAll(),
  };
}
