import { describe, expect, it, vi } from 'vitest';
import { MODEL_SIZES } from '../../config/schema';
import { decodeToken, decodeTokenKernel, waysAtOnce } from '../../kernels/decode-token/decode-token';
import { KernelRefusedError } from '../../gpu/kernel';
import { compareNumbers, differs, float32Bound } from '../../selftest/bench/bounds';
import { integers } from '../../selftest/bench/draw';
import type { BenchScope } from '../../selftest/bench/gpu-bench';
import { withVariants } from '../../selftest/bench/kernel-case';
import { useBench } from '../kernels/kernel-harness';
import { Decoder } from '../../models/decoder';
import { initialParameters } from '../../models/initialise';
import { modelForward } from '../../models/model.reference';
import { parameterTable } from '../../models/parameters';
import { fastestAtOnce, tryAtOnce } from '../../models/rows-at-once';

const VOCAB = 133;
const [ROWS, POSITIONS] = [3, 10];

function tableOf(size: keyof typeof MODEL_SIZES) {
  const shape = MODEL_SIZES[size];
  return parameterTable({ ...shape, vocab: VOCAB, headDim: shape.width / shape.heads });
}

describe('rows that go through all layers at once', () => {
  const bench = useBench();
  const tokens = integers(ROWS * POSITIONS, 1, VOCAB);

  /** Logits (B,T,V) of given tokens; row b of the batch stands in row B - 1 - b of the cache. */
  function decode(size: keyof typeof MODEL_SIZES, rowsAtOnce: number, only?: number) {
    const table = tableOf(size);
    const rows = Array.from({ length: ROWS }, (_, b) => b).filter((b) => only === undefined || b === only);
    const decodeAll = async (scope: BenchScope) => {
      const decoder = new Decoder(scope.recorder, scope.owner, table, ROWS, POSITIONS);
      decoder.atOnce = waysAtOnce(table.shape).find((way) => way.rows === rowsAtOnce) ?? null;
      expect(decoder.atOnce?.rows ?? 0).toBe(rowsAtOnce);
      const params = scope.floats(
        'parameters',
        initialParameters(table, 4).map((x) => 2 * x),
      ).slice;
      decoder.load(params);
      const active = scope.words('active', [rows.length, ...new Array<number>(63), ...rows.map((b) => ROWS - 1 - b)]);
      const logits = new Float32Array(rows.length * POSITIONS * VOCAB);
      for (let t = 0; t < POSITIONS; t++) {
        const inputs = scope.words(
          'inputs',
          rows.map((b) => tokens[b * POSITIONS + t]!),
        ).slice;
        const lengths = scope.words(
          'lengths',
          rows.map(() => t + 1),
        ).slice;
        decoder.step(params, { active: active.slice, inputs, lengths });
        const { logitStride: ld } = decoder;
        const all = await scope.readFloats({ label: 'logits', slice: decoder.logits, length: ROWS * ld });
        rows.forEach((_, n) => logits.set(all.subarray(n * ld, n * ld + VOCAB), (n * POSITIONS + t) * VOCAB));
      }
      return logits;
    };
    return withVariants(bench(), { cooperative: true }, () => bench().run(decodeAll));
  }

  function wanted(size: keyof typeof MODEL_SIZES): Float64Array {
    const table = tableOf(size);
    const { width: hidden, ropeTheta: theta, rmsEps: eps } = table.shape;
    const params = initialParameters(table, 4).map((x) => 2 * x);
    const weights = new Map(
      table.entries.map((e) => [e.name, Float64Array.from(params.subarray(e.offset, e.offset + e.size))] as const),
    );
    const input = { batch: ROWS, seqLen: POSITIONS, tokens };
    return modelForward({ ...table.shape, hidden, theta, eps }, weights, input).logits;
  }

  it.each([
    { size: 'tiny', rows: 1 },
    { size: 'small', rows: 2 },
    { size: 'base', rows: 2 },
    { size: 'large', rows: 1 },
  ] as const)('give the bits of a kernel an operation, and the logits of the float64 model: $size', async (entry) => {
    const { size, rows } = entry;
    const [apart, got] = [await decode(size, 0), await decode(size, rows)];
    expect(bench.dispatched()).toContain(decodeTokenKernel.name);
    const result = compareNumbers(got, wanted(size), float32Bound('model', size, 'logits'));
    expect(result.ok, JSON.stringify(result)).toBe(true);
    expect(result.largest).toBeGreaterThan(0.1);
    expect(differs(got, apart)).toBe(-1);
  });

  it('depend on no other row, and repeat', async () => {
    const all = await decode('tiny', 2);
    expect(differs(await decode('tiny', 2), all)).toBe(-1);
    for (const b of [0, 1, 2]) {
      const row = all.slice(b * POSITIONS * VOCAB, (b + 1) * POSITIONS * VOCAB);
      expect(differs(await decode('tiny', 2, b), row)).toBe(-1);
    }
  });
});

describe('how many rows at once are fastest', () => {
  const bench = useBench();

  /** A decoder of a small batch, and what is done with it. */
  const withDecoder = <T>(work: (decoder: Decoder, scope: BenchScope) => Promise<T>) =>
    withVariants(bench(), { cooperative: true }, () =>
      bench().run((scope) => work(new Decoder(scope.recorder, scope.owner, tableOf('tiny'), 5, 100), scope)),
    );

  it('is measured on drawn tokens, and leaves nothing behind', async () => {
    const live = bench().gpu.buffers.liveCount;
    const trials = await withDecoder((decoder, { recorder }) => tryAtOnce(recorder, decoder));
    expect([...trials.keys()].map(({ rows }) => rows)).toEqual([1, 2]);
    for (const { difference, speedup } of trials.values()) {
      expect(difference).toBe(0);
      expect(speedup).toBeGreaterThan(0);
    }
    expect(bench().gpu.buffers.liveCount).toBe(live);
  });

  it('is what a kernel an operation is slower than', async () => {
    await withDecoder(async (decoder, { recorder }) => {
      const step = decoder.step.bind(decoder);
      vi.spyOn(decoder, 'step').mockImplementation((params, input) => {
        // To feed a token again changes nothing but the time.
        const times = decoder.atOnce === null ? 8 : 1;
        for (let i = 0; i < times; i++) step(params, input);
      });
      expect(await fastestAtOnce(recorder, decoder)).toMatchObject({ launch: decodeToken });
      expect(decoder.atOnce).toBeNull();
    });
  });

  it('is nothing on a software adapter, without a trial', async () => {
    await withDecoder(async (decoder, { recorder }) => {
      recorder.gpu.variants.cooperative = false;
      const { dispatches } = recorder.counts;
      expect(await fastestAtOnce(recorder, decoder)).toBeNull();
      expect(recorder.counts.dispatches).toBe(dispatches);
    });
  });

  it('is none where other bits come of it, however fast', async () => {
    await withDecoder(async (decoder, { recorder }) => {
      const step = decoder.step.bind(decoder);
      let steps = 0;
      vi.spyOn(decoder, 'step').mockImplementation((params, input) => {
        // Of 16 tokens only the last is fed: faster, and wrong.
        if (decoder.atOnce === null || ++steps % 16 === 0) step(params, input);
      });
      const trials = await tryAtOnce(recorder, decoder);
      for (const { difference } of trials.values()) expect(difference).toBeGreaterThan(0);
      expect(await fastestAtOnce(recorder, decoder)).toBeNull();
      expect(decoder.atOnce).toBeNull();
    });
  });

  it('is none where the kernel does not compile, or keys and values are 16-bit floats', async () => {
    await withDecoder(async (decoder, { recorder }) => {
      const compile = vi.spyOn(bench().gpu.pipelines, 'compile');
      compile.mockRejectedValue(new KernelRefusedError(decodeTokenKernel.name, 'no'));
      expect(await fastestAtOnce(recorder, decoder)).toBeNull();
      expect(compile).toHaveBeenCalledTimes(2);
      compile.mockRestore();
      decoder.halfCache = true;
      expect((await tryAtOnce(recorder, decoder)).size).toBe(0);
    });
  });
});
