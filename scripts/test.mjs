// npm test: by itself from a fresh clone. Installs packages, finds a browser and a GPU adapter, then runs everything and
// ends with "N passed, N failed". A stage goes on after a failure of another, and one that ran no test has failed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADAPTER_HELP, adapterEnv } from './lib/adapter.mjs';
import { BROWSER_HELP } from './lib/browser.mjs';
import { runChecks } from './lib/checks.mjs';
import { FIREFOX_HELP, provideFirefox, runFirefox } from './lib/firefox.mjs';
import { ensurePackages, nodeVersionProblem } from './lib/packages.mjs';
import { ROOT } from './lib/paths.mjs';
import { runForeground } from './lib/process.mjs';
import { provideAdapter, provideBrowser } from './lib/setup.mjs';

const STAGES = ['check', 'unit', 'browser'];
/** Outside what runs by itself: it wants a browser of its own. */
const BY_NAME = ['firefox'];
const HELP = `npm test [-- --only ${[...STAGES, ...BY_NAME].join('|')}]`;

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/** A stage that ended badly, or ran nothing, has at least one failure, whatever its report says. */
function settle(name, { passed, failed }, exitCode) {
  const nothing = passed + failed === 0;
  if (nothing) console.log(`FAIL  ${name}: no test ran`);
  else if (exitCode !== 0 && failed === 0)
    console.log(`FAIL  ${name}: ended with code ${exitCode} although no test failed`);
  return { passed, failed: failed === 0 && (nothing || exitCode !== 0) ? 1 : failed };
}

/** Vitest's report; a file that broke before its first test, and a skipped test, count as failures. */
function countUnit(report) {
  if (report === undefined) return { passed: 0, failed: 0 };
  const broken = report.testResults.filter(({ status, assertionResults: tests }) => {
    return tests.length === 0 || (status === 'failed' && !tests.some((test) => test.status === 'failed'));
  });
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`FAIL  ${skipped} skipped tests`);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length + skipped };
}

async function runUnit(reports, adapter) {
  const file = join(reports, 'unit.json');
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [
    vitest,
    'run',
    '--allowOnly=false',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await runForeground(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...adapterEnv(adapter) },
  });
  return settle('unit and kernel tests', countUnit(readJson(file)), code);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function countBrowser(report) {
  if (report === undefined) return { passed: 0, failed: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  if (skipped > 0) console.log(`FAIL  ${skipped} skipped browser tests`);
  return { passed: expected, failed: unexpected + flaky + skipped };
}

async function runBrowser(reports, browser) {
  const file = join(reports, 'browser.json');
  const env = {
    ...process.env,
    CHROME_PATH: browser.path,
    CUTPOINT_E2E_JSON: file,
    CUTPOINT_E2E_PORT: String(await freePort()),
  };
  const playwright = join(ROOT, 'node_modules/@playwright/test/cli.js');
  const code = await runForeground(process.execPath, [playwright, 'test'], { cwd: ROOT, env });
  return settle('browser tests', countBrowser(readJson(file)), code);
}

function chosenStages(args) {
  if (args.length === 0) return STAGES;
  const [flag, stage] = args;
  if (args.length === 2 && flag === '--only' && [...STAGES, ...BY_NAME].includes(stage)) return [stage];
  console.error(HELP);
  return process.exit(2);
}

const stages = chosenStages(process.argv.slice(2));
const problem = nodeVersionProblem();
if (problem !== undefined) {
  console.error(problem);
  process.exit(2);
}
await ensurePackages({ dev: true });

// The adapter may come out of the browser's folder, so the browser is first.
const needsGpu = stages.includes('unit') || stages.includes('firefox');
const browser = stages.includes('browser') || needsGpu ? await provideBrowser() : undefined;
const adapter = needsGpu ? await provideAdapter() : undefined;
const firefox = stages.includes('firefox') ? await provideFirefox() : undefined;
for (const found of [browser, adapter]) if (found !== undefined) console.log(found.line);

const reports = mkdtempSync(join(tmpdir(), 'cutpoint-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
const missing = (help) => {
  console.error(`\n${help}\n`);
  return { passed: 0, failed: 1 };
};
const runs = {
  check: runChecks,
  unit: () => (adapter === undefined ? missing(ADAPTER_HELP) : runUnit(reports, adapter)),
  firefox: () => {
    if (adapter === undefined) return missing(ADAPTER_HELP);
    return firefox === undefined ? missing(FIREFOX_HELP) : runFirefox(firefox, adapter);
  },
  browser: () => (browser === undefined ? missing(BROWSER_HELP) : runBrowser(reports, browser)),
};
const total = { passed: 0, failed: 0 };
for (const stage of stages) {
  console.log(`\n== ${stage}`);
  const { passed, failed } = await runs[stage]();
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
