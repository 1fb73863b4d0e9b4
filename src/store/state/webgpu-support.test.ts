import { describe, expect, it } from 'vitest';
import { probeWebGpu } from './webgpu-support';

interface Info {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter: boolean;
}

function isGpu(gpu: object): gpu is GPU {
  return 'requestAdapter' in gpu;
}

/** A browser that finds such an adapter, or does what the function does. */
function browser(found: Partial<Info> | null | (() => never)): GPU {
  const gpu = {
    requestAdapter: () => {
      if (typeof found === 'function') return found();
      const info = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...found };
      return Promise.resolve(found === null ? null : { info });
    },
  };
  if (!isGpu(gpu)) throw new Error('It has all that is asked for.');
  return gpu;
}

describe('probeWebGpu', () => {
  it('tells a missing WebGPU from an insecure page', async () => {
    expect(await probeWebGpu(undefined, true)).toEqual({ status: 'missing', insecure: false });
    expect(await probeWebGpu(undefined, false)).toEqual({ status: 'missing', insecure: true });
  });

  it.each<[what: string, info: Partial<Info>, software: boolean]>([
    ['a graphics card', { vendor: 'apple', architecture: 'metal-3', description: 'Apple M2' }, false],
    ['SwiftShader by its architecture', { vendor: 'google', architecture: 'swiftshader' }, true],
    ['llvmpipe by its description', { description: 'llvmpipe (LLVM 15.0.6)' }, true],
    ['Lavapipe by its device', { device: 'Lavapipe' }, true],
    ['WARP by its vendor', { vendor: 'Microsoft WARP' }, true],
    ['the basic render driver', { description: 'Microsoft Basic Render Driver' }, true],
    ['one that the browser calls a fallback', { description: 'Adapter', isFallbackAdapter: true }, true],
  ])('knows %s', async (_, info, software) => {
    expect(await probeWebGpu(browser(info), true)).toEqual({ status: 'ok', software });
  });

  it('says where there is no adapter, or asking for one fails', async () => {
    expect(await probeWebGpu(browser(null), true)).toEqual({ status: 'noAdapter' });
    const broken = browser(() => {
      throw new Error('the driver is gone');
    });
    expect(await probeWebGpu(broken, true)).toEqual({ status: 'noAdapter' });
  });
});
