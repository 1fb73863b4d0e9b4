/**
 * Products with weights, each in the faster of two ways. Which one that is depends on the adapter, so it is measured once.
 *
 * Tiles: tf.matMul, whose workgroups share tiles of 32 x 32 numbers between barriers.
 * Windows: tf.conv2dTranspose with a window of one pixel, which is a product too. Each invocation computes 2 x 4 numbers from
 * rows of four and waits for nobody: half the time on SwiftShader, up to a fifth less on llvmpipe.
 */
import * as tf from '@tensorflow/tfjs';
import type { Engine } from './engine';
import { add, columnMean, transposed, type Tensor } from './ops';

/** Of the usual way's time: near a tie, which llvmpipe is, other load on the machine shall not decide. */
const CLEARLY = 0.7;
/** Rows that are summed in one product for a weight's gradient. */
const SHEET = 512;

/** A tensor and its transposition, made when first wanted, in the tf.tidy of whoever wants it. */
export class Matrix {
  private other: Tensor | undefined;

  /** @param value (rows,cols) */
  constructor(readonly value: Tensor) {}

  get transposed(): Tensor {
    return (this.other ??= tf.tidy(() => transposed(this.value)));
  }

  dispose(): void {
    tf.dispose(this.other === undefined ? this.value : [this.value, this.other]);
  }
}

/** (rows,n) x w + bias for x (rows,k), w (k,n), bias (rows,n), which costs nothing here. */
function tiles(x: Tensor, w: Tensor, bias: Tensor | undefined): Tensor {
  return bias === undefined ? tf.matMul(x, w) : tf.fused.matMul({ a: x, b: w, bias });
}

/** (rows,n) x w^T + bias for x (rows,k), w (n,k), bias (rows,n); k and n multiples of 4, or it would be slow. */
function windows(x: Tensor, w: Tensor, bias?: Tensor): Tensor {
  const [rows = 1, k = 1] = x.shape;
  const [n = 1] = w.shape;
  // A workgroup covers 4 x 8 pixels.
  const height = rows % 4 === 0 ? 4 : 1;
  const image = tf.reshape<tf.Rank.R4>(x, [1, height, rows / height, k]);
  const filter = tf.reshape<tf.Rank.R4>(w, [1, 1, n, k]);
  const product = tf.reshape(tf.conv2dTranspose(image, filter, [1, height, rows / height, n], 1, 'valid'), [rows, n]);
  return bias === undefined ? product : add(product, bias);
}

function byFours(...sizes: readonly (number | undefined)[]): boolean {
  return sizes.every((size = 1) => size % 4 === 0);
}

export class Products {
  private constructor(
    private readonly plainWindows: boolean,
    private readonly headWindows: boolean,
    private readonly gradientWindows: boolean,
  ) {}

  static async choose(engine: Engine): Promise<Products> {
    const [asTiles, asWindows] = [new Products(false, false, false), new Products(true, true, true)];
    const x = tf.ones([1024, 128]);
    const w = tf.ones([128, 128]);
    const [wideX, wideW] = [tf.ones([1024, 336]), tf.ones([128, 336])];
    const clearly = async (usual: Products, other: Products, run: (products: Products) => Tensor) =>
      (await engine.faster(usual, other, run, CLEARLY)) === asWindows;
    const products = new Products(
      await clearly(asWindows, asTiles, (way) => way.timesTransposed(wideX, new Matrix(wideW))),
      // Here windows need transpositions of activations, which count for more in a larger batch.
      await clearly(asTiles, asWindows, (way) => way.byHeads(x, new Matrix(w), 4)),
      await clearly(asTiles, asWindows, (way) => way.transposedTimes(new Matrix(x), new Matrix(x), 1)),
    );
    tf.dispose([x, w, wideX, wideW]);
    return products;
  }

  /** In how many sheets of equal height `transposedTimes` best cuts `rows` rows. */
  sheetsOf(rows: number): number {
    let sheets = this.gradientWindows ? 1 : Math.max(1, Math.floor(rows / SHEET));
    while (rows % sheets !== 0) sheets -= 1;
    return sheets;
  }

  /** Makes what `timesTransposed` wants of a matrix that stays; not within tf.tidy. */
  prepare(m: Matrix): Matrix {
    if (!this.usesWindows(m)) void m.transposed;
    return m;
  }

  /** (rows,n) x m + bias for x (rows,k), m (k,n), bias (rows,n). */
  times(x: Tensor, m: Matrix, bias?: Tensor): Tensor {
    return this.usesWindows(m) ? windows(x, m.transposed, bias) : tiles(x, m.value, bias);
  }

  /** (rows,n) x m^T + bias for x (rows,k), m (n,k), bias (rows,n). */
  timesTransposed(x: Tensor, m: Matrix, bias?: Tensor): Tensor {
    return this.usesWindows(m) ? windows(x, m.value, bias) : tiles(x, m.transposed, bias);
  }

  /** (heads,rows,n/heads) x m^T for x (rows,k), m (n,k). */
  byHeads(x: Tensor, m: Matrix, heads: number): Tensor {
    const [rows = 1, k = 1] = x.shape;
    const headDim = (m.value.shape[0] ?? 1) / heads;
    if (this.headWindows && byFours(...m.value.shape)) {
      return tf.transpose(tf.reshape(windows(x, m.value), [rows, heads, headDim]), [1, 0, 2]);
    }
    // With x as a batch of one for all heads, the product comes out by heads.
    const split = tf.transpose(tf.reshape(m.value, [heads, headDim, k]), [0, 2, 1]);
    return tf.matMul(tf.reshape(x, [1, rows, k]), split);
  }

  /**
   * (m,n) a^T b / sheets for a (rows,m) and b (rows,n), m n even. As tiles, each sheet of rows is a product of its own, and
   * pooling adds them up: a product over thousands of rows has few workgroups, each of which walks through all of memory
   * (10-18% slower on llvmpipe). Windows need no sheets, only their division.
   */
  transposedTimes(a: Matrix, b: Matrix, sheets: number): Tensor {
    const [rows = 1, m = 1] = a.value.shape;
    const n = b.value.shape[1] ?? 1;
    if (this.gradientWindows && sheets === 1 && byFours(rows, m, n)) return windows(a.transposed, b.transposed);
    if (sheets === 1) return tf.matMul(a.value, b.value, true);
    const cut = ({ value }: Matrix, cols: number) => tf.reshape(value, [sheets, rows / sheets, cols]);
    const products = tf.matMul(cut(a, m), cut(b, n), true);
    return tf.reshape(columnMean(tf.reshape(products, [sheets, m * n])), [m, n]);
  }

  private usesWindows({ value }: Matrix): boolean {
    return this.plainWindows && byFours(...value.shape);
  }
}
