// Appends one token to every active trajectory: the next of the question or of an information block where one is due (forced),
// else the sampled one, and follows the state machine of method.md section 2 with it.
// active_rows, chosen (n), stats (n) = (log-probability, entropy); passages: u32x4 (source, subject, relation, object) tokens
// of all worlds; rows (B), tokens (B,T), log_probs and entropies (B,T) updated in place.
// `feed_last`: a finished row stays active for one step more, so that its last token enters the cache for a review.
// `blank`: closed book, passages read as `?`. One invocation: one active row.
// @include "episode.wgsl"

struct Params { positions: u32, content_base: u32, feed_last: u32, blank: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> chosen: array<u32>;
@group(0) @binding(3) var<storage, read> stats: array<vec2f>;
@group(0) @binding(4) var<storage, read> passages: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> rows: array<Row>;
@group(0) @binding(6) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(7) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(8) var<storage, read_write> entropies: array<f32>;

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

fn forced_token(row: ptr<function, Row>) -> u32 {
  let at = INFORMATION_TOKENS - (*row).forced_left;
  if (at == 0u) { return TOKEN_INFORMATION; }
  if (at == INFORMATION_TOKENS - 1u) { return TOKEN_END_INFORMATION; }
  if (p.blank != 0u) { return TOKEN_QUESTION; }
  let k = (at - 1u) / 4u;
  let id = (*row).passages[((*row).searches - 1u) * 3u + k];
  return passages[(*row).passage_base + id][(at - 1u) % 4u];
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
        (*row).forced_left = INFORMATION_TOKENS;
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
  if (row.phase == DONE) {
    // Its last token went through the model in this step.
    rows[b].is_active = 0u;
    return;
  }
  row.position += 1u;
  if (row.position < row.prompt_length) {
    rows[b].position = row.position;
    return;
  }
  row.length = row.position + 1u;
  let at = b * p.positions + row.position;
  if (row.forced_left > 0u) {
    tokens[at] = forced_token(&row);
    log_probs[at] = 0.0;
    entropies[at] = 0.0;
    row.forced_left -= 1u;
    if (row.forced_left == 0u) { row.phase = EXPECT_THINK; }
  } else {
    let token = chosen[n];
    tokens[at] = token;
    log_probs[at] = stats[n].x;
    entropies[at] = stats[n].y;
    advance(&row, token);
  }
  if (row.phase == DONE && p.feed_last == 0u) { row.is_active = 0u; }
  rows[b] = row;
}
