// npm run bench: our engine beside its peers. Bundles bench/src, provides the peers' packages and an adapter, and runs in
// Node or, with --browser, in Chromium.
import { mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADAPTER_HELP, adapterEnv, findAdapter } from './lib/adapter.mjs';
import { bundleForNode, processFolder } from './lib/bundle.mjs';
import { ensureFolderPackages, ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { pageFigures } from './lib/page-figures.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';

const SOURCE = join(ROOT, 'bench/src');
// Beside the peers' packages, so that what is left out of a bundle is found in either node_modules.
const CACHE = join(ROOT, 'bench/node_modules/.cache');

const fail = (message) => {
  console.error(message);
  process.exit(2);
};

/** Creates the file if it is not there, and removes it at the end if nothing came of it. */
function reserve(path) {
  mkdirSync(dirname(path), { recursive: true });
  openSync(path, 'a');
  process.on('exit', () => {
    if (statSync(path).size === 0) rmSync(path);
  });
}

const problem = nodeVersionProblem();
if (problem !== undefined) fail(problem);
await ensurePackages({ dev: true });
const outDir = processFolder(CACHE);

const args = process.argv.slice(2);
const { optionsHelp, parseOptions } = await import(
  pathToFileURL(await bundleForNode(join(SOURCE, 'options.ts'), outDir)).href
);
let options;
try {
  options = parseOptions(args);
} catch (error) {
  fail([error.message, error.hint].filter(Boolean).join('\n'));
}
if (options.help) {
  console.log(optionsHelp());
  process.exit(0);
}

const adapter = await findAdapter().catch((error) => fail(error.message));
if (options.browser && process.env.CUTPOINT_ADAPTER === 'llvmpipe') {
  fail('CUTPOINT_ADAPTER=llvmpipe is for Node; a browser computes on a GPU or on its SwiftShader.');
}
if (adapter === undefined && (!options.browser || process.env.CUTPOINT_ADAPTER)) fail(ADAPTER_HELP);
await ensureFolderPackages('bench', 'the engines to compare with');

const stamp = new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
const json = options.json ?? join('runs', `bench-${options.browser ? 'chromium' : 'node'}-${stamp}.json`);
// Before the work, so that an hour of it does not end in a path that cannot be written.
try {
  for (const path of [json, options.plot]) if (path !== undefined) reserve(path);
} catch (error) {
  fail(`The figures cannot be written: ${error.message}`);
}

let started;
if (options.works.includes('startup')) {
  // Loaded here, since it needs the packages that the lines above provide.
  const { measureStartup, startupTable } = await import('./lib/startup.mjs');
  const rounds = options.rounds;
  started = await measureStartup({ rounds, log: (line) => console.error(line) }).catch((error) => fail(error.message));
  console.log(startupTable(started));
}

let mainThread;
if (options.works.includes('mainThread')) {
  const { mainThreadTable, measureMainThread } = await import('./lib/main-thread.mjs');
  mainThread = await measureMainThread({ log: (line) => console.error(line) }).catch((error) => fail(error.message));
  console.log(mainThreadTable(mainThread));
}

if (options.works.includes('rollout')) {
  const { buildsTable, compareBuilds } = await import('./lib/compare-builds.mjs');
  const draw = options.draw ?? Math.floor(Math.random() * 2 ** 32);
  const figures = await compareBuilds(
    { ...options, draw },
    { adapter, outDir, log: (line) => console.error(line) },
  ).catch((error) => fail(error.message));
  console.log(`${adapter.line}\n${buildsTable(figures)}`);
  writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`Figures: ${json}`);
  process.exit(0);
}

const others = options.works.filter((work) => work !== 'startup' && work !== 'mainThread');
if (others.length === 0) {
  writeFileSync(json, `${JSON.stringify(pageFigures({ startup: started, mainThread }), null, 2)}\n`);
} else if (options.browser) {
  const { benchInBrowser } = await import('./lib/bench-browser.mjs');
  const gpu = adapter?.kind === 'gpu';
  const result = await benchInBrowser({ args, outDir: join(outDir, 'page'), gpu }).catch(({ message }) => ({
    error: message,
  }));
  if ('error' in result) fail(result.error);
  writeFileSync(json, `${result.json}\n`);
  if (options.plot !== undefined) writeFileSync(options.plot, result.svg);
  process.exitCode = result.fine ? 0 : 1;
} else {
  console.log(adapter.line);
  // The peers' packages too: what they offer Node differs from what they offer a browser.
  const file = await bundleForNode(join(SOURCE, 'main.ts'), outDir, { noExternal: true });
  const env = { ...process.env, ...adapterEnv(adapter) };
  const flags = ['--enable-source-maps', file, ...args, '--json', json];
  process.exitCode = await runForeground(process.execPath, flags, { env });
}
console.log(
  (process.exitCode ?? 0) === 0 ? `Figures: ${json}` : `Exit ${process.exitCode}: see above. Figures: ${json}`,
);
