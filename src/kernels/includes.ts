/** The shared WGSL functions, by file name: what `openGpu` needs to expand `// @include` lines. */
const modules = import.meta.glob<string>('../../shaders/include/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const wgslIncludes: ReadonlyMap<string, string> = new Map(
  Object.entries(modules).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]),
);
