import { readFileSync } from 'node:fs';
import { basePath } from '../../node/families';
import { configForPreset, type RunConfig } from '../../config/schema';
import { microwikiFamily } from '../../env/microwiki';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { Learner } from '../../rl/learning/learner';
import { decodeBase } from '../../trainer/state/checkpoint';
import { openNodeGpu } from '../../node/node-gpu';

/** A device as the commands open it. */
export async function openTestGpu(): Promise<Gpu> {
  return openGpu(await openNodeGpu(), wgslIncludes);
}

/** A small learner on microwiki. Its policy is random until it starts from something. */
export function smallLearner(gpu: Gpu, overrides: Partial<RunConfig> = {}): Learner {
  const config = configForPreset('search-r2', {
    size: 'tiny',
    prompts: 4,
    groupSize: 3,
    poolSize: 3,
    evalQuestions: 8,
    ...overrides,
  });
  return new Learner(gpu, config, microwikiFamily());
}

/** The base policy that ships for tiny on microwiki: it searches, reads and answers, which a random one never does. */
export function shippedBase(learner: Learner): Float32Array<ArrayBuffer> {
  const path = basePath(learner.config);
  return decodeBase(learner, readFileSync(path), path);
}
