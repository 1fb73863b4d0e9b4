import * as tf from '@tensorflow/tfjs';
import type { DecodeTask, DecodeWork } from '../../contender';
import { appended, halves, type Cache } from './cache';
import { floatsOf, type Engine } from './engine';
import { columnMax, columnMean, multiply, overRoot, rowMax, rowMean, type Tensor } from './ops';
import { Matrix, type Products } from './products';
import { EMBEDDING, FINAL_NORM, angleOf, ofLayer, requireOwnKeys, weightOf } from './weights';

interface LayerWeights {
  q: Matrix;
  k: Matrix;
  v: Matrix;
  out: Matrix;
  gate: Matrix;
  up: Matrix;
  down: Matrix;
}

/** Keys and values of every layer, and what the last step gave. A type, as tf.tidy returns no interfaces. */
type State = { keys: Cache[]; values: Cache[]; given: Tensor };

class Decoder implements DecodeTask {
  private readonly layers: readonly LayerWeights[];
  private readonly embedding: Tensor;
  private readonly head: Matrix;
  /** (headDim,headDim) what rotates a head at each position. */
  private readonly rotations: readonly Matrix[];
  private readonly first: Tensor;
  private readonly zero: Tensor = tf.zeros([1, 1]);
  private readonly vocab: Tensor;
  /** (tokens,1) the share of all tokens that each half of a cache holds, by the number of tokens. */
  private readonly shares = new Map<number, Tensor>();
  /** (rows,steps) tokens of the last run. */
  private sampled: Tensor = tf.zeros([1, 1], 'int32');

  constructor(
    private readonly engine: Engine,
    private readonly products: Products,
    private readonly work: DecodeWork,
  ) {
    const { shape, steps } = work;
    requireOwnKeys(shape);
    const { vocab, width, layers, heads, headDim, ffn } = shape;
    const inner = heads * headDim;
    this.vocab = tf.scalar(vocab);
    // The weights stay, so all that training prepares for each step is prepared once: norms, scales, transpositions.
    this.layers = Array.from({ length: layers }, (_, l) => {
      const norm1 = ofLayer(l, 'input_layernorm');
      const norm2 = ofLayer(l, 'post_attention_layernorm');
      const weight = (name: string, outs: number, ins: number, norm?: string, scale?: number) =>
        this.prepared(ofLayer(l, name), outs, ins, norm, scale);
      return {
        // A mean over a head's dimensions is taken where the scores need a sum divided by the root of their number.
        q: weight('self_attn.q_proj', inner, width, norm1, Math.sqrt(headDim)),
        k: weight('self_attn.k_proj', inner, width, norm1),
        v: weight('self_attn.v_proj', inner, width, norm1),
        out: weight('self_attn.o_proj', width, inner),
        gate: weight('mlp.gate_proj', ffn, width, norm2),
        up: weight('mlp.up_proj', ffn, width, norm2),
        down: weight('mlp.down_proj', width, ffn),
      };
    });
    this.embedding = tf.tensor(weightOf(work.weights, EMBEDDING), [vocab, width]);
    this.head = this.prepared(EMBEDDING, vocab, width, FINAL_NORM);
    this.rotations = Array.from({ length: steps }, (_, position) => this.rotation(position));
    this.first = tf.tensor1d(Int32Array.from(work.first), 'int32');
  }

  async run(): Promise<void> {
    const { rows, steps, shape } = this.work;
    let state: State = { keys: [], values: [], given: this.first };
    const tokens: Tensor[] = [];
    for (let position = 0; position < steps; position++) {
      state = this.advance(state, position, state.given, (logits) => {
        // Of two samples a row the second: the hash that tfjs draws from makes every first sample of row 0 the same token.
        const drawn = tf.multinomial(
          tf.reshape<tf.Rank.R2>(this.softmax(logits), [rows, shape.vocab]),
          2,
          Math.random(),
          true,
        );
        return tf.slice(drawn, [0, 1], [-1, 1]);
      });
      tokens.push(state.given);
    }
    this.sampled.dispose();
    this.sampled = tf.concat(tokens, 1);
    tf.dispose([...tensorsOf(state), ...tokens]);
    await this.engine.done();
  }

  async logits(tokens: Uint32Array<ArrayBuffer>): Promise<Float32Array> {
    const { rows, steps } = this.work;
    let state: State = { keys: [], values: [], given: tf.zeros([1]) };
    for (let position = 0; position < steps; position++) {
      const column = Int32Array.from({ length: rows }, (_, row) => tokens[row * steps + position] ?? 0);
      const fed = tf.tensor1d(column, 'int32');
      const { given } = state;
      state = this.advance(state, position, fed, (logits) => logits);
      tf.dispose([fed, given]);
    }
    const floats = await floatsOf(state.given);
    tf.dispose([...tensorsOf(state), state.given]);
    return floats;
  }

  dispose(): void {
    const weights = this.layers.flatMap((layer) => Object.values<Matrix>({ ...layer }));
    for (const matrix of [...weights, this.head, ...this.rotations]) matrix.dispose();
    tf.dispose([this.embedding, this.first, this.zero, this.vocab, this.sampled, ...this.shares.values()]);
    this.engine.releasePool();
  }

  /** Feeds one token a row, (rows) or (rows,1). What is no longer needed of the caches goes; the tokens stay. */
  private advance(state: State, position: number, tokens: Tensor, give: (logits: Tensor) => Tensor): State {
    const next = tf.tidy(() => {
      const keys: Cache[] = [];
      const values: Cache[] = [];
      const logits = this.step(position, tokens, (l, key, value) => {
        keys[l] = appended(state.keys[l] ?? [], key);
        values[l] = appended(state.values[l] ?? [], value);
        return { keys: keys[l], values: values[l] };
      });
      return { keys, values, given: give(logits) };
    });
    const kept = new Set(tensorsOf(next));
    tf.dispose(tensorsOf(state).filter((tensor) => !kept.has(tensor)));
    return next;
  }

  private step(
    position: number,
    tokens: Tensor,
    remember: (layer: number, key: Tensor, value: Tensor) => { keys: Cache; values: Cache },
  ): Tensor {
    const { products } = this;
    const { rows, shape } = this.work;
    const { heads, headDim } = shape;
    const rotation = this.rotations[position];
    if (rotation === undefined) throw new RangeError(`position ${position} is beyond the ${this.work.steps} steps`);
    const line = [1, rows * heads * headDim];
    // Every row is at the same position, so one small matrix turns all of its heads.
    const rotate = (x: Tensor) =>
      tf.reshape(products.timesTransposed(tf.reshape(x, [rows * heads, headDim]), rotation), line);
    let x: Tensor = tf.gather(this.embedding, tf.reshape(tokens, [rows]));
    this.layers.forEach((w, l) => {
      const input = this.normalise(x);
      const q = rotate(products.timesTransposed(input, w.q));
      const k = rotate(products.timesTransposed(input, w.k));
      const { keys, values } = remember(l, k, tf.reshape(products.timesTransposed(input, w.v), line));
      const middle = products.timesTransposed(this.attend(q, keys, values), w.out, x);
      const normed = this.normalise(middle);
      const gate = products.timesTransposed(normed, w.gate);
      const up = products.timesTransposed(normed, w.up);
      x = products.timesTransposed(multiply(multiply(gate, tf.sigmoid(gate)), up), w.down, middle);
    });
    return products.timesTransposed(this.normalise(x), this.head);
  }

  private normalise(x: Tensor): Tensor {
    return overRoot(x, rowMean(multiply(x, x)), this.work.shape.rmsEps, this.zero);
  }

  /**
   * (rows, heads*headDim) attention of q (1, rows*heads*headDim). With the tokens in the first dimension, everything is a
   * product of numbers and a mean; tf.matMul on one query a head would work on tiles of 8 rows and take 3 to 4 times as long.
   */
  private attend(q: Tensor, keys: Cache, values: Cache): Tensor {
    const { rows, shape } = this.work;
    const { heads, headDim } = shape;
    const batch = rows * heads;
    const scores = halves(keys).map((key) => {
      const [tokens = 1] = key.shape;
      return tf.reshape(rowMean(tf.reshape(tf.mul(key, q), [tokens * batch, headDim])), [tokens, batch]);
    });
    const all = scores.length > 1 ? tf.concat(scores) : (scores[0] ?? q);
    const exps = tf.exp(tf.sub(all, columnMax(all)));
    const mean = columnMean(exps);
    // A mean over half of the tokens counts as its share of them.
    const weighted = scores.length > 1 ? tf.mul(exps, this.sharesOf(scores)) : exps;
    let from = 0;
    const parts = halves(values).map((value) => {
      const [tokens = 1] = value.shape;
      const weights = scores.length > 1 ? tf.slice(weighted, [from, 0], [tokens, batch]) : weighted;
      from += tokens;
      const products = tf.mul(tf.reshape(value, [tokens * batch, headDim]), tf.reshape(weights, [tokens * batch, 1]));
      return tf.reshape(columnMean(tf.reshape(products, [tokens, batch * headDim])), [batch, headDim]);
    });
    const attended = parts.reduce((a, b) => tf.add(a, b));
    return tf.reshape(tf.div(attended, tf.reshape(mean, [batch, 1])), [rows, heads * headDim]);
  }

  private sharesOf(scores: readonly Tensor[]): Tensor {
    const counts = scores.map(({ shape: [tokens = 1] }) => tokens);
    const total = counts.reduce((a, b) => a + b);
    let shares = this.shares.get(total);
    if (shares === undefined) {
      const column = counts.flatMap((count) => Array.from({ length: count }, () => count / total));
      shares = tf.keep(tf.tensor2d(column, [total, 1]));
      this.shares.set(total, shares);
    }
    return shares;
  }

  /** (outs,ins) a weight times the norm before it and `scale`. */
  private prepared(name: string, outs: number, ins: number, norm?: string, scale = 1): Matrix {
    const { weights } = this.work;
    const factors = norm === undefined ? new Float32Array(ins).fill(1) : weightOf(weights, norm);
    const scaled = weightOf(weights, name).map((x, i) => x * scale * (factors[i % ins] ?? 1));
    return this.products.prepare(new Matrix(tf.tensor2d(scaled, [outs, ins])));
  }

  /** tf.softmax, without its barriers. */
  private softmax(logits: Tensor): Tensor {
    const exps = tf.exp(tf.sub(logits, rowMax(logits)));
    return tf.div(exps, tf.mul(rowMean(exps), this.vocab));
  }

  private rotation(position: number): Matrix {
    const { shape } = this.work;
    const { headDim } = shape;
    const half = headDim / 2;
    const matrix = tf.buffer([headDim, headDim]);
    for (let d = 0; d < half; d++) {
      const angle = angleOf(shape, position, d);
      matrix.set(Math.cos(angle), d, d);
      matrix.set(Math.cos(angle), d + half, d + half);
      matrix.set(-Math.sin(angle), d, d + half);
      matrix.set(Math.sin(angle), d + half, d);
    }
    return this.products.prepare(new Matrix(matrix.toTensor()));
  }
}

/** Everything that a state holds in its caches. */
function tensorsOf({ keys, values }: State): Tensor[] {
  return [...keys, ...values].flat();
}

export function decodeTask(engine: Engine, products: Products, work: DecodeWork): DecodeTask {
  return new Decoder(engine, products, work);
}
