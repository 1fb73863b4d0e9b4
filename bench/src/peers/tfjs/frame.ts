import * as tf from '@tensorflow/tfjs';
import type { TransformerShape } from '../../../../src/models/parameters';
import type { TrainWork } from '../../contender';
import { add, type Tensor } from './ops';
import type { Products } from './products';
import { angleOf } from './weights';

/** Factors (length * headDim) of a rotation: of a feature, and of its partner in the head's other half. */
interface Turn {
  own: Tensor;
  partner: Tensor;
}

/** Sizes of a batch and the constants that its steps share, made once: a scalar made in a step is an upload. */
export class Frame {
  readonly shape: TransformerShape;
  readonly sequences: number;
  readonly length: number;
  /** Tokens of a batch. Row n is token n % length of sequence n / length. */
  readonly rows: number;
  /** By how many `transposedTimes` divides. */
  readonly sheets: number;
  /** (1,1) 0 and (rows,1) 1. */
  readonly zero: Tensor;
  readonly ones: Tensor;
  /** (1,length,length) what hides the future when added to scores. */
  readonly mask: Tensor;
  /** Rotations of queries, which also scale them by 1 / sqrt(headDim), and of keys; and those of their gradients. */
  readonly turns: Readonly<Record<'query' | 'key' | 'queryBack' | 'keyBack', Turn>>;
  private readonly partners: Tensor;
  private readonly scalars = new Map<number, tf.Scalar>();

  constructor(
    readonly products: Products,
    { shape, sequences, length }: TrainWork,
  ) {
    this.shape = shape;
    this.sequences = sequences;
    this.length = length;
    this.rows = sequences * length;
    this.sheets = products.sheetsOf(this.rows);
    this.zero = tf.zeros([1, 1]);
    this.ones = tf.ones([this.rows, 1]);
    const hidden = Float32Array.from({ length: length ** 2 }, (_, i) =>
      i % length > Math.floor(i / length) ? -1e9 : 0,
    );
    this.mask = tf.tensor(hidden, [1, length, length]);
    const { headDim } = shape;
    const table = (value: (position: number, d: number) => number) =>
      tf.tensor1d(
        Float32Array.from({ length: length * headDim }, (_, i) => value(Math.floor(i / headDim), i % headDim)),
      );
    const turn = (scale: number, direction: number): Turn => ({
      own: table((position, d) => scale * Math.cos(angleOf(shape, position, d))),
      partner: table((position, d) => {
        const sign = d < headDim / 2 ? -direction : direction;
        return scale * sign * Math.sin(angleOf(shape, position, d));
      }),
    });
    const scale = 1 / Math.sqrt(headDim);
    this.turns = { query: turn(scale, 1), key: turn(1, 1), queryBack: turn(scale, -1), keyBack: turn(1, -1) };
    const partnerOf = Int32Array.from({ length: headDim }, (_, d) => (d + headDim / 2) % headDim);
    this.partners = tf.tensor1d(partnerOf, 'int32');
  }

  /** A scalar that stays. */
  scalar(value: number): tf.Scalar {
    let scalar = this.scalars.get(value);
    if (scalar === undefined) {
      scalar = tf.keep(tf.scalar(value));
      this.scalars.set(value, scalar);
    }
    return scalar;
  }

  /** Rotates x (heads,rows,headDim) or (heads*sequences,length,headDim); returns the latter. */
  rotate(x: Tensor, turn: Turn): Tensor {
    const { heads, headDim } = this.shape;
    const sequences = heads * this.sequences;
    // With one row a sequence, the factors are one vector that all rows share: one division a number instead of three.
    const bySequence = (y: Tensor) => tf.reshape(y, [sequences, this.length * headDim]);
    const partners = tf.gather(tf.reshape(x, [sequences * this.length, headDim]), this.partners, 1);
    const turned = add(tf.mul(bySequence(x), turn.own), tf.mul(bySequence(partners), turn.partner));
    return tf.reshape(turned, [sequences, this.length, headDim]);
  }

  dispose(): void {
    const turns = Object.values(this.turns).flatMap(({ own, partner }) => [own, partner]);
    tf.dispose([this.zero, this.ones, this.mask, this.partners, ...turns, ...this.scalars.values()]);
  }
}
