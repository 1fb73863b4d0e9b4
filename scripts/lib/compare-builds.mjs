// npm run bench -- --only rollout: this build of the engine, and that of another commit in turn with it, each in a process.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { adapterEnv } from './adapter.mjs';
import { bundleForNode } from './bundle.mjs';
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

const SIDE = 'bench/src/builds/side.ts';
const COUNT = 'bench/src/count.ts';
const WORKS = ['rollout', 'update', 'sweep'];
/** The page's defaults on a software adapter and on a GPU. */
const DEFAULTS = [
  { size: 'tiny', prompts: 8, groupSize: 8 },
  { size: 'small', prompts: 24, groupSize: 8 },
];

/** Other sizes of batches, the same for the same seed. */
function drawn(seed) {
  let state = seed >>> 0;
  const next = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return ['tiny', 'small'].map((size) => ({ size, prompts: 4 + next(13), groupSize: 4 + next(9) }));
}

async function git(...args) {
  const { code, stdout, stderr } = await runCaptured('git', args, { cwd: ROOT });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

/** The source of a commit in a folder, with the file of today that runs it. */
async function sourceOf(commit, folder) {
  mkdirSync(folder, { recursive: true });
  const tar = join(folder, 'source.tar');
  await git('archive', '--output', tar, commit, 'src', 'shaders', 'bench/src', 'package.json', 'tsconfig.json');
  const { code, stderr } = await runCaptured('tar', ['-xf', tar], { cwd: folder });
  if (code !== 0) throw new Error(`The source of ${commit} cannot be unpacked: ${stderr.trim()}`);
  for (const file of [SIDE, COUNT]) cpSync(join(ROOT, file), join(folder, file));
  return join(folder, SIDE);
}

/** A process of one build; `ask` sends it a line and resolves to its answer. */
function startSide(file, env) {
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    env,
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  let waiting = null;
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('=')) waiting?.resolve(JSON.parse(line.slice(1)));
  });
  child.on('close', () => waiting?.reject(new Error(`A build ended: ${said.trim()}`)));
  return {
    ask: (...words) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        child.stdin.write(`${words.join(' ')}\n`);
      }),
    end: () => child.stdin.end(),
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * @param {{against?: string, rowsAtOnce?: number, rounds: number, draw: number, quick: boolean}} options
 * @param {{adapter: object, outDir: string, log: (line: string) => void}} host
 * @throws Error where the commit is not there or its build cannot run
 */
export async function compareBuilds({ against, rowsAtOnce, rounds, draw, quick }, { adapter, outDir, log }) {
  const env = { ...process.env, ...adapterEnv(adapter) };
  const sides = [{ name: 'this', file: await bundleForNode(join(ROOT, SIDE), join(outDir, 'this')) }];
  let commit = null;
  if (against !== undefined) {
    commit = await git('rev-parse', '--verify', `${against}^{commit}`);
    const entry = await sourceOf(commit, join(outDir, 'source'));
    sides.unshift({ name: 'against', file: await bundleForNode(entry, join(outDir, 'against')) });
  }
  if (rowsAtOnce !== undefined) {
    // This build twice: a kernel an operation, and so many rows through all layers at once.
    sides[0].rows = [rowsAtOnce];
    sides.unshift({ ...sides[0], name: 'against', rows: [0] });
  }
  for (const side of sides) Object.assign(side, startSide(side.file, env));
  const rows = [];
  let told = null;
  for (const setting of quick ? DEFAULTS.slice(0, 1) : [...DEFAULTS, ...drawn(draw)]) {
    const { size, prompts, groupSize } = setting;
    log(`  ${size}, ${prompts} x ${groupSize} rows`);
    for (const { ask, rows = [] } of sides) told = await ask('open', size, prompts, groupSize, ...rows);
    for (const work of WORKS) {
      const laps = new Map(sides.map(({ name }) => [name, []]));
      const counts = new Map();
      for (const { name, ask } of sides) counts.set(name, await ask('count', work));
      for (let round = 1; round <= rounds; round++) {
        for (const { name, ask } of round % 2 === 0 ? sides : sides.toReversed()) {
          laps.get(name).push(await ask('run', work, round));
        }
      }
      rows.push({ setting, work, sides: sides.map(({ name }) => sideRow(name, counts.get(name), laps.get(name))) });
    }
  }
  for (const { end } of sides) end();
  return buildsFigures(commit, rowsAtOnce ?? null, draw, told, rows);
}

/** The file: docs/schema/bench-builds.schema.json. */
export function buildsFigures(against, rowsAtOnce, draw, adapter, rows) {
  const date = new Date().toISOString();
  return { format: 'cutpoint-bench-builds/1', date, against, rowsAtOnce, draw, adapter, rows };
}

/** What one build did of one work. */
export function sideRow(build, { steps, dispatches, reads, liveBytes }, laps) {
  const list = (field) => laps.map((lap) => lap[field]);
  const counted = { steps, dispatches, reads, liveBytes };
  return { build, ...counted, ms: list('ms'), cpuMs: list('cpuMs'), tokens: list('tokens'), hashes: list('hash') };
}

/** How many times as long the other build took, round by round; by processor time where the adapter computes on the processor. */
function ratioOf({ sides }, software) {
  const [before, now] = sides;
  if (now === undefined) return null;
  const field = software ? 'cpuMs' : 'ms';
  const values = now[field].map((value, i) => before[field][i] / value);
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** @param {Awaited<ReturnType<typeof compareBuilds>>} figures */
export function buildsTable({ against, rowsAtOnce, draw, adapter, rows }) {
  const by = adapter.software ? 'by processor time' : 'by the clock';
  const heads = ['', 'steps', 'dispatches', 'ms', 'CPU ms', 'tokens/s', 'live MiB'];
  const lines = rows.flatMap((row) => {
    const { setting, work, sides } = row;
    const { size, prompts, groupSize } = setting;
    const cells = sides.map(({ build, steps, dispatches, ms, cpuMs, tokens, liveBytes }) => [
      `  ${build}`,
      `${steps}`,
      `${dispatches}`,
      median(ms).toFixed(0),
      median(cpuMs).toFixed(0),
      work === 'rollout' ? `${Math.round((median(tokens) / median(ms)) * 1000)}` : '',
      (liveBytes / 2 ** 20).toFixed(1),
    ]);
    const ratio = ratioOf(row, adapter.software);
    const { median: times, min, max } = ratio ?? {};
    const compared = ratio === null ? '' : `: ${times.toFixed(2)} times (${min.toFixed(2)} to ${max.toFixed(2)})`;
    return [`${work}, ${size}, ${prompts} x ${groupSize}${compared}${sameResults(sides)}`, ...cells.map(line)];
  });
  const titles = {
    alone: 'this build',
    commits: `this build and ${against?.slice(0, 12)}, ratios ${by}`,
    rows: `${rowsAtOnce} at once (this) and a kernel an operation (against), ratios ${by}`,
  };
  const title = titles[rowsAtOnce !== null ? 'rows' : against !== null ? 'commits' : 'alone'];
  return [`rollouts: ${title}; draw ${draw}`, line(heads), ...lines].join('\n');
}

function line(cells) {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(12))).join('');
}

function sameResults([before, now]) {
  if (now === undefined) return '';
  return before.hashes.every((hash, i) => hash === now.hashes[i]) ? ', the same bits' : ', other bits';
}
