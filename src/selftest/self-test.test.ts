/** That every kernel passes is for the doctor's test to show; here, that a wrong one does not. */
import { describe, expect, it } from 'vitest';
import { openGpu } from '../gpu/device';
import { philoxKernel } from '../kernels/philox/philox';
import { wgslIncludes } from '../kernels/includes';
import { sampleCooperativeKernel, sampleKernel } from '../kernels/sampling/sampling';
import { openNodeGpu } from '../node/node-gpu';
import { useBench } from '../testing/kernels/kernel-harness';
import { GpuBench } from './bench/gpu-bench';
import type { KernelCase, Outputs } from './bench/kernel-case';
import { kernelCases, type SelfTestCase } from './kernel-cases';
import { selfTest, type SelfTestProgress } from './self-test';

describe('selfTest on shaders with a fault', () => {
  /** A device whose kernels expand another philox.wgsl. */
  async function failures(change: (text: string) => string): Promise<Record<string, string>> {
    const text = wgslIncludes.get('philox.wgsl') ?? '';
    expect(change(text)).not.toBe(text);
    const gpu = await openGpu(await openNodeGpu(), new Map([...wgslIncludes, ['philox.wgsl', change(text)]]));
    const cases = kernelCases().filter(({ file }) => file === 'philox');
    const { verdicts } = await selfTest(new GpuBench(gpu), () => undefined, cases);
    gpu.close();
    return Object.fromEntries(verdicts.filter(({ passed }) => !passed).map(({ kernel, problem }) => [kernel, problem]));
  }

  it('finds what a wrong constant changes, and nothing else', async () => {
    const found = await failures((text) => text.replace('0x9E3779B9u', '0x9E3779BAu'));
    expect(Object.keys(found)).toEqual(['philox']);
    expect(found['philox']).toMatch(/^words \[\d+\] is \d+ and should be \d+ \(65 counters\)$/);
  });

  it('says what a compiler refuses', async () => {
    const found = await failures((text) => text.replace('fn uniform_from_word', 'fn uniform_from_wrd'));
    expect(found['uniform_from_words']).toContain('the device reports');
  });
});

describe('selfTest on outputs', () => {
  const bench = useBench();

  /** A case that launches nothing and gives these outputs, one list after the other, as if of this kernel. */
  function pretend(outputs: readonly Outputs[], want: Outputs, more: Partial<KernelCase> = {}): SelfTestCase {
    let launches = 0;
    const launched = {
      name: 'pretended',
      launch: (used: GpuBench) => {
        used.dispatched.add(philoxKernel.name);
        return Promise.resolve(outputs[launches++ % outputs.length] ?? {});
      },
      want: () => want,
      ...more,
    };
    return { file: 'linear', launched, answers: [{ kernels: [philoxKernel] }] };
  }

  it.each([
    [[{ y: [1, 2] }], { y: [1, 2] }, '', 0],
    [[{ y: [1, 2 + 1e-6] }], { y: [1, 2] }, '', 5e-7],
    [[{ y: [1, 2.1] }], { y: [1, 2] }, 'y [1] is 2.1 and should be 2 (pretended)', 0.05],
    [[{ y: [1, NaN] }], { y: [1, 2] }, 'y [1] is NaN and should be 2 (pretended)', Infinity],
    [[{ y: [1] }], { y: [1, 2] }, 'y has 1 numbers and should have 2 (pretended)', Infinity],
    [[{}], { y: [1] }, 'y has 0 numbers and should have 1 (pretended)', Infinity],
    [[{ y: [0, 1e-7] }], { y: [0, 0] }, 'y [1] is 1e-7 and should be exactly 0 (pretended)', 1e-7],
    [[{ y: [1] }, { y: [1 + 2e-7] }], { y: [1] }, 'y [0] differs between two runs (pretended)', 0],
  ] as const)('judges %j beside %j', async (outputs, want, problem, error) => {
    const { verdicts } = await selfTest(bench(), () => undefined, [pretend(outputs, want, { exactZeros: ['y'] })]);
    expect(verdicts).toMatchObject([{ kernel: 'philox', passed: problem === '', problem }]);
    expect(verdicts[0]?.error).toBeCloseTo(error, 9);
  });

  it('keeps the failure of a kernel beside a case that it passes, and the larger error', async () => {
    const good = pretend([{ y: [1 + 5e-6] }], { y: [1] });
    const bad = pretend([{ y: [1] }, { y: [1 - 1e-7] }], { y: [1] });
    for (const cases of [
      [good, bad],
      [bad, good],
    ]) {
      const { verdicts } = await selfTest(bench(), () => undefined, cases);
      expect(verdicts).toMatchObject([{ passed: false, problem: 'y [0] differs between two runs (pretended)' }]);
      expect(verdicts[0]?.error).toBeCloseTo(5e-6, 9);
    }
  });

  it.each([
    { cooperative: false, forms: ['base', 'base', 'cooperative'] },
    { cooperative: true, forms: ['cooperative', 'cooperative', 'base'] },
  ])('launches in the other form what has kernels of its own there: $forms', async ({ cooperative, forms }) => {
    const { variants } = bench().gpu;
    const before = variants.cooperative;
    variants.cooperative = cooperative;
    const once = pretend([{ y: [1] }], { y: [1] });
    const launch = ({ dispatched, gpu }: GpuBench) => {
      dispatched.add(gpu.variants.cooperative ? sampleCooperativeKernel.name : sampleKernel.name);
      return Promise.resolve({ y: [1] });
    };
    const { launched } = pretend([], { y: [1] }, { launch });
    const twice = { file: 'linear', launched, answers: [{ kernels: [sampleKernel, sampleCooperativeKernel] }] };
    const told: SelfTestProgress[] = [];
    const { verdicts } = await selfTest(bench(), (progress) => told.push(progress), [once, twice]);
    variants.cooperative = before;
    expect(told.map(({ under }) => under)).toEqual(forms.map((form) => `linear, pretended, ${form} form`));
    expect(told.map(({ done, launches }) => [done, launches])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(told.map((progress) => progress.verdicts.length)).toEqual([0, 1, 2]);
    const samplers = cooperative ? ['sample_cooperative', 'sample'] : ['sample', 'sample_cooperative'];
    expect(verdicts.map(({ kernel, passed }) => [kernel, passed])).toEqual(
      ['philox', ...samplers].map((name) => [name, true]),
    );
  });
});
