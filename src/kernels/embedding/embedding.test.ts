import { describe, expect, it } from 'vitest';
import { integers, kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernels/kernel-harness';
import { launchEmbedding } from '../../testing/kernels/launch';
import {
  embeddingBackwardKernel,
  embeddingForwardKernel,
  rowsByIndex,
  scatterRows,
  scatterRowsKernel,
} from './embedding';
import * as reference from './embedding.reference';

function embeddingCase(rows: number, vocab: number, hidden: number, tokens = integers(rows, 1, vocab)): KernelCase {
  const args = { rows, vocab, hidden, tokens, table: normals(vocab * hidden, 2), dY: normals(rows * hidden, 3) };
  return {
    name: `${rows} rows, ${vocab} entries of ${hidden}, first ${tokens[0]}`,
    launch: (bench) => launchEmbedding(bench, args),
    want: () => ({ y: reference.embeddingForward(args), dE: reference.embeddingBackward(args) }),
  };
}

/** `rows` distinct rows out of twice as many. */
function scatterCase(rows: number, hidden: number): KernelCase {
  const index = Uint32Array.from({ length: rows }, (_, n) => 2 * n + (n % 2));
  const args = { rows, hidden, index, x: normals(rows * hidden, 1), y: normals(2 * rows * hidden, 2) };
  return {
    name: `scatter ${rows} rows of ${hidden}`,
    launch: (bench) =>
      bench.run(async (scope) => {
        const y = scope.floats('y', args.y);
        scatterRows(scope.recorder, {
          x: scope.floats('x', args.x).slice,
          index: scope.words('index', index).slice,
          y: y.slice,
          rows,
          cols: hidden,
        });
        return { y: await scope.readFloats(y) };
      }),
    want: () => ({ y: reference.scatterRows(args) }),
  };
}

kernelTests(
  'embedding',
  [embeddingForwardKernel, embeddingBackwardKernel, scatterRowsKernel],
  [
    ...SIZES.map((n) => embeddingCase(n, 5, 3)),
    ...SIZES.map((n) => embeddingCase(9, n, 2)),
    ...SIZES.map((n) => embeddingCase(4, 3, n)),
    embeddingCase(65, 4, 3, new Uint32Array(65).fill(3)),
    embeddingCase(257, 9, 40),
    ...SIZES.map((n) => scatterCase(n, 3)),
    scatterCase(3, 65),
  ],
);

describe('rowsByIndex', () => {
  it('lists the rows of every entry in ascending order', () => {
    const { offsets, rowsOf } = rowsByIndex(Uint32Array.of(2, 0, 2, 3), 5);
    expect([...offsets]).toEqual([0, 1, 1, 3, 4, 4]);
    expect([...rowsOf]).toEqual([1, 0, 2, 3]);
  });
});
