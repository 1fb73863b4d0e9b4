// AdamW with a global gradient-norm clip (Loshchilov and Hutter 2019):
//   g = grad * min(1, maxNorm / (norm + 1e-6))    m = b1 m + (1 - b1) g    v = b2 v + (1 - b2) g^2
//   theta = theta - lr decay theta - lr (m / correction1) / (sqrt(v / correction2) + eps)
// theta, grad, m, v: whole arenas of `size` elements, updated in place. decays: 1 or 0 for each block of 64 elements (tensors
// start at multiples of 64). norms[slot] from grad_norm; max_norm 0 = no clipping. One invocation: one element.
// Where the norm is infinite or NaN nothing is written. Its bits are asked, as a compiler may take any float for finite.

struct Params {
  size: u32, slot: u32, lr: f32, beta1: f32, beta2: f32, one_minus_beta1: f32, one_minus_beta2: f32, eps: f32,
  weight_decay: f32, correction1: f32, correction2: f32, max_norm: f32, first_group: u32,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> grad: array<f32>;
@group(0) @binding(2) var<storage, read> norms: array<f32>;
@group(0) @binding(3) var<storage, read> decays: array<f32>;
@group(0) @binding(4) var<storage, read_write> theta: array<f32>;
@group(0) @binding(5) var<storage, read_write> m: array<f32>;
@group(0) @binding(6) var<storage, read_write> v: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group_id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = vec3u(group_id.x + p.first_group, group_id.yz);
  let block = group.y * 32768u + group.x;
  let e = block * 64u + lane;
  if (e >= p.size || (bitcast<u32>(norms[p.slot]) & 0x7f800000u) == 0x7f800000u) { return; }
  var g = grad[e];
  if (p.max_norm > 0.0) {
    g *= min(1.0, p.max_norm / (norms[p.slot] + 1e-6));
  }
  let m_new = p.beta1 * m[e] + p.one_minus_beta1 * g;
  let v_new = p.beta2 * v[e] + p.one_minus_beta2 * g * g;
  m[e] = m_new;
  v[e] = v_new;
  let old = theta[e];
  theta[e] = old - p.lr * p.weight_decay * decays[block] * old
    - p.lr * (m_new / p.correction1) / (sqrt(v_new / p.correction2) + p.eps);
}
