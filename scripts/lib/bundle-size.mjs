import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage } from './build-page.mjs';

const PAGE = 'index.html';
/** Keeps the page for use offline; loaded after it, by the browser itself. */
const SERVICE_WORKER = 'sw.js';
const WORKER_HELP = 'src/trainer/client.ts imports its address, "./worker.ts?worker&url".';

/** Bytes after gzip, as a web server sends them. */
const BUDGETS = [
  { part: 'page', budget: 254_000, remedy: 'load what the Studio does not show at first by import(), or import less' },
  {
    part: 'worker',
    budget: 93_000,
    remedy: 'look for what the engine does not need, such as tables and long messages',
  },
  { part: 'later', budget: 366_000, remedy: 'ask whether all of it is needed, such as libraries with a small use' },
  {
    part: 'packed',
    budget: 100_000,
    remedy: 'ask which of the compressions and archives that a reader fetches are still written',
  },
];

/** Chunks of their own without which no Studio is painted. */
const AT_START = ['src/ui/panels/charts/charts.tsx'];

/**
 * Which files of a build belong to the start of the page, to the engine's worker, and to what is loaded later. The page's are
 * what its entry imports at once and what the Studio is painted with; a view or a reader of files that waits for a click comes
 * later, with the worker that it starts, and so do the recording that plays first and the list of saved runs (8 kB), which are
 * fetched when the Studio stands. Vite's manifest names a worker's first file among the assets of the chunk that starts
 * it and says nothing about its chunks, so all other code in the build counts as the engine's, but for what the engine itself
 * fetches later by import(), and for what a reader's worker does: Parquet and archives, by the files that need them. The service worker stands apart: it is loaded when all else is there.
 *
 * @param {Record<string, import('vite').ManifestChunk>} manifest
 * @param {readonly string[]} built every file of the build
 * @param {readonly string[]} atStart names of the lazy chunks that the Studio is painted with
 * @param {(file: string) => readonly string[]} fetchedBy what a worker's file fetches by import()
 * @param {(file: string) => readonly string[]} importedBy what a worker's file imports at once
 * @returns {{page: string[], worker: string[], later: string[], packed: string[]}}
 * @throws Error where there is no page or no worker
 */
export function filesOf(manifest, built, atStart = AT_START, fetchedBy = () => [], importedBy = () => []) {
  if (manifest[PAGE]?.isEntry !== true) throw new Error(`The build has no page: its manifest has no entry ${PAGE}.`);
  const reach = (roots, lazy) => {
    const chunks = new Set();
    const visit = (name) => {
      const chunk = manifest[name];
      if (chunk === undefined) throw new Error(`The build is not whole: its manifest has no ${name}.`);
      if (chunks.has(chunk)) return;
      chunks.add(chunk);
      for (const next of [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])]) visit(next);
    };
    roots.forEach(visit);
    return [...chunks];
  };
  const isCode = (file) => /\.m?js$/.test(file);
  const filesIn = (chunks) => chunks.flatMap(({ file, css = [] }) => [file, ...css]);
  const workersIn = (chunks) => chunks.flatMap(({ assets = [] }) => assets).filter(isCode);
  const first = reach([PAGE, ...atStart], false);
  const page = new Set([PAGE, ...filesIn(first)]);
  const workers = workersIn(first);
  if (workers.length === 0) throw new Error(`The build has no worker: no chunk of the page names one. ${WORKER_HELP}`);
  const rest = reach([PAGE], true).filter((chunk) => !first.includes(chunk));
  const later = new Set([...filesIn(rest), ...workersIn(rest)].filter((file) => !page.has(file)));
  for (const file of workers.flatMap(fetchedBy)) later.add(file);
  const readers = workersIn(rest).filter((file) => !workers.includes(file));
  for (const file of readers.flatMap(importedBy)) later.add(file);
  const fetched = readers.flatMap(fetchedBy);
  const packed = new Set([...fetched, ...fetched.flatMap(importedBy)].filter((file) => !later.has(file)));
  const known = new Set([...page, ...later, ...packed, SERVICE_WORKER]);
  const others = built.filter((file) => isCode(file) && !known.has(file));
  return { page: [...page], worker: [...new Set([...workers, ...others])], later: [...later], packed: [...packed] };
}

const kB = (bytes) => (bytes / 1000).toFixed(1);

/**
 * Compares sizes with the budgets.
 *
 * @param {Record<'page' | 'worker' | 'later' | 'packed', {file: string, bytes: number}[]>} sizes bytes after gzip
 * @returns {{fine: boolean, note: string, output: string}} note: one line with the sizes; output: what is too large, and what to do
 */
export function judge(sizes) {
  const parts = BUDGETS.map((entry) => {
    const files = sizes[entry.part].toSorted((a, b) => b.bytes - a.bytes);
    return { ...entry, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
  const over = parts.filter(({ bytes, budget }) => bytes > budget);
  const note = parts.map(({ part, bytes, budget }) => `${part} ${kB(bytes)} of ${kB(budget)} kB`).join(', ');
  const output = over.map(({ part, bytes, budget, remedy, files }) =>
    [
      `The ${part} has ${kB(bytes)} kB after gzip, ${kB(bytes - budget)} kB over its budget of ${kB(budget)} kB:`,
      ...files.map(({ file, bytes: size }) => `  ${kB(size).padStart(6)} kB  ${file}`),
      `To mend it: ${remedy}.`,
    ].join('\n'),
  );
  return { fine: over.length === 0, note: `${note} (gzip)`, output: output.join('\n') };
}

/** @throws Error where a file is not there or is empty */
function gzipped(folder, file) {
  const path = join(folder, file);
  const content = existsSync(path) ? readFileSync(path) : '';
  if (content.length === 0) throw new Error(`The build is not whole: ${file} is missing or empty.`);
  return { file, bytes: gzipSync(content).length };
}

/**
 * Sizes of a build on disk.
 *
 * @throws Error where a file that the page needs is not there
 */
export function measureBuild(folder, atStart = AT_START) {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
  const built = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  const named = (pattern) => (file) => {
    const path = join(folder, file);
    const code = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const beside = file.slice(0, file.lastIndexOf('/') + 1);
    return [...code.matchAll(pattern)].map(([, name]) => beside + name);
  };
  const fetchedBy = named(/\bimport\(\s*["'`]\.\/([^"'`]+)["'`]\s*\)/g);
  const importedBy = named(/\b(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g);
  const parts = filesOf(manifest, built, atStart, fetchedBy, importedBy);
  return Object.fromEntries(
    Object.entries(parts).map(([part, files]) => [part, files.map((file) => gzipped(folder, file))]),
  );
}

/** Builds the page into a temporary folder and compares its sizes with the budgets. Never throws. */
export async function checkBundleSize() {
  const folder = mkdtempSync(join(tmpdir(), 'cutpoint-bundle-'));
  try {
    await buildPage(folder);
    return judge(measureBuild(folder));
  } catch (error) {
    return { fine: false, note: '', output: error.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
