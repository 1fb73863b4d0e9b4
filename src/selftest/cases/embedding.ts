import * as reference from '../../kernels/embedding/embedding.reference';
import { scatterRows } from '../../kernels/embedding/embedding';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchEmbedding } from '../launch/launch';

export function embeddingCase(
  rows: number,
  vocab: number,
  hidden: number,
  tokens = integers(rows, 1, vocab),
): KernelCase {
  const args = { rows, vocab, hidden, tokens, table: normals(vocab * hidden, 2), dY: normals(rows * hidden, 3) };
  return {
    name: `${rows} rows, ${vocab} entries of ${hidden}, first ${tokens[0]}`,
    launch: (bench) => launchEmbedding(bench, args),
    want: () => ({ y: reference.embeddingForward(args), dE: reference.embeddingBackward(args) }),
  };
}

/** `rows` distinct rows out of twice as many. */
export function scatterCase(rows: number, hidden: number): KernelCase {
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
