/** The optimiser, the sampler and the random numbers on the GPU, with the arguments and outputs of their references. */
import { adamw, gradNorm } from '../../kernels/adamw/adamw';
import type { AdamwSettings } from '../../kernels/adamw/adamw.reference';
import { philox } from '../../kernels/philox/philox';
import { uniformsFromWords } from '../../kernels/philox/uniform';
import { sample } from '../../kernels/sampling/sampling';
import type { SamplingShape } from '../../kernels/sampling/sampling.reference';
import type { GpuBench } from '../bench/gpu-bench';
import { columnsOf, padColumns } from '../bench/layout';

type Floats = ArrayLike<number>;

/** All steps over one arena, tensors at multiples of 64 elements; outputs as in adamw.json. */
export function launchAdamw(
  bench: GpuBench,
  args: AdamwSettings & {
    steps: number;
    lr: ArrayLike<number>;
    tensors: readonly { name: string; values: Float32Array; decay: boolean }[];
    grads: readonly (readonly Float32Array[])[];
  },
) {
  let size = 0;
  const starts = args.tensors.map(({ values }) => {
    const start = size;
    size += Math.ceil(values.length / 64) * 64;
    return start;
  });
  const arena = (parts: readonly Float32Array[]) => {
    const all = new Float32Array(size);
    parts.forEach((part, i) => all.set(part, starts[i]));
    return all;
  };
  const decays = args.tensors.flatMap(({ values, decay }) =>
    new Array<number>(Math.ceil(values.length / 64)).fill(decay ? 1 : 0),
  );
  return bench.run(async (scope) => {
    const state = {
      param: scope.floats('theta', arena(args.tensors.map(({ values }) => values))),
      m: scope.accumulator('m', size),
      v: scope.accumulator('v', size),
    };
    const decayBlocks = scope.floats('decays', decays).slice;
    const outputs: Record<string, number[]> = { gradNorm: [] };
    for (let step = 1; step <= args.steps; step++) {
      const grad = scope.floats('grad', arena(args.grads[step - 1]!)).slice;
      const norms = scope.output('norms', 1);
      gradNorm(scope.recorder, { g: grad, norms: norms.slice, size, slot: 0 });
      adamw(scope.recorder, {
        ...args,
        lr: args.lr[step - 1]!,
        theta: state.param.slice,
        m: state.m.slice,
        v: state.v.slice,
        grad,
        norms: norms.slice,
        decays: decayBlocks,
        size,
        slot: 0,
        step,
      });
      outputs['gradNorm']!.push(...(await scope.readFloats(norms)));
      for (const kind of ['param', 'm', 'v'] as const) {
        const all = await scope.readFloats(state[kind]);
        args.tensors.forEach(({ name, values }, i) => {
          const start = starts[i]!;
          (outputs[`${kind}.${name}`] ??= []).push(...all.subarray(start, start + values.length));
        });
      }
    }
    return outputs;
  });
}

/** Each draw is a row of its own, as in a rollout. `allowed` is (B, V), or (V) shared by all rows; `limit` leaves the rows from there on. */
export function launchSampling(
  bench: GpuBench,
  args: SamplingShape & {
    draws: number;
    logits: Floats;
    allowed: ArrayLike<number>;
    uniforms: Floats;
    limit?: number;
  },
) {
  const { batch, vocab, draws, temperature, topK, topP } = args;
  const rows = batch * draws;
  const ld = Math.ceil(vocab / 4) * 4;
  const repeated = (values: ArrayLike<number>) =>
    Array.from({ length: rows * vocab }, (_, e) => {
      const n = Math.floor(e / vocab);
      return values[Math.floor(n / draws) * vocab + (e % vocab)]!;
    });
  const allowedPerRow = args.allowed.length !== vocab;
  return bench.run(async (scope) => {
    const probs = scope.output('probs', rows * ld);
    const chosen = scope.output('chosen', rows);
    const stats = scope.output('stats', rows * 2);
    sample(scope.recorder, {
      logits: scope.floats('logits', padColumns(repeated(args.logits), rows, vocab, ld)).slice,
      allowed: scope.words('allowed', allowedPerRow ? repeated(args.allowed) : args.allowed).slice,
      uniforms: scope.floats('uniforms', args.uniforms).slice,
      probs: probs.slice,
      chosen: chosen.slice,
      stats: stats.slice,
      rows,
      vocab,
      ld,
      allowedPerRow,
      temperature,
      topK,
      topP,
      ...(args.limit === undefined ? {} : { limit: scope.words('limit', [args.limit]).slice }),
    });
    // The draws of a row share its distribution: the first one's is compared.
    const first = columnsOf(await scope.readFloats(probs), batch, draws * ld, vocab);
    return {
      probs: first.map((p) => Math.max(p, 0)),
      kept: first.map((p) => (p >= 0 ? 1 : 0)),
      chosen: await scope.readWords(chosen),
      logProbs: columnsOf(await scope.readFloats(stats), rows, 2, 1),
      entropies: columnsOf(await scope.readFloats(stats), rows, 2, 1, 1),
    };
  });
}

/** Blocks of (counter, key), each key one launch; or words to turn into uniforms. */
export function launchPhilox(
  bench: GpuBench,
  args: {
    words: Uint32Array | undefined;
    blocks: readonly { counter: ArrayLike<number>; key: ArrayLike<number> }[];
  },
) {
  return bench.run(async (scope) => {
    const uniformsOf = async (words: Uint32Array) => {
      const uniforms = scope.output('uniforms', words.length);
      uniformsFromWords(scope.recorder, {
        words: scope.words('words', words).slice,
        uniforms: uniforms.slice,
        count: words.length,
      });
      return scope.readFloats(uniforms);
    };
    if (args.words) return { uniform: await uniformsOf(args.words) };
    const out: number[] = [];
    for (const { counter, key } of args.blocks) {
      const words = scope.output('words', 4);
      const first = scope.output('first', 1);
      philox(scope.recorder, {
        counters: scope.words('counter', counter).slice,
        words: words.slice,
        uniforms: first.slice,
        count: 1,
        key0: key[0]!,
        key1: key[1]!,
      });
      out.push(...(await scope.readWords(words)));
    }
    return { out, uniform: await uniformsOf(Uint32Array.from(out)) };
  });
}
