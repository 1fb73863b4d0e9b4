// partials[s] = dY[chunk s]^T x[chunk s]: dY (N,ld), x (N,K), partials (S,O,K), chunk s = rows s*chunk .. (s+1)*chunk - 1.
// The sum over N is split so that there is enough to run in parallel and the order of additions is fixed; reduce_partials
// adds the chunks. One invocation: a tile of 8 outputs x 8 inputs as outer products. K and ld are multiples of 4.

struct Params { rows: u32, inner4: u32, outs: u32, ld4: u32, chunk: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;

fn store(split: u32, out: u32, col4: u32, value: vec4f) {
  if (out >= p.outs || col4 >= p.inner4) { return; }
  partials[(split * p.outs + out) * p.inner4 + col4] = value;
}

@compute @workgroup_size(4, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let o = (group.x * 4u + local.x) * 8u;
  let c = (group.y * 8u + local.y) * 2u;
  let split = group.z;
  if (o >= p.outs || c >= p.inner4) { return; }
  let d = min(c + 1u, p.inner4 - 1u);
  let a = o / 4u;
  let b = min(a + 1u, p.ld4 - 1u);
  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f();
  var s4 = vec4f(); var s5 = vec4f(); var s6 = vec4f(); var s7 = vec4f();
  var t0 = vec4f(); var t1 = vec4f(); var t2 = vec4f(); var t3 = vec4f();
  var t4 = vec4f(); var t5 = vec4f(); var t6 = vec4f(); var t7 = vec4f();
  let stop = min((split + 1u) * p.chunk, p.rows);
  for (var n = split * p.chunk; n < stop; n++) {
    let u = dy[n * p.ld4 + a];
    let v = dy[n * p.ld4 + b];
    let f = x[n * p.inner4 + c];
    let g = x[n * p.inner4 + d];
    s0 += u.x * f; t0 += u.x * g;
    s1 += u.y * f; t1 += u.y * g;
    s2 += u.z * f; t2 += u.z * g;
    s3 += u.w * f; t3 += u.w * g;
    s4 += v.x * f; t4 += v.x * g;
    s5 += v.y * f; t5 += v.y * g;
    s6 += v.z * f; t6 += v.z * g;
    s7 += v.w * f; t7 += v.w * g;
  }
  store(split, o, c, s0); store(split, o, c + 1u, t0);
  store(split, o + 1u, c, s1); store(split, o + 1u, c + 1u, t1);
  store(split, o + 2u, c, s2); store(split, o + 2u, c + 1u, t2);
  store(split, o + 3u, c, s3); store(split, o + 3u, c + 1u, t3);
  store(split, o + 4u, c, s4); store(split, o + 4u, c + 1u, t4);
  store(split, o + 5u, c, s5); store(split, o + 5u, c + 1u, t5);
  store(split, o + 6u, c, s6); store(split, o + 6u, c + 1u, t6);
  store(split, o + 7u, c, s7); store(split, o + 7u, c + 1u, t7);
}
