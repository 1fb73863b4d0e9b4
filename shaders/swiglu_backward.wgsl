// dg = dy * u * sigmoid(g) * (1 + g * (1 - sigmoid(g)))      du = dy * g * sigmoid(g)
// gu, dgu (N,2F) = [gate | up], dy (N,F); dgu overwritten. One invocation: one element.

struct Params { rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> gu: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgu: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.rows * p.cols) { return; }
  let n = e / p.cols;
  let at = e + n * p.cols;
  let g = gu[at];
  let u = gu[at + p.cols];
  let s = 1.0 / (1.0 + exp(min(-g, 80.0)));
  let d = dy[e];
  dgu[at] = d * u * s * (1.0 + g * (1.0 - s));
  dgu[at + p.cols] = d * g * s;
}
