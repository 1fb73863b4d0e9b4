/** Every file in shaders/ has a spec that fits it; every spec has a reference, cases that dispatch it and a test of the doctor. */
import { describe, expect, it } from 'vitest';
import type { KernelSpec } from '../gpu/kernel';
import { kernelCases } from '../selftest/kernel-cases';

const shaders = import.meta.glob<string>('../../shaders/*.wgsl', { query: '?raw', import: 'default', eager: true });
const modules = import.meta.glob<Record<string, unknown>>(['./*/*.ts', '!./*/*.test.ts', '!./*/*.reference.ts'], {
  eager: true,
});
const references = Object.keys(import.meta.glob('./*/*.reference.ts'));
const tests = import.meta.glob<string>(['./*/*.test.ts', '../testing/**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Kernels whose reference is the CPU's own code. */
const REFERENCE_ELSEWHERE = { episode: 'src/env/episode.ts, evidence.ts and src/retrieval/bm25.ts' };

function isSpec(value: unknown): value is KernelSpec {
  return (
    typeof value === 'object' && value !== null && ['name', 'source', 'params', 'buffers'].every((k) => k in value)
  );
}

const specs = Object.entries(modules).flatMap(([path, exported]) =>
  Object.entries(exported).flatMap(([identifier, value]) => {
    return isSpec(value) ? [{ identifier, folder: path.split('/')[1]!, spec: value }] : [];
  }),
);

describe('completeness', () => {
  it('every shader has one spec, and every spec a shader', () => {
    const files = Object.keys(shaders).map((path) => path.replace(/^.*\//, '').replace('.wgsl', ''));
    expect(specs.map(({ spec }) => spec.name).sort()).toEqual(files.sort());
  });

  it.each(specs)('$identifier fits its shader', ({ spec }) => {
    const source = shaders[`../../shaders/${spec.name}.wgsl`]!;
    expect(spec.source).toBe(source);
    expect(source.startsWith('// '), 'a header says what it computes').toBe(true);
    const struct = /struct Params \{([^}]*)\}/.exec(source)?.[1] ?? '';
    const fields = [...struct.matchAll(/(\w+)\s*:\s*(\w+)/g)].map(([, name, kind]) => `${camel(name!)}: ${kind}`);
    expect(Object.entries(spec.params).map(([name, kind]) => `${name}: ${kind}`)).toEqual(fields);
    // A binding whose type depends on a constant stands there twice.
    const declared = source.matchAll(/@binding\((\d+)\) var<storage, (read|read_write)>/g);
    const byNumber = new Map([...declared].map((match) => [Number(match[1]), match] as const));
    const bindings = [...byNumber.entries()].sort(([a], [b]) => a - b).map(([, match]) => match);
    expect(bindings.map(([, number]) => Number(number))).toEqual(bindings.map((_, i) => i + 1));
    const access = bindings.map(([, , kind]) => (kind === 'read' ? 'read' : 'write'));
    expect(Object.values(spec.buffers)).toEqual(access);
  });

  it.each(specs)('$identifier has a reference and cases', ({ identifier, folder }) => {
    const reference = references.some((path) => path.startsWith(`./${folder}/`));
    expect(reference || folder in REFERENCE_ELSEWHERE, `${folder} has a reference`).toBe(true);
    // Test files name the kernels they are about, and fail where one of these was never dispatched.
    const users = Object.values(tests).filter((text) => new RegExp(`\\b${identifier}\\b`).test(text));
    expect(users.length, `test files about ${identifier}`).toBeGreaterThan(0);
  });

  it('the doctor tests every kernel', () => {
    const tested = kernelCases().flatMap(({ answers }) => answers.flatMap(({ kernels }) => kernels));
    expect([...new Set(tested.map(({ name }) => name))].sort()).toEqual(specs.map(({ spec }) => spec.name).sort());
  });
});

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
