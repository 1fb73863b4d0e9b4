import { alignUp, subSlice, type Slice } from '../../src/gpu/buffers';
import type { Sequence } from '../../src/gpu/recorder';
import { philox } from '../../src/kernels/philox/philox';
import { sample } from '../../src/kernels/sampling/sampling';
import { PURPOSES } from '../../src/lib/philox';
import { Decoder } from '../../src/models/decoder';
import { parameterTable } from '../../src/models/parameters';
import type { DecodeTask, DecodeWork } from './contender';
import { readRows, uploadWeights, type Bench } from './cutpoint-task';

/**
 * Sampling as a rollout does it, with all rows active throughout: the sampled tokens are the next inputs and never leave the
 * GPU. Lengths and random counters of all steps are known beforehand, so they are uploaded once.
 */
export function decodeTask(bench: Bench, { shape, rows, steps, first, weights }: DecodeWork): DecodeTask {
  const { owner, recorder } = bench;
  const table = parameterTable(shape);
  const decoder = new Decoder(recorder, owner, table, rows, steps);
  const params = owner.storage('parameters', table.size * 4);
  uploadWeights(bench, table, weights, params);

  // Each step's part starts at a multiple of 256 bytes, so that it can be bound.
  const stride = alignUp(rows, 64);
  const part = (slice: Slice, step: number) => subSlice(slice, step * stride * 4, rows * 4);
  const lengths = owner.upload(
    'lengths',
    Uint32Array.from({ length: steps * stride }, (_, i) => Math.floor(i / stride) + 1),
  );
  const counters = owner.upload(
    'counters',
    Uint32Array.from({ length: steps * stride * 4 }, (_, i) => {
      const entry = Math.floor(i / 4);
      return [Math.floor(entry / stride), entry % stride, 0, 0][i % 4] ?? 0;
    }),
  );
  const words = owner.storage('random words', steps * stride * 16);
  const uniforms = owner.storage('uniforms', steps * stride * 4);
  const active = owner.upload(
    'active rows',
    Uint32Array.from({ length: 64 + rows }, (_, i) => (i < 64 ? rows : i - 64)),
  );
  const start = owner.upload('first tokens', first);
  const chosen = owner.storage('chosen', rows * 4);
  const probs = owner.storage('probs', rows * decoder.logitStride * 4);
  const stats = owner.storage('sample stats', rows * 8);
  const allowed = owner.upload('allowed', new Uint32Array(shape.vocab).fill(1));
  const step = (t: number, inputs: Slice) => decoder.step(params, { active, inputs, lengths: part(lengths, t) });
  const token = (t: number) => {
    step(t, t === 0 ? start : chosen);
    sample(recorder, {
      logits: decoder.logits,
      allowed,
      uniforms: part(uniforms, t),
      probs,
      chosen,
      stats,
      rows,
      vocab: shape.vocab,
      ld: decoder.logitStride,
      allowedPerRow: false,
      temperature: 1,
      topK: 0,
      topP: 1,
    });
  };
  // As the jitted function of a peer, what a token consists of is looked up once.
  let sequences: Sequence[] | undefined;
  let runs = 0;
  return {
    async run() {
      philox(recorder, {
        counters,
        words,
        uniforms,
        count: steps * stride,
        // Other numbers in each run.
        key0: runs++,
        key1: PURPOSES.rollout,
      });
      decoder.load(params);
      sequences ??= Array.from({ length: steps }, (_, t) => recorder.sequence(() => token(t)));
      for (const sequence of sequences) {
        recorder.play(sequence);
        await recorder.breathe();
      }
      await recorder.finish();
    },
    async logits(tokens) {
      const fed = owner.upload(
        'fed tokens',
        Uint32Array.from(
          { length: steps * stride },
          (_, i) => tokens[(i % stride) * steps + Math.floor(i / stride)] ?? 0,
        ),
      );
      decoder.load(params);
      for (let t = 0; t < steps; t++) step(t, part(fed, t));
      return readRows(bench, decoder.logits, rows, shape.vocab, decoder.logitStride);
    },
    dispose: () => owner.destroyAll(),
  };
}
