import { describe, expect, it } from 'vitest';
import { describeMessage, expandWgsl } from './expand-wgsl';

const includes = new Map([
  ['a.wgsl', '// @include "b.wgsl"\nfn a() {}'],
  ['b.wgsl', 'fn b() {}'],
]);

describe('expandWgsl', () => {
  it('puts constants first, then includes in place, each once', () => {
    const source = 'x\n// @include "a.wgsl"\n// @include "b.wgsl"\n  // @include "a.wgsl"\ny';
    const { code } = expandWgsl('k.wgsl', source, includes, { TILE: 8, WIDTH: 16 });
    expect(code).toBe('const TILE: u32 = 8u;\nconst WIDTH: u32 = 16u;\nx\nfn b() {}\nfn a() {}\ny');
  });

  it('keeps a map from every expanded line to its file and line', () => {
    const expanded = expandWgsl('k.wgsl', 'x\n// @include "a.wgsl"\ny', includes, { TILE: 8 });
    expect(expanded.lines.map(({ file, line }) => `${file}:${line}`)).toEqual([
      '(constants):1',
      'k.wgsl:1',
      'b.wgsl:1',
      'a.wgsl:2',
      'k.wgsl:3',
    ]);
    expect(expanded.lines).toHaveLength(expanded.code.split('\n').length);
    expect(describeMessage(expanded, 4, 'unresolved name')).toBe('a.wgsl:2: unresolved name');
    expect(describeMessage(expanded, 99, 'unresolved name')).toBe('unresolved name');
  });

  it('stops at files that include each other', () => {
    const circle = new Map([
      ['a.wgsl', '// @include "b.wgsl"\nfn a() {}'],
      ['b.wgsl', '// @include "a.wgsl"\nfn b() {}'],
    ]);
    expect(expandWgsl('k.wgsl', '// @include "a.wgsl"', circle).code).toBe('fn b() {}\nfn a() {}');
  });

  it('writes the loop behind @unroll out, with the right lines, or leaves it where the constant is 0', () => {
    const source = 'a\n  // @unroll N\n  for (var d = 0u; d < n; d++) {\n    x[d] += dd[d];\n  }\nb';
    const { code, lines } = expandWgsl('k.wgsl', source, includes, { N: 2 });
    const body = ['  {', '    x[0u] += dd[0u];', '  }', '  {', '    x[1u] += dd[1u];', '  }'];
    expect(code.split('\n').slice(1)).toEqual(['a', ...body, 'b']);
    expect(lines.slice(1).map(({ line }) => line)).toEqual([1, 3, 4, 5, 3, 4, 5, 6]);
    const loop = expandWgsl('k.wgsl', source, includes, { N: 0 }).code;
    expect(loop.split('\n').slice(1)).toEqual(source.split('\n').filter((line) => !line.includes('@unroll')));
    expect(expandWgsl('k.wgsl', source, includes).code.split('\n')).toEqual(loop.split('\n').slice(1));
    expect(() => expandWgsl('k.wgsl', '// @unroll N\nx', includes, { N: 1 })).toThrow('k.wgsl:1: no loop follows');
  });

  it('keeps the side of an @if that its constant names, with the right lines', () => {
    const source = 'a\n// @if WHOLE\nb\n// @else\nc\n// @end\nd';
    const lines = (WHOLE: number) => {
      const { code, lines } = expandWgsl('k.wgsl', source, includes, { WHOLE });
      return code
        .split('\n')
        .map((text, i) => `${lines[i]?.line}:${text}`)
        .slice(1);
    };
    expect(lines(1)).toEqual(['1:a', '3:b', '7:d']);
    expect(lines(0)).toEqual(['1:a', '5:c', '7:d']);
  });

  it.each([
    ['// @if WHOLE\na', 'an @if has no @end'],
    ['a\n// @end', 'k.wgsl:2: @end does not match'],
    ['// @if OTHER\n// @end', 'no constant OTHER is given'],
  ])('stops at %j', (source, message) => {
    expect(() => expandWgsl('k.wgsl', source, includes, { WHOLE: 1 })).toThrow(message);
  });

  it('names the file and line that include what is not there', () => {
    const broken = new Map([['a.wgsl', 'fn a() {}\n// @include "none.wgsl"']]);
    expect(() => expandWgsl('k.wgsl', '// @include "a.wgsl"', broken)).toThrow(
      'a.wgsl:2 includes "none.wgsl", which is not in shaders/include',
    );
  });
});
