// dTable[v, c] += sum of dY[n, c] over the rows n that looked up v. WGSL has no float atomics and a run must repeat bit for
// bit, so the rows are listed per vocabulary entry: rowsOf[offsets[v] .. offsets[v + 1]) in ascending order.
// dY (N,C), dTable (V,C) accumulated. One invocation: one element of dTable.
// With COOPERATIVE = 1 a workgroup has 16 columns of an entry, and 16 invocations share each: of a control token there are hundreds of rows.

struct Params { vocab: u32, cols: u32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(0) @binding(3) var<storage, read> rows_of: array<u32>;
@group(0) @binding(4) var<storage, read_write> d_table: array<f32>;

// @if COOPERATIVE
var<workgroup> lane_sums: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let across = (p.cols + 15u) / 16u;
  let block = group.y * 32768u + group.x;
  let v = block / across;
  // The same for the whole workgroup, so that its barrier stays together.
  if (v >= p.vocab) { return; }
  if (offsets[v] == offsets[v + 1u]) { return; }
  let c = block % across * 16u + index % 16u;
  let stop = select(0u, offsets[v + 1u], c < p.cols);
  var sum = 0.0;
  for (var i = offsets[v] + index / 16u; i < stop; i += 16u) {
    sum += dy[rows_of[i] * p.cols + c];
  }
  lane_sums[index] = sum;
  workgroupBarrier();
  if (index >= 16u || c >= p.cols) { return; }
  var total = 0.0;
  for (var l = index; l < 256u; l += 16u) { total += lane_sums[l]; }
  d_table[v * p.cols + c] += total;
}
// @else
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
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
// @end
