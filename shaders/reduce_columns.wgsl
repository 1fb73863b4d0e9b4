// y[c] += sum over n of x[n, c] for a few columns: x (N,cols), y (cols) accumulated, cols <= 8.
// One workgroup: lane l adds rows l, l + 64, ..; then the lanes are added in ascending order.

struct Params { rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

var<workgroup> partial: array<f32, 512>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var c = 0u; c < p.cols; c++) {
    var sum = 0.0;
    for (var n = lane; n < p.rows; n += 64u) {
      sum += x[n * p.cols + c];
    }
    partial[lane * 8u + c] = sum;
  }
  workgroupBarrier();
  if (lane < p.cols) {
    var total = 0.0;
    for (var l = 0u; l < 64u; l++) {
      total += partial[l * 8u + lane];
    }
    y[lane] += total;
  }
}
