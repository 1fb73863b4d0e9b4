// y[c] += sum over n of x[n, c] for a few columns: x (N,cols), y (cols) accumulated, cols <= 8.
// One workgroup: lane l adds rows l, l + 64, ..; then the lanes are added in ascending order. With COOPERATIVE = 1 neighbouring lanes
// load neighbouring numbers: lane l adds column l % cols of rows l / cols, l / cols + 256 / cols, ..

struct Params { rows: u32, cols: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

// @if COOPERATIVE
var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  let step = 256u / p.cols;
  var sum = 0.0;
  for (var n = lane / p.cols; n < p.rows; n += step) {
    sum += x[n * p.cols + lane % p.cols];
  }
  partial[lane] = sum;
  workgroupBarrier();
  if (lane < p.cols) {
    var total = 0.0;
    // Where cols does not divide 256, the last lanes are no whole row and are left out.
    for (var l = lane; l < step * p.cols; l += p.cols) {
      total += partial[l];
    }
    y[lane] += total;
  }
}
// @else
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
// @end
