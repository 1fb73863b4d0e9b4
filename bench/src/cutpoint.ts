/** Our engine as a contender, through the launchers and models that training itself uses. */
import packageJson from '../../package.json';
import { openGpu } from '../../src/gpu/device';
import { Readback } from '../../src/gpu/readback';
import { Recorder } from '../../src/gpu/recorder';
import { wgslIncludes } from '../../src/kernels/includes';
import { linearForward } from '../../src/kernels/linear/linear';
import { planTranspose, tiledWeights, transposedSize, transposeWeights } from '../../src/kernels/linear/transpose';
import { chooseVariants } from '../../src/kernels/variants';
import type { Contender, MatmulTask, MatmulWork } from './contender';
import { decodeTask } from './cutpoint-decode';
import { readRows, type Bench } from './cutpoint-task';
import { trainTask } from './cutpoint-train';

export async function openCutpoint(): Promise<Contender> {
  const gpu = await openGpu(navigator.gpu, wgslIncludes);
  // As a run does it when it starts.
  await chooseVariants(new Recorder(gpu));
  /** Async, so that what a device refuses is a rejection like any other. */
  const task = async <W, T>(work: W, make: (bench: Bench, work: W) => T): Promise<T> => {
    const owner = gpu.buffers.scope();
    try {
      const recorder = new Recorder(gpu, owner);
      return await Promise.resolve(make({ gpu, owner, recorder, readback: new Readback(recorder, owner) }, work));
    } catch (error) {
      owner.destroyAll();
      throw error;
    }
  };
  return {
    name: 'cutpoint',
    version: packageJson.version,
    matmul: (work) => task(work, matmulTask),
    train: (work) => task(work, trainTask),
    decode: (work) => task(work, decodeTask),
    dispose: () => gpu.close(),
  };
}

function matmulTask(bench: Bench, { m, k, n, x, w }: MatmulWork): MatmulTask {
  const { owner, recorder } = bench;
  const xs = owner.upload('x', x);
  const arena = owner.upload('w', w);
  const plan = planTranspose([{ offset: 0, outs: n, inner: k, half: 4 }]);
  const words = owner.upload('plan', plan.words);
  const out = owner.storage('tiles', transposedSize(plan) * 4);
  const [weight] = tiledWeights(out, plan);
  if (weight === undefined) throw new RangeError('the plan has no matrix');
  const y = owner.storage('y', m * n * 4);
  return {
    async run() {
      // The copy of the weights that a model makes before it uses them belongs to the product.
      transposeWeights(recorder, { arena, plan: words, out, blocks: plan.blocks, fold: false });
      linearForward(recorder, { x: xs, weight, y, rows: m, inner: k, outs: n, ld: n });
      await recorder.finish();
    },
    result: () => readRows(bench, y, m, n, n),
    dispose: () => owner.destroyAll(),
  };
}
