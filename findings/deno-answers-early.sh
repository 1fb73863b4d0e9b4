#!/bin/sh
# Deno 2.9.6 (npm package deno, WebGPU by wgpu), seen on Linux x64 with llvmpipe. It needs a Vulkan driver.
#
# Guess: mapAsync returns a promise at once, the program goes on while the adapter computes, and the promise comes when the buffer
#   is mapped.
# Seen: the call itself stands still until everything submitted is done. When it returns, the buffer is mapped: where it was mapped
#   once before, getMappedRange gives the new numbers although mapState says "pending". The promise comes 10 ms after that.
#   onSubmittedWorkDone stands still in the same way, so that nothing is recorded while the adapter computes.
# For whom it matters: who submits much and reads often. Ask late, ask once for many submits, and read what is mapped already.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
# Its starter finds the program in the package of the platform: no install script is needed.
npm install --silent --no-audit --no-fund --ignore-scripts deno@2.9.6
cat >see.mjs <<'JS'
const device = await (await navigator.gpu.requestAdapter()).requestDevice();
const code = `@group(0) @binding(0) var<storage, read_write> r: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = r[id.x];
  for (var i = 0u; i < 20000u; i++) { sum = sum * 0.5 + 1; }
  r[id.x] = sum;
}`;
const compute = { module: device.createShaderModule({ code }) };
const pipeline = device.createComputePipeline({ layout: 'auto', compute });
const size = 65536;
const from = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
const to = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
const entries = [{ binding: 0, resource: { buffer: from } }];
const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
function submit() {
  device.queue.writeBuffer(from, 0, new Float32Array(size / 4));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(size / 256);
  pass.end();
  encoder.copyBufferToBuffer(from, 0, to, 0, size);
  device.queue.submit([encoder.finish()]);
}
/** @returns whether the call took most of the time, and the promise 10 ms more */
async function stands(ask) {
  submit();
  const start = performance.now();
  const promise = ask();
  const called = performance.now();
  const early = to.mapState;
  const read = early === 'pending' && mapped ? new Float32Array(to.getMappedRange())[0] : null;
  await promise;
  const told = performance.now() - called;
  return { callIsMost: called - start > 2 * told, sleeps: told >= 9.5 && told < 60, early, read };
}
let mapped = false;
submit();
await to.mapAsync(GPUMapMode.READ);
to.unmap();
mapped = true;
const map = await stands(() => to.mapAsync(GPUMapMode.READ));
to.unmap();
const queue = await stands(() => device.queue.onSubmittedWorkDone());
console.log(JSON.stringify({ map, queue: { callIsMost: queue.callIsMost, sleeps: queue.sleeps } }));
JS
seen=$(DENO_NO_UPDATE_CHECK=1 npx deno run --allow-all see.mjs 2>/dev/null | tail -1)
echo "deno 2.9.6: $seen"
wanted='{"map":{"callIsMost":true,"sleeps":true,"early":"pending","read":2},"queue":{"callIsMost":true,"sleeps":true}}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
