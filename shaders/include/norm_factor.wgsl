// 1 / root mean square of a row from the sum of its squares.
fn norm_factor(squares: f32, inner: u32, eps: f32) -> f32 {
  return 1.0 / sqrt(squares / f32(inner) + eps);
}
