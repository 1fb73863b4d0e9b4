#!/bin/sh
# naga 25.0.1, the shader compiler of wgpu and Firefox, in the npm package wgsl-wasm-transpiler-bundler 0.0.1, seen on Linux x64.
#
# Guess: a release of naga that takes the subgroup functions of WGSL takes all of them.
# Seen: it takes broadcasts, shuffles and sums, but knows neither the quad functions nor subgroupElect: "no definition in scope for
#   identifier".
# For whom it matters: who writes kernels with subgroups for browsers and wgpu alike. A quad's broadcast is a shuffle from the first
#   lane of four, and electing is comparing the lane's number with 0 where all lanes are active.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund wgsl-wasm-transpiler-bundler@0.0.1
cat >see.mjs <<'JS'
import { readFileSync } from 'node:fs';
import * as glue from 'wgsl-wasm-transpiler-bundler/wgsl_wasm_transpiler_bg.js';
const file = 'node_modules/wgsl-wasm-transpiler-bundler/wgsl_wasm_transpiler_bg.wasm';
const { instance } = await WebAssembly.instantiate(readFileSync(file), { './wgsl_wasm_transpiler_bg.js': glue });
glue.__wbg_set_wasm(instance.exports);
function isTaken(use) {
  const code = `@group(0) @binding(0) var<storage, read_write> r: array<u32>;
@compute @workgroup_size(32) fn main(@builtin(subgroup_invocation_id) lane: u32) { r[lane] = u32(${use}); }`;
  try {
    return glue.compileShader(code, 'spirv').length > 0;
  } catch {
    return false;
  }
}
const uses = ['subgroupAdd(lane)', 'subgroupShuffle(lane, 0u)', 'subgroupBroadcast(lane, 0u)', 'subgroupBroadcastFirst(lane)'];
const others = ['quadBroadcast(lane, 0u)', 'quadSwapX(lane)', 'quadSwapY(lane)', 'quadSwapDiagonal(lane)', 'subgroupElect()'];
const taken = [...uses, ...others].filter(isTaken).map((use) => use.split('(')[0]);
console.log(JSON.stringify(taken));
JS
seen=$(node see.mjs 2>/dev/null | tail -1)
echo "naga 25.0.1: $seen"
wanted='["subgroupAdd","subgroupShuffle","subgroupBroadcast","subgroupBroadcastFirst"]'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
