import * as tf from '@tensorflow/tfjs';
import type { TrainTask, TrainWork } from '../../contender';
import { layerBackward, layerForward, layerWeights, normalise, normaliseBackward, normGradient } from './block';
import { floatsOf, type Engine } from './engine';
import { Frame } from './frame';
import { add, divide, multiply, rowMax, rowMean, subtract, type Tensor } from './ops';
import { Matrix, type Products } from './products';
import { EMBEDDING, FINAL_NORM, joined, ofLayer, requireOwnKeys, transposed, weightOf } from './weights';

/** A tensor that Adam changes, with its moments, divided by 1 - beta so that they take one operation less each. */
interface Variable {
  value: Tensor;
  first: Tensor;
  second: Tensor;
}

/** What a step leaves. A type, as tf.tidy returns no interfaces. */
type Update = { loss: Tensor; values: Tensor[]; firsts: Tensor[]; seconds: Tensor[] };

class Trainer implements TrainTask {
  private readonly frame: Frame;
  /** (rows,1) tokens; (rows,1) places of the targets in the flattened logits. */
  private readonly tokens: tf.Tensor2D;
  private readonly targets: tf.Tensor2D;
  /** (rows) what the gradient of the logits has at a target besides its probability. */
  private readonly hits: Tensor;
  /** One a layer, see `layerWeights`; last (vocab + 2 layers + 1, width) the embedding and the norms in order. */
  private variables: Variable[];
  private lastLoss: Tensor = tf.scalar(NaN);
  private steps = 0;

  constructor(
    private readonly engine: Engine,
    products: Products,
    private readonly work: TrainWork,
  ) {
    const { shape, weights } = work;
    requireOwnKeys(shape);
    const { vocab, width, layers, heads, headDim, ffn } = shape;
    this.frame = new Frame(products, work);
    const { rows, sheets } = this.frame;
    this.tokens = tf.tensor2d(Int32Array.from(work.tokens), [rows, 1], 'int32');
    this.targets = tf.tensor2d(
      Int32Array.from(work.targets, (target, n) => n * vocab + target),
      [rows, 1],
      'int32',
    );
    this.hits = tf.fill([rows], -sheets / rows);
    const matrices = Array.from({ length: layers }, (_, l) => {
      const weight = (name: string) => weightOf(weights, ofLayer(l, name));
      return joined([
        ...['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'mlp.gate_proj', 'mlp.up_proj'].map(weight),
        transposed(weight('self_attn.o_proj'), width, heads * headDim),
        transposed(weight('mlp.down_proj'), width, ffn),
      ]);
    });
    const norms = matrices.flatMap((_, l) => [ofLayer(l, 'input_layernorm'), ofLayer(l, 'post_attention_layernorm')]);
    const rest = joined([EMBEDDING, ...norms, FINAL_NORM].map((name) => weightOf(weights, name)));
    this.variables = [...matrices, rest].map((data) => {
      const dims: [number, number] = [data.length / width, width];
      return { value: tf.tensor2d(data, dims), first: tf.zeros(dims), second: tf.zeros(dims) };
    });
  }

  async run(): Promise<void> {
    const { loss, values, firsts, seconds } = tf.tidy(() => this.update());
    tf.dispose([this.lastLoss, ...this.tensors()]);
    this.lastLoss = loss;
    this.variables = values.flatMap((value, i) => {
      const [first, second] = [firsts[i], seconds[i]];
      return first === undefined || second === undefined ? [] : [{ value, first, second }];
    });
    await this.engine.done();
  }

  async logits(): Promise<Float32Array> {
    const logits = tf.tidy(() => this.forward().logits);
    const floats = await floatsOf(logits);
    logits.dispose();
    return floats;
  }

  async loss(): Promise<number> {
    return (await floatsOf(this.lastLoss))[0] ?? NaN;
  }

  dispose(): void {
    this.frame.dispose();
    tf.dispose([this.tokens, this.targets, this.hits, this.lastLoss, ...this.tensors()]);
    this.engine.releasePool();
  }

  private tensors(): Tensor[] {
    return this.variables.flatMap(({ value, first, second }) => [value, first, second]);
  }

  private forward() {
    const { frame } = this;
    const { vocab, width, layers } = frame.shape;
    const values = this.variables.map(({ value }) => value);
    const rest = values.pop();
    if (rest === undefined) throw new Error('the model has no weights');
    const norm = (i: number) => tf.slice(rest, [vocab + i, 0], [1, width]);
    const embedding = tf.slice(rest, [0, 0], [vocab, width]);
    const weights = values.map((value, l) => layerWeights(frame, value, norm(2 * l), norm(2 * l + 1)));
    let x: Tensor = tf.gather(embedding, tf.reshape(this.tokens, [-1]));
    const done = weights.map((w) => {
      const tape = layerForward(frame, x, w);
      x = tape.y;
      return { w, tape };
    });
    const finalNorm = norm(2 * layers);
    const head = new Matrix(tf.mul(embedding, finalNorm));
    const normed = normalise(frame, x);
    return { done, embedding, finalNorm, head, normed, logits: frame.products.timesTransposed(normed.x, head) };
  }

  private update(): Update {
    const { frame } = this;
    const { products, rows, sheets, shape } = frame;
    const { vocab, width } = shape;
    const { done, embedding, finalNorm, head, normed, logits } = this.forward();

    const max = rowMax(logits);
    const exps = tf.exp(tf.sub(logits, max));
    const sums = tf.mul(rowMean(exps), frame.scalar(vocab));
    const atTargets = tf.gather(tf.reshape(logits, [-1]), tf.reshape(this.targets, [-1]));
    const loss = tf.mean(subtract(tf.reshape(add(tf.log(sums), max), [-1]), atTargets));

    // Times `sheets`, by which `transposedTimes` divides.
    const shares = tf.div(exps, tf.mul(sums, frame.scalar(rows / sheets)));
    const dLogits = add(shares, tf.reshape(tf.scatterND(this.targets, this.hits, [rows * vocab]), [rows, vocab]));
    const dHead = products.transposedTimes(new Matrix(dLogits), new Matrix(normed.x), sheets);
    let dx = normaliseBackward(products.times(dLogits, head), normed);
    const layers = done.toReversed().map(({ w, tape }) => {
      const gradients = layerBackward(frame, dx, tape, w);
      dx = gradients.dx;
      return gradients;
    });
    layers.reverse();
    const looked = tf.mul(tf.scatterND(this.tokens, dx, [vocab, width]), frame.scalar(1 / sheets));
    const dEmbedding = add(tf.mul(dHead, finalNorm), looked);
    const norms = layers.flatMap(({ norm1, norm2 }) => [norm1, norm2]);
    const dNorms = tf.concat([...norms, normGradient(frame, embedding, dHead, vocab)]);
    return { loss, ...this.adam([...layers.map(({ matrix }) => matrix), tf.concat([dEmbedding, dNorms])]) };
  }

  /** Faster than tf.train.adam, which takes 15 operations a variable. */
  private adam(gradients: readonly Tensor[]): Omit<Update, 'loss'> {
    this.steps += 1;
    const { lr, beta1, beta2, eps } = this.work.adam;
    const root = Math.sqrt((1 - beta2 ** this.steps) / (1 - beta2));
    const rate = tf.scalar((lr * (1 - beta1) * root) / (1 - beta1 ** this.steps));
    const floor = tf.scalar(eps * root);
    const decayed = (moment: Tensor, beta: number, gradient: Tensor) =>
      add(multiply(moment, this.frame.scalar(beta)), gradient);
    const firsts = this.variables.map(({ first }, i) => decayed(first, beta1, gradients[i] ?? first));
    const seconds = this.variables.map(({ second }, i) => {
      const gradient = gradients[i] ?? second;
      return decayed(second, beta2, multiply(gradient, gradient));
    });
    const values = this.variables.map(({ value }, i) => {
      const [first, second] = [firsts[i] ?? value, seconds[i] ?? value];
      return subtract(value, multiply(divide(first, add(tf.sqrt(second), floor)), rate));
    });
    return { values, firsts, seconds };
  }
}

export function trainTask(engine: Engine, products: Products, work: TrainWork): TrainTask {
  return new Trainer(engine, products, work);
}
