import { integers, kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernel-harness';
import { launchRope } from '../../testing/launch';
import { ropeCache, ropeCacheKernel, ropeKernel, ropeTable } from './rope';
import * as reference from './rope.reference';

function ropeCase(batch: number, heads: number, seqLen: number, headDim: number, offset = 0, scale = 1): KernelCase {
  const count = batch * heads * seqLen * headDim;
  const shape = { batch, heads, seqLen, headDim, offset, theta: 10000 };
  const args = { ...shape, x: normals(count, 1, scale), dy: normals(count, 2) };
  return {
    name: `${batch} x ${heads} heads of ${headDim}, ${seqLen} positions from ${offset}, times ${scale}`,
    launch: (bench) => launchRope(bench, args),
    want: () => ({ y: reference.ropeForward(args), dx: reference.ropeBackward(args) }),
  };
}

/** One new token in each of `active` rows out of `batch`, at different positions. */
function cacheCase(batch: number, active: number, headDim: number): KernelCase {
  const [heads, kvHeads, positions, theta] = [4, 2, 5, 10000];
  const rows = Array.from({ length: active }, (_, n) => batch - 1 - n);
  const lengths = integers(active, 1, positions).map((p) => p + 1);
  const args = {
    heads,
    kvHeads,
    headDim,
    positions,
    theta,
    rows,
    lengths,
    qkv: normals(active * (heads + 2 * kvHeads) * headDim, 2),
    cache: normals(batch * positions * 2 * kvHeads * headDim, 3),
  };
  return {
    name: `into the cache: ${active} of ${batch} rows, heads of ${headDim}`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const qkv = scope.floats('qkv', args.qkv);
        const cache = scope.floats('cache', args.cache);
        ropeCache(scope.recorder, {
          activeRows: scope.words('activeRows', rows).slice,
          activeCount: scope.words('activeCount', [active]).slice,
          lengths: scope.words('lengths', lengths).slice,
          table: scope.floats('table', ropeTable(positions, headDim, theta)).slice,
          qkv: qkv.slice,
          cache: cache.slice,
          // One workgroup more than there are active rows: it must not touch anything.
          rows: active + 1,
          ld: (heads + 2 * kvHeads) * headDim,
          heads,
          kvHeads,
          headDim,
          positions,
          groups: [active + 1, 1, 1],
        });
        const width = (heads + 2 * kvHeads) * headDim;
        const rotated = await scope.readFloats(qkv);
        // Keys and values of qkv itself are scratch after this.
        const q = rotated.filter((_, e) => e % width < heads * headDim);
        return { q, cache: await scope.readFloats(cache) };
      }),
    want: () => reference.ropeCache(args),
  };
}

kernelTests(
  'rope',
  [ropeKernel, ropeCacheKernel],
  [
    ...SIZES.map((n) => ropeCase(1, 1, n, 2)),
    ...SIZES.map((n) => ropeCase(n, 2, 1, 4, 3)),
    ...[2, 6, 64, 130].map((d) => ropeCase(2, 3, 3, d, 7)),
    ropeCase(1, 2, 3, 8, 0, 0),
    ropeCase(1, 2, 3, 8, 0, 1e4),
    ...SIZES.map((n) => cacheCase(n, n, 4)),
    cacheCase(7, 3, 2),
    cacheCase(3, 2, 64),
  ],
);
