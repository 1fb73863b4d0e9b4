// Both gradients of y = x W^T, which do not depend on each other and so share a dispatch:
//   dX = dY W      partials[s] = dY[chunk s]^T x[chunk s],  chunk s = rows s * chunk .. (s + 1) * chunk - 1
// x (N,K), dY (N,ld) with ld >= O, W (O,K), dX (N,K) overwritten; chunk s of the weight gradient (O,K) starts at float
// s * stride of `partials`, and reduce_partials adds the chunks in order. With SWIGLU = 1 x was hidden = silu(g) * u, and
//   dX becomes [dg | du] (N,2K):  dg = d u sigmoid(g) (1 + g (1 - sigmoid(g)))   du = d g sigmoid(g)   d = dY W
// from gate_up (N,2K). K and ld are multiples of 4. The first input_blocks workgroups along x compute dX, one invocation a tile
// (tile.wgsl); the others dW, one invocation TILE_ROWS outputs x 8 inputs as outer products, each over one chunk. Cooperative, the slices
// of tile_cooperative.wgsl take every eighth row of the chunk.
// @include "tile.wgsl"
// @include "tile_cooperative.wgsl"

struct Params { rows: u32, inner: u32, outs: u32, ld: u32, chunk: u32, stride: u32, input_blocks: u32, out_blocks: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read> a: array<f32>;
@group(0) @binding(4) var<storage, read> b: array<vec4f>;
@group(0) @binding(5) var<storage, read> gate_up: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> partials: array<vec4f>;

fn store_input(row: u32, c: u32, d: vec4f) {
  let inner4 = p.inner / 4u;
  if (row >= p.rows || c >= inner4) { return; }
  if (SWIGLU == 0u) {
    dx[row * inner4 + c] = d;
    return;
  }
  let at = row * 2u * inner4 + c;
  let g = gate_up[at];
  let u = gate_up[at + inner4];
  let s = 1.0 / (1.0 + exp(min(-g, vec4f(80.0))));
  dx[at] = d * u * s * (1.0 + g * (1.0 - s));
  dx[at + inner4] = d * g * s;
}

// @if COOPERATIVE
fn store_input_rows(row: u32, c: u32, rows: Rows, lane: vec2u) {
  let sums = add_slices(rows, lane, 1u, 0.0);
  if (lane.y >= 4u) { return; }
  store_input(row + lane.y, c, sums.s);
  store_input(row + lane.y, c + 1u, sums.t);
}

fn input_gradient(row: u32, c: u32, lane: vec2u) {
  let inner4 = p.inner / 4u;
  // Quads that do not exist are computed from the last one and not stored.
  let part = tile_slice(row, p.rows - 1u, p.ld, p.outs, min(c, inner4 - 1u), min(c + 1u, inner4 - 1u), inner4, lane.y);
  store_input_rows(row, c, part.low, lane);
  if (TILE_ROWS > 4u) { store_input_rows(row + 4u, c, part.high, lane); }
}
// @end
// @if SUBGROUPS
fn input_gradient(row: u32, c: u32) {
  let inner4 = p.inner / 4u;
  let v = tile_product(row, p.rows - 1u, p.ld, p.outs, min(c, inner4 - 1u), min(c + 1u, inner4 - 1u), inner4, 0.0);
  // @if QUARTETS
  var kept = v;
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_input(row + r, c, kept.s[r]);
    store_input(row + r, c + 1u, kept.t[r]);
  }
  // @else
  // @unroll TILE_ROWS
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_input(row + r, c, v.s[r]);
    store_input(row + r, c + 1u, v.t[r]);
  }
  // @end
}
// @end
// @if BASE
fn input_gradient(row: u32, c: u32) {
  let inner4 = p.inner / 4u;
  if (row >= p.rows || c >= inner4) { return; }
  let v = tile_product(row, p.rows - 1u, p.ld, p.outs, min(c, inner4 - 1u), min(c + 1u, inner4 - 1u), inner4, 0.0);
  store_input(row, c, v.s0); store_input(row, c + 1u, v.t0);
  store_input(row + 1u, c, v.s1); store_input(row + 1u, c + 1u, v.t1);
  store_input(row + 2u, c, v.s2); store_input(row + 2u, c + 1u, v.t2);
  store_input(row + 3u, c, v.s3); store_input(row + 3u, c + 1u, v.t3);
  store_input(row + 4u, c, v.s4); store_input(row + 4u, c + 1u, v.t4);
  store_input(row + 5u, c, v.s5); store_input(row + 5u, c + 1u, v.t5);
  store_input(row + 6u, c, v.s6); store_input(row + 6u, c + 1u, v.t6);
  store_input(row + 7u, c, v.s7); store_input(row + 7u, c + 1u, v.t7);
}
// @end

fn store_weight(split: u32, out: u32, c: u32, value: vec4f) {
  let inner4 = p.inner / 4u;
  if (out >= p.outs || c >= inner4) { return; }
  partials[split * (p.stride / 4u) + out * inner4 + c] = value;
}

// @if COOPERATIVE
fn store_weight_rows(split: u32, o: u32, c: u32, rows: Rows, lane: vec2u) {
  let sums = add_slices(rows, lane, 1u, 0.0);
  if (lane.y >= 4u) { return; }
  store_weight(split, o + lane.y, c, sums.s);
  store_weight(split, o + lane.y, c + 1u, sums.t);
}

fn weight_gradient(split: u32, o: u32, c: u32, lane: vec2u) {
  let inner4 = p.inner / 4u;
  let ld4 = p.ld / 4u;
  let first = min(c, inner4 - 1u);
  let second = min(c + 1u, inner4 - 1u);
  var low = no_rows();
  var high = no_rows();
  let stop = min((split + 1u) * p.chunk, p.rows);
  for (var n = split * p.chunk + lane.y; n < stop; n += SLICES) {
    let g = x[n * inner4 + first];
    let h = x[n * inner4 + second];
    add_outer(&low, dy[n * ld4 + min(o / 4u, ld4 - 1u)], g, h);
    if (TILE_ROWS > 4u) { add_outer(&high, dy[n * ld4 + min(o / 4u + 1u, ld4 - 1u)], g, h); }
  }
  store_weight_rows(split, o, c, low, lane);
  if (TILE_ROWS > 4u) { store_weight_rows(split, o + 4u, c, high, lane); }
}
// @end
// @if SUBGROUPS
fn weight_gradient(split: u32, o: u32, c: u32) {
  let inner4 = p.inner / 4u;
  let first = min(c, inner4 - 1u);
  let second = min(c + 1u, inner4 - 1u);
  var columns: array<u32, SHARES>;
  var own: array<f32, SHARES>;
  // @unroll SHARES
  for (var i = 0u; i < SHARES; i++) {
    columns[i] = min(o + i * GIVERS + subgroup_lane % GIVERS, p.ld - 1u);
  }
  var s: array<vec4f, TILE_ROWS>;
  var t: array<vec4f, TILE_ROWS>;
  // @unroll TILE_ROWS
  for (var r = 0u; r < TILE_ROWS; r++) {
    s[r] = vec4f();
    t[r] = vec4f();
  }
  let stop = min((split + 1u) * p.chunk, p.rows);
  for (var n = split * p.chunk; n < stop; n++) {
    let g = x[n * inner4 + first];
    let h = x[n * inner4 + second];
    // @unroll SHARES
    for (var i = 0u; i < SHARES; i++) {
      own[i] = a[n * p.ld + columns[i]];
    }
    // @unroll TILE_ROWS
    for (var r = 0u; r < TILE_ROWS; r++) {
      // @if QUARTETS
      let v = quadBroadcast(own[r / 4u], r % 4u);
      // @else
      let v = pass_number(own[r / 8u], r % 8u);
      // @end
      s[r] += v * g;
      t[r] += v * h;
    }
  }
  // @if QUARTETS
  var kept = Tile(s, t);
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_weight(split, o + r, c, kept.s[r]);
    store_weight(split, o + r, c + 1u, kept.t[r]);
  }
  // @else
  // @unroll TILE_ROWS
  for (var r = 0u; r < TILE_ROWS; r++) {
    store_weight(split, o + r, c, s[r]);
    store_weight(split, o + r, c + 1u, t[r]);
  }
  // @end
}
// @end
// @if BASE
fn weight_gradient(split: u32, o: u32, c: u32) {
  let inner4 = p.inner / 4u;
  let ld4 = p.ld / 4u;
  let e = o / 4u;
  if (o >= p.outs || c >= inner4) { return; }
  let first = min(c, inner4 - 1u);
  let second = min(c + 1u, inner4 - 1u);
  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
  var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();
  var t0 = vec4f(); var t1 = vec4f(); var t2 = vec4f(); var t3 = vec4f();
  var t4 = vec4f(); var t5 = vec4f(); var t6 = vec4f(); var t7 = vec4f();
  let stop = min((split + 1u) * p.chunk, p.rows);
  for (var n = split * p.chunk; n < stop; n++) {
    let u = dy[n * ld4 + e];
    let v = dy[n * ld4 + min(e + 1u, ld4 - 1u)];
    let g = x[n * inner4 + first];
    let h = x[n * inner4 + second];
    s0 += u.x * g; t0 += u.x * h;
    s1 += u.y * g; t1 += u.y * h;
    s2 += u.z * g; t2 += u.z * h;
    s3 += u.w * g; t3 += u.w * h;
    s4 += v.x * g; t4 += v.x * h;
    s5 += v.y * g; t5 += v.y * h;
    s6 += v.z * g; t6 += v.z * h;
    s7 += v.w * g; t7 += v.w * h;
  }
  store_weight(split, o, c, s0); store_weight(split, o, c + 1u, t0);
  store_weight(split, o + 1u, c, s1); store_weight(split, o + 1u, c + 1u, t1);
  store_weight(split, o + 2u, c, s2); store_weight(split, o + 2u, c + 1u, t2);
  store_weight(split, o + 3u, c, s3); store_weight(split, o + 3u, c + 1u, t3);
  store_weight(split, o + 4u, c, s4); store_weight(split, o + 4u, c + 1u, t4);
  store_weight(split, o + 5u, c, s5); store_weight(split, o + 5u, c + 1u, t5);
  store_weight(split, o + 6u, c, s6); store_weight(split, o + 6u, c + 1u, t6);
  store_weight(split, o + 7u, c, s7); store_weight(split, o + 7u, c + 1u, t7);
}
// @end

// @if COOPERATIVE
@compute @workgroup_size(8, SLICES)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let c = (group.y * 8u + local.x) * 2u;
  if (group.x < p.input_blocks) {
    input_gradient(group.x * TILE_ROWS, c, local.xy);
  } else {
    let block = group.x - p.input_blocks;
    weight_gradient(block / p.out_blocks, block % p.out_blocks * TILE_ROWS, c, local.xy);
  }
}
// @end
// @if SUBGROUPS
// Of one dimension, as naga wants it where subgroups are.
@compute @workgroup_size(32)
fn main(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) subgroup: u32,
) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let local = vec2u(index % 8u, index / 8u);
  subgroup_lane = subgroup;
  let c = (group.y * 8u + local.x) * 2u;
  if (group.x < p.input_blocks) {
    input_gradient((group.x * 4u + local.y) * TILE_ROWS, c);
  } else {
    let block = group.x - p.input_blocks;
    weight_gradient(block / p.out_blocks, (block % p.out_blocks * 4u + local.y) * TILE_ROWS, c);
  }
}
// @end
// @if BASE
@compute @workgroup_size(8, 4)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let c = (group.y * 8u + local.x) * 2u;
  if (group.x < p.input_blocks) {
    input_gradient((group.x * 4u + local.y) * TILE_ROWS, c);
  } else {
    let block = group.x - p.input_blocks;
    weight_gradient(block / p.out_blocks, (block % p.out_blocks * 4u + local.y) * TILE_ROWS, c);
  }
}
// @end
