/**
 * Safari and graphics cards by their compilers: every module is validated by naga, and translated to what Metal, Direct3D and Vulkan
 * take. Half a minute at most.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { microwikiFamily } from '../../env/microwiki';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { Learner } from '../../rl/learning/learner';
import { openNaga } from '../../testing/kernels/naga';
import { engineModules, notingGpu, type EngineModule } from './engine-modules';

let gpu: Gpu;
let modules: ReadonlyMap<string, EngineModule>;
let naga: (code: string) => string;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  [modules, naga] = await Promise.all([engineModules(gpu), openNaga()]);
});
afterAll(() => gpu.close());

it('has every shader, in base, subgroup and cooperative form, with 32-bit and 16-bit caches', () => {
  const shaders = Object.keys(import.meta.glob('../../../shaders/*.wgsl')).map((path) =>
    path.replace(/.*\/|\.wgsl/g, ''),
  );
  const all = [...modules.values()];
  expect([...new Set(all.map(({ kernel }) => kernel))].sort()).toEqual(shaders.sort());
  for (const name of ['BASE', 'SUBGROUPS', 'COOPERATIVE', 'HALF_CACHE', 'QUARTETS']) {
    expect(all.filter(({ constants }) => constants[name] === 1).length, name).toBeGreaterThan(0);
  }
});

it('has what a run compiles on its way', async () => {
  const noting = notingGpu(gpu);
  const config = configForPreset('search-r2', { size: 'tiny', prompts: 2, groupSize: 2, refinerWeights: 'separate' });
  const learner = new Learner(noting.gpu, config, microwikiFamily());
  await learner.compile();
  await (
    await learner.update()
  ).metrics;
  learner.destroy();
  expect(noting.modules.size).toBeGreaterThan(20);
  expect([...noting.modules.keys()].filter((key) => !modules.has(key))).toEqual([]);
});

it('every module is one that naga validates and translates to Metal, Direct3D and Vulkan', () => {
  const refused = [...modules].map(([key, { code }]) => `${key}: ${naga(code)}`).filter((line) => !line.endsWith(': '));
  expect(refused).toEqual([]);
  console.log(`naga took ${modules.size} modules.`);
});

it('a module that naga refuses is found', () => {
  const square = `enable subgroups;
@group(0) @binding(0) var<storage, read_write> r: array<u32>;
@compute @workgroup_size(8, 4) fn main(@builtin(subgroup_invocation_id) lane: u32) { r[lane] = subgroupShuffle(lane, 1u); }`;
  expect(naga(square)).toMatch(/^metal: Validation failed/);
  expect(naga(square.replace('8, 4', '32'))).toBe('');
});
