// y = g * sigmoid(g) * u with gate g and up u side by side: gu (N,2F) = [g | u], y (N,F). Saved for backward: gu.
// One invocation: one element.

struct Params { rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> gu: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.rows * p.cols) { return; }
  let n = e / p.cols;
  let at = e + n * p.cols;
  let g = gu[at];
  // exp(80) is finite in float32; beyond it sigmoid is 0 to every digit that matters.
  y[e] = g / (1.0 + exp(min(-g, 80.0))) * gu[at + p.cols];
}
