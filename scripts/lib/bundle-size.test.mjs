import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { filesOf, judge, measureBuild } from './bundle-size.mjs';

/** As Vite 8 writes it for this page. */
const MANIFEST = {
  'index.html': {
    file: 'assets/index-1.js',
    isEntry: true,
    imports: ['_shared.js'],
    dynamicImports: ['src/charts.tsx', 'src/reader.ts'],
    css: ['assets/index-2.css'],
    assets: ['assets/worker-3.js', 'assets/mark-9.svg'],
  },
  '_shared.js': { file: 'assets/shared-4.js' },
  // A chunk that imports its importer is no endless loop.
  'src/charts.tsx': { file: 'assets/charts-5.js', imports: ['index.html'], css: ['assets/charts-6.css'] },
  'src/reader.ts': { file: 'assets/reader-8.js', imports: ['_shared.js'], assets: ['assets/parser-10.js'] },
};
const AT_START = ['src/charts.tsx'];
const PAGE = [
  'index.html',
  'assets/index-1.js',
  'assets/index-2.css',
  'assets/shared-4.js',
  'assets/charts-5.js',
  'assets/charts-6.css',
];
const WORKER = ['assets/worker-3.js', 'assets/tables-7.js'];
const LATER = ['assets/reader-8.js', 'assets/parser-10.js'];
const BUILT = [
  ...PAGE,
  ...WORKER,
  ...LATER,
  'assets/worker-3.js.map',
  'sw.js',
  'worlds/atlas.json',
  '.vite/manifest.json',
];

describe('filesOf', () => {
  it('gives the page what a start loads, a reader with its worker to later, and all other code to the engine', () => {
    const { page, worker, later } = filesOf(MANIFEST, BUILT, AT_START);
    expect(page.toSorted()).toEqual(PAGE.toSorted());
    expect(worker).toEqual(WORKER);
    expect(later).toEqual(LATER);
    expect(filesOf(MANIFEST, BUILT, []).later).toEqual(['assets/charts-5.js', 'assets/charts-6.css', ...LATER]);
    expect(() => filesOf(MANIFEST, BUILT, ['src/gone.tsx'])).toThrow('src/gone.tsx');
    const fetched = filesOf(MANIFEST, BUILT, AT_START, () => ['assets/tables-7.js']);
    expect(fetched).toEqual({
      page,
      worker: ['assets/worker-3.js'],
      later: [...later, 'assets/tables-7.js'],
      packed: [],
    });
  });

  it('refuses a build without page, without worker or with a chunk missing', () => {
    const entry = MANIFEST['index.html'];
    expect(() => filesOf({}, BUILT)).toThrow('no page');
    expect(() => filesOf({ 'index.html': { ...entry, isEntry: false } }, BUILT)).toThrow('no page');
    expect(() =>
      filesOf({ ...MANIFEST, 'index.html': { ...entry, assets: ['assets/mark-9.svg'] } }, BUILT, AT_START),
    ).toThrow(/no worker.*client\.ts/);
    expect(() => filesOf({ 'index.html': entry }, BUILT, AT_START)).toThrow('_shared.js');
  });
});

describe('judge', () => {
  const sizes = (page, worker) => ({
    page: [
      { file: 'index.html', bytes: 1000 },
      { file: 'assets/index-1.js', bytes: page - 1000 },
    ],
    worker: [{ file: 'assets/worker-3.js', bytes: worker }],
    later: [{ file: 'assets/reader-8.js', bytes: 90_000 }],
    packed: [{ file: 'assets/parquet-11.js', bytes: 80_000 }],
  });

  it('lets pass what is exactly as large as its budget', () => {
    expect(judge(sizes(254_000, 93_000))).toEqual({
      fine: true,
      note: 'page 254.0 of 254.0 kB, worker 93.0 of 93.0 kB, later 90.0 of 366.0 kB, packed 80.0 of 100.0 kB (gzip)',
      output: '',
    });
  });

  it('says what is over, by how much, which files are large and what to do', () => {
    const { fine, note, output } = judge(sizes(255_200, 79_000));
    expect(fine).toBe(false);
    expect(note).toContain('page 255.2 of 254.0 kB');
    expect(output).toContain('The page has 255.2 kB after gzip, 1.2 kB over its budget of 254.0 kB');
    expect(output).toMatch(/254\.2 kB {2}assets\/index-1\.js\n +1\.0 kB {2}index\.html\nTo mend it: .*import\(\)/);
    expect(output).not.toContain('The worker');
    expect(judge(sizes(200_000, 93_001)).output).toContain('The worker has 93.0 kB after gzip, 0.0 kB over');
  });
});

describe('measureBuild', () => {
  let folder;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(files) {
    folder = mkdtempSync(join(tmpdir(), 'cutpoint-bundle-test-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  }
  const files = { ...Object.fromEntries(BUILT.map((name) => [name, name])), '.vite/manifest.json': '' };
  files['.vite/manifest.json'] = JSON.stringify(MANIFEST);

  it('measures gzip sizes of the files on disk', () => {
    write({ ...files, 'assets/worker-3.js': randomBytes(5000), 'assets/tables-7.js': 'x'.repeat(100_000) });
    const { page, worker, later } = measureBuild(folder, AT_START);
    expect(later.map(({ file }) => file)).toEqual(LATER);
    expect(page.map(({ file }) => file).toSorted()).toEqual(PAGE.toSorted());
    const bytes = Object.fromEntries(worker.map((entry) => [entry.file, entry.bytes]));
    expect(bytes['assets/worker-3.js']).toBeGreaterThan(5000);
    expect(bytes['assets/tables-7.js']).toBeLessThan(1000);
  });

  it('counts what the worker fetches by import() as later, and what it imports at once as its own', () => {
    write({
      ...files,
      'assets/worker-3.js': 'import("./desk-1.js");import"./tables-7.js"',
      'assets/desk-1.js': 'desk',
    });
    const { worker, later } = measureBuild(folder, AT_START);
    expect(worker.map(({ file }) => file)).toEqual(WORKER);
    expect(later.map(({ file }) => file)).toEqual([...LATER, 'assets/desk-1.js']);
  });

  it('counts apart what a reader fetches by import(), with what that imports', () => {
    write({
      ...files,
      'assets/parser-10.js': 'import{a}from"./unzip-12.js";()=>import("./parquet-11.js")',
      'assets/parquet-11.js': 'import{a}from"./unzip-12.js";import{b}from"./zstd-13.js"',
      'assets/unzip-12.js': 'a',
      'assets/zstd-13.js': 'b',
    });
    const { worker, later, packed } = measureBuild(folder, AT_START);
    expect(worker.map(({ file }) => file)).toEqual(WORKER);
    expect(later.map(({ file }) => file)).toEqual([...LATER, 'assets/unzip-12.js']);
    expect(packed.map(({ file }) => file)).toEqual(['assets/parquet-11.js', 'assets/zstd-13.js']);
  });

  it.each(['assets/worker-3.js', 'assets/charts-6.css', 'index.html'])('refuses a build whose %s is empty', (name) => {
    write({ ...files, [name]: '' });
    expect(() => measureBuild(folder, AT_START)).toThrow(`${name} is missing or empty`);
  });

  it('refuses a build whose worker is not on disk', () => {
    write(files);
    rmSync(join(folder, 'assets/worker-3.js'));
    expect(() => measureBuild(folder, AT_START)).toThrow('assets/worker-3.js is missing or empty');
  });
});
