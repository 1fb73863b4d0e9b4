import { expect, it } from 'vitest';
import { modelLabel } from './model-label';

it('is the name, or the last part of a place on a machine', () => {
  expect(modelLabel('Qwen/Qwen2.5-7B')).toBe('Qwen/Qwen2.5-7B');
  expect(modelLabel('/models/site-packages/SmolLM2.Q4_1.gguf')).toBe('SmolLM2.Q4_1.gguf');
  expect(modelLabel('C:\\models\\smol.gguf')).toBe('smol.gguf');
  expect(modelLabel('./smol/')).toBe('smol');
  expect(modelLabel('/')).toBe('/');
  expect(modelLabel('')).toBe('');
});
