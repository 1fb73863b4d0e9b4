import { expect, it } from 'vitest';
import { isSoftwareAdapter, type AdapterWords } from './software-adapter';

it.each<[what: string, words: Partial<AdapterWords>, software: boolean]>([
  ['a graphics card', { vendor: 'apple', architecture: 'metal-3', description: 'Apple M2' }, false],
  ['SwiftShader by its architecture', { vendor: 'google', architecture: 'swiftshader' }, true],
  ['llvmpipe by its description', { description: 'llvmpipe (LLVM 15.0.6)', isFallbackAdapter: false }, true],
  ['Lavapipe by its device', { device: 'Lavapipe' }, true],
  ['WARP by its vendor', { vendor: 'Microsoft WARP' }, true],
  ['the basic render driver', { description: 'Microsoft Basic Render Driver' }, true],
  ['a CPU in Firefox: no names, a fallback', { isFallbackAdapter: true }, true],
  ['a card in Firefox: no names, no fallback', { isFallbackAdapter: false }, false],
  ['what says nothing at all', {}, false],
])('knows %s', (_, words, software) => {
  expect(isSoftwareAdapter({ vendor: '', architecture: '', device: '', description: '', ...words })).toBe(software);
});
