// dTable[v, c] += sum of dY[n, c] over the rows n that looked up v. WGSL has no float atomics and a run must repeat bit for
// bit, so the rows are listed per vocabulary entry: rowsOf[offsets[v] .. offsets[v + 1]) in ascending order.
// dY (N,C), dTable (V,C) accumulated. One invocation: one element of dTable.

struct Params { vocab: u32, cols: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(0) @binding(3) var<storage, read> rows_of: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_table: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let e = (group.y * 32768u + group.x) * 64u + lane;
  if (e >= p.vocab * p.cols) { return; }
  let v = e / p.cols;
  let c = e - v * p.cols;
  var sum = 0.0;
  for (var i = offsets[v]; i < offsets[v + 1u]; i++) {
    sum += dy[rows_of[i] * p.cols + c];
  }
  d_table[e] += sum;
}
