// The most multiply-adds that an adapter does: 12 sums an invocation that depend on nothing but themselves, so that they stay in
// registers and no load is waited for. One iteration: 192 floating-point operations, enough that the loop itself does not count
// (a software adapter keeps a mask and a limit by it). out (N): keeps the work from being left out.

struct Params { iterations: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let start = f32(id.x) * 1e-6;
  var u = vec4f(start, start + 0.1, start + 0.2, start + 0.3);
  var v = u + 0.4;
  var w = u + 0.8;
  for (var i = 0u; i < p.iterations; i++) {
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
    u = u * 0.999 + 0.001;
    v = v * 0.999 + 0.001;
    w = w * 0.999 + 0.001;
  }
  let sum = u + v + w;
  out[id.x] = sum.x + sum.y + sum.z + sum.w;
}
