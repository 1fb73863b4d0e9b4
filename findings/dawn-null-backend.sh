#!/bin/sh
# Dawn's null backend, in the npm package webgpu 0.6.2, seen on Linux x64 with Node 20.
#
# Guess: a device without a driver computes nothing, so every buffer reads back as WebGPU's zeros.
# Seen: create(['backend=null']) gives an adapter that no field names but `device` ("null-backend"), and that is no fallback
#   adapter by its own word. It takes shaders, pipelines and submits. writeBuffer into a buffer that can be mapped arrives;
#   the same data does not arrive through copyBufferToBuffer, since copies are commands and commands do nothing.
# For whom it matters: it serves to run a program's WebGPU calls where there is no driver (whether they are valid, what they
#   print), but no number that was copied or computed means anything, not even as zero.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund webgpu@0.6.2
cat >see.mjs <<'JS'
import { create, globals } from 'webgpu';
Object.assign(globalThis, globals);
const adapter = await create(['backend=null']).requestAdapter();
const { vendor, architecture, device: name, description, isFallbackAdapter } = adapter.info;
const device = await adapter.requestDevice();
const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
const data = new Float32Array([1, 2, 3, 4]);
const buffer = (usage) => device.createBuffer({ size: 16, usage });
const read = async (from) => {
  await from.mapAsync(GPUMapMode.READ);
  return new Float32Array(from.getMappedRange().slice(0)).join() === data.join();
};
const [written, source, copied] = [buffer(COPY_DST | MAP_READ), buffer(COPY_SRC | COPY_DST), buffer(COPY_DST | MAP_READ)];
device.queue.writeBuffer(written, 0, data);
device.queue.writeBuffer(source, 0, data);
const encoder = device.createCommandEncoder();
encoder.copyBufferToBuffer(source, 0, copied, 0, 16);
device.queue.submit([encoder.finish()]);
const seen = {
  names: [vendor, architecture, name, description].join('|'),
  isFallbackAdapter,
  writtenArrives: await read(written),
  copiedArrives: await read(copied),
};
console.log(JSON.stringify(seen));
process.exit(0);
JS
seen=$(node see.mjs)
echo "webgpu 0.6.2: $seen"
wanted='{"names":"||null-backend|","isFallbackAdapter":false,"writtenArrives":true,"copiedArrives":false}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
