// Neighbouring invocations that need the same numbers can load a share each and pass them around, where the adapter has subgroups: GIVERS
// of them, an octet or, on adapters whose subgroups may be smaller (SwiftShader), a quartet, whose exchange is cheap as long as the giver is
// a constant. The kernel's bits stay the same. All invocations must take part, so such a kernel may not return early. Subgroup
// invocations are assumed to follow local_invocation_index; variants.ts tries it before it is used.

// @if SUBGROUPS
enable subgroups;

var<private> subgroup_lane: u32;

fn pass_number(value: f32, giver: u32) -> f32 {
  return subgroupShuffle(value, (subgroup_lane & 0xfffffff8u) + giver);
}

fn pass_quad(value: vec4f, giver: u32) -> vec4f {
  return subgroupShuffle(value, (subgroup_lane & 0xfffffff8u) + giver);
}
// @end
