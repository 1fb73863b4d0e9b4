// norms[slot] = sqrt(sum of g^2) over a whole gradient arena; the gaps between tensors hold zeros.
// One workgroup: lane l adds elements l, l + 256, ..; then the lanes are added in ascending order.

struct Params { size: u32, slot: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> norms: array<f32>;

var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var e = lane; e < p.size; e += 256u) {
    sum += g[e] * g[e];
  }
  partial[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0.0;
    for (var l = 0u; l < 256u; l++) {
      total += partial[l];
    }
    norms[p.slot] = sqrt(total);
  }
}
