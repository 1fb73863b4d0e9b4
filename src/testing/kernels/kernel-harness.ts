/**
 * One harness for all kernels. Each case launches on the GPU, twice in the base path and twice in the cooperative variants, and is
 * compared with its float64 reference: within the bounds of the golden README, bit for bit equal between the two runs and with subgroups
 * (as wide as the adapter's with parameters as immediates, and in quartets) where there are some, and where each dispatch is cut into parts, nothing written behind the end of a tensor, nothing left out, no device error, and as many live buffers as before.
 * A machine without an adapter fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type KernelVariants } from '../../gpu/device';
import type { KernelSpec } from '../../gpu/kernel';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { compareNumbers, differs, float32Bound } from '../../selftest/bench/bounds';
import { GpuBench } from '../../selftest/bench/gpu-bench';
import { inParts, withVariants, type KernelCase } from '../../selftest/bench/kernel-case';

/** Sizes around the workgroup sizes, where kernels go wrong. */
export const SIZES = [1, 7, 63, 64, 65, 257] as const;

/**
 * Registers the tests of one operation.
 *
 * @param file the fixture whose bounds hold ('linear', ..)
 * @param kernels what these cases are about: each must have been dispatched in the end
 */
export function kernelTests(file: string, kernels: readonly KernelSpec[], cases: readonly KernelCase[]): void {
  describe(`${file} on the GPU`, () => {
    const bench = useBench();

    it.each(cases.map((entry) => [entry.name, entry] as const))(
      '%s',
      async (_, { name, launch, want, bound, exactZeros = [] }) => {
        const { buffers } = bench().gpu;
        const run = (variants: Partial<KernelVariants>) => withVariants(bench(), variants, () => launch(bench()));
        const first = await run({});
        const live = buffers.liveCount;
        const second = await run({});
        const { subgroups, immediates } = bench().gpu;
        const shared = await run({ subgroups, immediates });
        const quartets = await run({ subgroups, givers: 4 });
        const narrow = await run({ givers: 4 });
        const cooperative = await run({ cooperative: true });
        const again = await run({ cooperative: true });
        const parts = await inParts(bench(), () => run({}));
        const cooperativeParts = await inParts(bench(), () => run({ cooperative: true }));
        expect(buffers.liveCount, 'live buffers').toBe(live);
        const wanted = want();
        for (const [variant, outputs] of Object.entries({ base: first, cooperative })) {
          expect(Object.keys(outputs).sort(), variant).toEqual(Object.keys(wanted).sort());
          for (const [output, got] of Object.entries(outputs)) {
            const result = compareNumbers(got, wanted[output]!, bound ?? float32Bound(file, name, output));
            expect(result.ok, `${output}, ${variant}: ${JSON.stringify(result)}`).toBe(true);
            if (exactZeros.includes(output)) {
              const leak = Array.from(got).findIndex((x, i) => wanted[output]![i] === 0 && x !== 0);
              expect(leak, `${output}, ${variant}, is not exactly 0 at`).toBe(-1);
            }
          }
        }
        for (const output of Object.keys(wanted)) {
          expect(differs(first[output]!, second[output]!), `${output} differs between two runs at`).toBe(-1);
          expect(differs(first[output]!, shared[output]!), `${output} of the subgroup variant differs at`).toBe(-1);
          expect(differs(first[output]!, quartets[output]!), `${output} of quartets differs at`).toBe(-1);
          expect(differs(first[output]!, parts[output]!), `${output} in parts differs at`).toBe(-1);
          expect(
            differs(cooperative[output]!, cooperativeParts[output]!),
            `${output}, cooperative, in parts differs at`,
          ).toBe(-1);
          expect(
            differs(first[output]!, narrow[output]!),
            `${output} without subgroups beside quartets differs at`,
          ).toBe(-1);
          expect(
            differs(cooperative[output]!, again[output]!),
            `${output}, cooperative, differs between two runs at`,
          ).toBe(-1);
        }
      },
    );

    it('dispatched every kernel it is about', () => {
      expect([...bench.dispatched()]).toEqual(expect.arrayContaining(kernels.map((kernel) => kernel.name)));
    });
  });
}

/** A device for the tests of a file. Call in a describe block; the result gives the bench from inside tests. */
export function useBench(): { (): GpuBench; dispatched: () => ReadonlySet<string> } {
  let bench: GpuBench | undefined;
  beforeAll(async () => {
    bench = new GpuBench(await openGpu(await openNodeGpu(), wgslIncludes));
  });
  afterAll(() => bench?.gpu.close());
  const get = () => {
    if (!bench) throw new Error('the device opens before the first test');
    return bench;
  };
  return Object.assign(get, { dispatched: () => get().dispatched });
}
