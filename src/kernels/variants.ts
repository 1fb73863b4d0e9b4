import type { BufferOwner, Slice } from '../gpu/buffers';
import { Readback } from '../gpu/readback';
import type { Recorder } from '../gpu/recorder';
import { attentionDecode } from './attention/attention';
import { linearForward } from './linear/linear';
import { add } from './reduce/reduce';
import { planTranspose, tiledWeights, transposedSize } from './linear/transpose';

const ROUNDS = 5;
/** As many as make launches longer than the clock's step. */
const LAUNCHES = 100;

/** What was found when a variant was tried. */
export interface VariantTrial {
  /** Largest difference from the base path's numbers, over their largest. */
  difference: number;
  /** Milliseconds of the base path over those of the variant: the least of some rounds each, which other work disturbs least. */
  speedup: number;
}

export interface VariantTrials {
  /** null where parameters cannot come with a dispatch. */
  immediates: VariantTrial | null;
  /** null where the adapter has no subgroups of 8 or more, and where the kernels are cooperative. */
  subgroups: VariantTrial | null;
  /** null where the adapter has no 16-bit floats. */
  halfCache: VariantTrial | null;
}

/** 11 significant bits, and sums of some of them. */
const HALF_TOLERANCE = 2e-3;

/**
 * Tries the variants that the adapter can run, once a device, and switches those on that are faster. Immediates and subgroups must give the
 * base path's very bits, so what a noisy clock decides never changes a run; a cache of 16-bit floats must come close, and is
 * used by runs that ask for it.
 */
export async function chooseVariants(recorder: Recorder): Promise<VariantTrials | null> {
  const { gpu } = recorder;
  if (gpu.variants.tried) return null;
  gpu.variants.tried = true;
  const owner = gpu.buffers.scope();
  try {
    // First, as it is about every pipeline that follows.
    const immediates = gpu.immediates ? await tryImmediates(recorder, owner) : null;
    gpu.variants.immediates = immediates !== null && immediates.difference === 0 && immediates.speedup > 1.1;
    // Cooperative kernels share through workgroup memory instead.
    const subgroups = gpu.subgroups && !gpu.variants.cooperative ? await trySubgroups(recorder, owner) : null;
    gpu.variants.subgroups = subgroups !== null && subgroups.difference === 0 && subgroups.speedup > 1;
    const halfCache = gpu.f16 ? await tryHalfCache(recorder, owner) : null;
    gpu.variants.halfCache = halfCache !== null && halfCache.difference < HALF_TOLERANCE && halfCache.speedup > 1.1;
    return { immediates, subgroups, halfCache };
  } finally {
    owner.destroyAll();
  }
}

/** Sums of no size, so that launching them is all that takes time; each has other parameters than the one before. */
async function tryImmediates(recorder: Recorder, owner: BufferOwner): Promise<VariantTrial> {
  const { variants } = recorder.gpu;
  const x = upload(owner, numbers(64));
  return compare(recorder, owner, 64, (y, variant) => {
    variants.immediates = variant;
    for (let i = 0; i < LAUNCHES; i++) add(recorder, { x, y, size: 63 + (i % 2) });
  });
}

/** A product of the size of a small batch: big enough that the work, not the launch, is timed. */
async function trySubgroups(recorder: Recorder, owner: BufferOwner): Promise<VariantTrial> {
  const [rows, inner, outs] = [512, 64, 192];
  const plan = planTranspose([{ offset: 0, outs, inner, half: 4 }]);
  const [weight] = tiledWeights(upload(owner, numbers(transposedSize(plan))), plan);
  if (weight === undefined) throw new RangeError('the plan has no matrix');
  const x = upload(owner, numbers(rows * inner));
  // As a decoded token's output projection is launched: the kernel that wins is one that the run compiles anyhow.
  const limit = owner.upload('probe rows', Uint32Array.of(rows));
  return compare(recorder, owner, rows * outs, (y, variant) => {
    recorder.gpu.variants.subgroups = variant;
    linearForward(recorder, { x, weight, y, rows, inner, outs, ld: outs, limit });
  });
}

/** The attention of one token of a batch in the middle of its trajectories. */
async function tryHalfCache(recorder: Recorder, owner: BufferOwner): Promise<VariantTrial> {
  const [rows, heads, headDim, positions] = [192, 4, 16, 64];
  const width = heads * headDim;
  const keys = numbers(rows * positions * 2 * width);
  const caches = [upload(owner, keys), upload(owner, halves(keys))] as const;
  const active = owner.upload(
    'probe active',
    Uint32Array.from({ length: 64 + rows }, (_, i) => (i < 64 ? rows : i - 64)),
  );
  const lengths = owner.upload('probe lengths', new Uint32Array(rows).fill(positions));
  const q = upload(owner, numbers(rows * width));
  const shape = { rows, heads, kvHeads: heads, headDim, positions };
  return compare(recorder, owner, rows * width, (out, variant) => {
    const cache = caches[variant ? 1 : 0];
    attentionDecode(recorder, { ...shape, active, lengths, q, cache, out, halfCache: variant });
  });
}

/** Runs both in turn, each leaving `length` numbers; the first round compiles and is not timed. */
export async function compare(
  recorder: Recorder,
  owner: BufferOwner,
  length: number,
  launch: (result: Slice, variant: boolean) => void,
): Promise<VariantTrial> {
  const sides = [false, true].map((variant) => ({
    variant,
    result: owner.storage('probe result', length * 4),
    times: new Array<number>(),
  }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { variant, result, times } of sides) {
      const start = performance.now();
      launch(result, variant);
      await recorder.finish();
      if (round > 0) times.push(performance.now() - start);
    }
  }
  const [base, variant] = await new Readback(recorder, owner)
    .readAll(sides.map(({ result }) => ({ ...result, size: length * 4 })))
    .then((bytes) => [new Float32Array(bytes, 0, length), new Float32Array(bytes, length * 4, length)] as const);
  let [difference, largest] = [0, 0];
  base.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - (variant[i] ?? NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  const [first = NaN, second = NaN] = sides.map(({ times }) => Math.min(...times));
  return { difference: difference / largest, speedup: first / second };
}

/** Any numbers do, as long as no two rows or columns are alike. */
function numbers(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7 + 1));
}

/** 16-bit floats of numbers in -1 .. 1, two in each word, rounded to the nearest. */
function halves(values: Float32Array): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(values.length / 2));
  values.forEach((value, i) => {
    const size = Math.abs(value);
    // Numbers below the smallest normal one (2^-14) are multiples of 2^-24.
    const exponent = Math.max(-14, Math.floor(Math.log2(size)));
    const step = 2 ** (exponent - 10);
    const steps = size === 0 ? 0 : Math.round(size / step);
    // A carry into the next power of two lands in the exponent field, as it should.
    const bits = ((exponent + 14) << 10) + steps;
    words[i >> 1] = (words[i >> 1] ?? 0) | ((bits | (value < 0 ? 0x8000 : 0)) << (16 * (i % 2)));
  });
  return words;
}

function upload(owner: BufferOwner, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Slice {
  return owner.upload('probe', data);
}
