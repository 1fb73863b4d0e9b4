/**
 * Float64 reference of SwiGLU: y = g * sigmoid(g) * u, elementwise.
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** g (gate) and u (up), both (count) -> y (count). */
export function swigluForward(args: { g: ArrayLike<number>; u: ArrayLike<number> }): Float64Array {
  const { g, u } = args;
  return Float64Array.from({ length: g.length }, (_, i) => g[i]! * sigmoid(g[i]!) * u[i]!);
}

/** dg = dy u sigmoid(g) (1 + g (1 - sigmoid(g))), du = dy g sigmoid(g); all (count). */
export function swigluBackward(args: { g: ArrayLike<number>; u: ArrayLike<number>; dy: ArrayLike<number> }): {
  dg: Float64Array;
  du: Float64Array;
} {
  const { g, u, dy } = args;
  const dg = new Float64Array(g.length);
  const du = new Float64Array(g.length);
  for (let i = 0; i < g.length; i++) {
    const s = sigmoid(g[i]!);
    dg[i] = dy[i]! * u[i]! * s * (1 + g[i]! * (1 - s));
    du[i] = dy[i]! * g[i]! * s;
  }
  return { dg, du };
}
