// Appends the sampled token to every active trajectory and follows the state machine of method.md section 2 with it.
// active_rows, chosen (n), stats (n) = (log-probability, entropy); rows (B), tokens (B,T), log_probs and entropies (B,T) updated
// in place. A completed query makes the row wait until retrieval (bm25_top_k) has written its passages. One invocation: one
// active row.
// @include "episode.wgsl"

struct Params { positions: u32, content_base: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> chosen: array<u32>;
@group(0) @binding(3) var<storage, read> stats: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> rows: array<Row>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(7) var<storage, read_write> entropies: array<f32>;

fn finish(row: ptr<function, Row>, reason: u32) {
  (*row).phase = DONE;
  (*row).reason = reason;
}

fn collect(row: ptr<function, Row>, token: u32, cap: u32, over_long: u32) {
  if (token < p.content_base) {
    finish(row, UNEXPECTED_TOKEN);
  } else if ((*row).content >= cap) {
    finish(row, over_long);
  } else {
    (*row).content += 1u;
  }
}

fn advance(row: ptr<function, Row>, token: u32) {
  switch ((*row).phase) {
    case EXPECT_THINK: {
      (*row).step_starts[(*row).steps] = (*row).position;
      (*row).steps += 1u;
      if (token == TOKEN_THINK) {
        (*row).phase = IN_THINK;
        (*row).content = 0u;
      } else {
        finish(row, UNEXPECTED_TOKEN);
      }
    }
    case IN_THINK: {
      if (token == TOKEN_END_THINK) {
        (*row).phase = AFTER_THINK;
      } else {
        collect(row, token, MAX_THINK_CONTENT, OVER_LONG_THINK);
      }
    }
    case AFTER_THINK: {
      if (token == TOKEN_ANSWER) {
        (*row).phase = IN_ANSWER;
        (*row).content = 0u;
      } else if (token != TOKEN_SEARCH) {
        finish(row, UNEXPECTED_TOKEN);
      } else if ((*row).searches >= MAX_SEARCHES) {
        finish(row, FIFTH_SEARCH);
      } else {
        (*row).phase = IN_SEARCH;
        (*row).content = 0u;
      }
    }
    case IN_SEARCH: {
      if (token != TOKEN_END_SEARCH) {
        let at = (*row).content;
        collect(row, token, MAX_QUERY_CONTENT, OVER_LONG_QUERY);
        if ((*row).content > at) { (*row).query[at] = token; }
      } else if ((*row).content == 0u) {
        finish(row, EMPTY_QUERY);
      } else {
        (*row).searches += 1u;
        (*row).pending = 1u;
        (*row).phase = INFORMATION;
      }
    }
    case IN_ANSWER: {
      if (token != TOKEN_END_ANSWER) {
        let at = (*row).content;
        collect(row, token, 1u, OVER_LONG_ANSWER);
        if ((*row).content > at) { (*row).answer = token; }
      } else if ((*row).content == 0u) {
        finish(row, EMPTY_ANSWER);
      } else {
        (*row).phase = AFTER_ANSWER;
      }
    }
    default: {
      finish(row, select(UNEXPECTED_TOKEN, FINISHED, token == TOKEN_EOS));
    }
  }
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if (n >= active_rows[0]) { return; }
  let b = active_rows[64u + n];
  var row = rows[b];
  // All before it has been fed, so it stands at row.position.
  let at = b * p.positions + row.position;
  let token = chosen[n];
  tokens[at] = token;
  log_probs[at] = stats[n].x;
  entropies[at] = stats[n].y;
  row.length += 1u;
  advance(&row, token);
  if (row.phase == DONE) { row.is_active = 0u; }
  rows[b] = row;
}
