// By how much four coordinates of a head turn, from `table` of pairs (cosine, sine): those of `turns` and of the quad behind it.
struct Turn { cosine: vec4f, sine: vec4f }

fn turn_at(turns: u32) -> Turn {
  let first = table[turns];
  let second = table[turns + 1u];
  return Turn(vec4f(first.xz, second.xz), vec4f(first.yw, second.yw));
}
