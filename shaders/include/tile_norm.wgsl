// RMSNorm in front of a tile: a workgroup is 8 x 4 tiles, so 32 rows; each lane sums the squares of one of them. With NORMALISE = 0
// every factor is 1. The gain of the norm is folded into the weights (transpose_weights). The including kernel declares `a`.

var<workgroup> row_scales: array<f32, 32>;

// The factor of rows first .. first + 31. Called by all 32 invocations of a workgroup: it holds a barrier.
fn measure_rows(first: u32, last: u32, cols: u32, eps: f32, lane: u32) {
  if (NORMALISE == 0u) { return; }
  let base = min(first + lane, last) * cols;
  var sum = 0.0;
  for (var c = 0u; c < cols; c++) {
    let v = a[base + c];
    sum += v * v;
  }
  row_scales[lane] = 1.0 / sqrt(sum / f32(cols) + eps);
  workgroupBarrier();
}

// Of the workgroup's row r.
fn row_scale(r: u32) -> f32 {
  if (NORMALISE == 0u) { return 1.0; }
  return row_scales[r];
}
