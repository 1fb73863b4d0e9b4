import * as reference from '../../kernels/philox/philox.reference';
import { philox } from '../../kernels/philox/philox';
import { uniformsFromWords } from '../../kernels/philox/uniform';
import { integers } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';

const EDGES = [0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xffffff00, 0xffffffff];

/** Words spread over all 32 bits, edges first. */
export function words(length: number, seed: number): Uint32Array {
  return integers(length, seed, 2 ** 32).map((word, i) => EDGES[i] ?? Math.imul(word, 2654435761));
}

export function blockCase(count: number): KernelCase {
  const counters = words(count * 4, count);
  const [key0, key1] = [0xdeadbeef, 3];
  return {
    name: `${count} counters`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const out = scope.output('words', count * 4);
        const first = scope.output('uniforms', count);
        philox(scope.recorder, {
          counters: scope.words('counters', counters).slice,
          words: out.slice,
          uniforms: first.slice,
          count,
          key0,
          key1,
        });
        return { words: await scope.readWords(out), uniforms: await scope.readFloats(first) };
      }),
    want: () => {
      const blocks = Array.from({ length: count }, (_, n) =>
        reference.philoxBlock(counters.subarray(4 * n, 4 * n + 4), [key0, key1]),
      );
      return {
        words: blocks.flatMap((block) => [...block]),
        uniforms: blocks.map((block) => reference.uniformFromWord(block[0]!)),
      };
    },
  };
}

export function uniformCase(count: number): KernelCase {
  const input = words(count, 1);
  return {
    name: `${count} words to uniforms`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const uniforms = scope.output('uniforms', count);
        uniformsFromWords(scope.recorder, {
          words: scope.words('words', input).slice,
          uniforms: uniforms.slice,
          count,
        });
        return { uniforms: await scope.readFloats(uniforms) };
      }),
    want: () => ({ uniforms: Array.from(input, reference.uniformFromWord) }),
  };
}
