// y = x W^T (+ residual): x (N,K), W (O,K), y and residual (N,ld) with ld >= O.
// One invocation: a tile of 8 rows x 8 outputs in registers, K stepped by 4. No workgroup memory: on software adapters it
// costs 20-60% here, and the operands of our sizes stay in cache. K and ld are multiples of 4; columns O..ld-1 hold values
// of no meaning. Each output sums over K in ascending order, whatever N is. Saved for backward: x.

struct Params { rows: u32, inner4: u32, outs: u32, ld4: u32, add_residual: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> residual: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>;

fn store(row: u32, col4: u32, value: vec4f) {
  if (row >= p.rows || col4 >= p.ld4) { return; }
  let at = row * p.ld4 + col4;
  if (p.add_residual != 0u) {
    y[at] = residual[at] + value;
  } else {
    y[at] = value;
  }
}

@compute @workgroup_size(4, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let row = (group.x * 4u + local.x) * 8u;
  let col = (group.y * 8u + local.y) * 8u;
  if (row >= p.rows || col >= p.outs) { return; }
  let k4 = p.inner4;
  let last = p.rows - 1u;
  let x0 = min(row, last) * k4;
  let x1 = min(row + 1u, last) * k4;
  let x2 = min(row + 2u, last) * k4;
  let x3 = min(row + 3u, last) * k4;
  let x4 = min(row + 4u, last) * k4;
  let x5 = min(row + 5u, last) * k4;
  let x6 = min(row + 6u, last) * k4;
  let x7 = min(row + 7u, last) * k4;
  let end = p.outs - 1u;
  let w0 = col * k4;
  let w1 = min(col + 1u, end) * k4;
  let w2 = min(col + 2u, end) * k4;
  let w3 = min(col + 3u, end) * k4;
  let w4 = min(col + 4u, end) * k4;
  let w5 = min(col + 5u, end) * k4;
  let w6 = min(col + 6u, end) * k4;
  let w7 = min(col + 7u, end) * k4;
  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
  var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();
  var t0 = vec4f(); var t1 = vec4f(); var t2 = vec4f(); var t3 = vec4f();
  var t4 = vec4f(); var t5 = vec4f(); var t6 = vec4f(); var t7 = vec4f();
  for (var k = 0u; k < k4; k++) {
    let m = mat4x4f(w[w0 + k], w[w1 + k], w[w2 + k], w[w3 + k]);
    let n = mat4x4f(w[w4 + k], w[w5 + k], w[w6 + k], w[w7 + k]);
    let a0 = x[x0 + k];
    let a1 = x[x1 + k];
    let a2 = x[x2 + k];
    let a3 = x[x3 + k];
    s0 += a0 * m; t0 += a0 * n;
    s1 += a1 * m; t1 += a1 * n;
    s2 += a2 * m; t2 += a2 * n;
    s3 += a3 * m; t3 += a3 * n;
    let a4 = x[x4 + k];
    let a5 = x[x5 + k];
    let a6 = x[x6 + k];
    let a7 = x[x7 + k];
    s4 += a4 * m; t4 += a4 * n;
    s5 += a5 * m; t5 += a5 * n;
    s6 += a6 * m; t6 += a6 * n;
    s7 += a7 * m; t7 += a7 * n;
  }
  let c4 = col / 4u;
  store(row, c4, s0); store(row, c4 + 1u, t0);
  store(row + 1u, c4, s1); store(row + 1u, c4 + 1u, t1);
  store(row + 2u, c4, s2); store(row + 2u, c4 + 1u, t2);
  store(row + 3u, c4, s3); store(row + 3u, c4 + 1u, t3);
  store(row + 4u, c4, s4); store(row + 4u, c4 + 1u, t4);
  store(row + 5u, c4, s5); store(row + 5u, c4 + 1u, t5);
  store(row + 6u, c4, s6); store(row + 6u, c4 + 1u, t6);
  store(row + 7u, c4, s7); store(row + 7u, c4 + 1u, t7);
}
