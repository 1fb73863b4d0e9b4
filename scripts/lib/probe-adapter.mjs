// Asks for an adapter, of the runtime's own WebGPU (Deno) or of the `webgpu` package, and lets it add one number; prints one line of JSON. It runs in a process of its
// own because the Vulkan loader reads its environment once, and because a broken driver may crash or hang.

async function dawn() {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return create([]);
}

const gpu = globalThis.navigator?.gpu ?? (await dawn());
globalThis.keptGpu = gpu;

async function probe() {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { found: false };
  const { vendor, architecture, device: deviceName, description } = adapter.info;
  const device = await adapter.requestDevice();
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const result = device.createBuffer({ size: 4, usage });
  const readback = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const code =
    '@group(0) @binding(0) var<storage, read_write> r: u32; @compute @workgroup_size(1) fn main() { r += 42u; }';
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const entries = [{ binding: 0, resource: { buffer: result } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(result, 0, readback, 0, 4);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  const computes = new Uint32Array(readback.getMappedRange())[0] === 42;
  return { found: computes, vendor, architecture, device: deviceName, description };
}

process.stdout.write(`${JSON.stringify(await probe())}\n`, () => process.exit(0));
