/** Inputs of kernels, equal for equal seeds. */
import { PhiloxStream, PURPOSES } from '../../lib/philox';

/** Standard normal numbers. */
export function randomNormal(length: number, seed: number): Float64Array {
  const stream = new PhiloxStream(seed, PURPOSES.init);
  return Float64Array.from({ length }, () => stream.normal());
}

/** Standard normal float32 numbers times `scale`. */
export function normals(length: number, seed: number, scale = 1): Float32Array {
  return Float32Array.from(randomNormal(length, seed), (x) => x * scale);
}

/** Integers 0 .. below - 1. */
export function integers(length: number, seed: number, below: number): Uint32Array {
  return Uint32Array.from(randomNormal(length, seed), (x) => Math.floor(Math.abs(x) * 1e6) % below);
}
