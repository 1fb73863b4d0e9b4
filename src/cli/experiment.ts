/** npm run experiment: headless training. See --help for the flags and docs/method.md for what happens. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagsHelp, parseFlags, type RunFlags } from '../config/flags';
import { defaultConfig, SETTING_KEYS, SETTINGS, type RunConfig } from '../config/schema';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { fnv1a64Hex } from '../lib/hash';
import { evaluate, evaluateTemperatures } from '../rl/evaluate';
import { Learner, type UpdateReport } from '../rl/learner';
import type { Metrics } from '../rl/metrics';
import { RolloutAborted } from '../rl/rollout';
import { decodeBase, decodeRun, encodeRun, readRunConfig } from '../trainer/checkpoint';
import { trajectoryLines } from '../trainer/trajectory-jsonl';
import { basePath, openFamily, requireFile } from './families';
import { runMain } from './main';
import { openNodeGpu } from './node-gpu';
import { Progress } from './progress';
import { RunFolder } from './run-folder';
import { runWarmStart } from './warm-start';

/** Updates between two checkpoints; the end and an interrupt write one too. */
const CHECKPOINT_EVERY = 10;
/** Beside 1 (sampled) and 0 (greedy): the base is compared at its best. */
const BASE_TEMPERATURES = [0.25, 0.5, 0.75];
const INTERRUPTED = 130;

let interrupted = false;

/** From here on there is something to keep, so Ctrl-C asks for a checkpoint first. */
function listenForInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interrupted = true;
    });
  }
}

await runMain(async () => {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) {
    console.log(flagsHelp('experiment'));
    return;
  }
  const run = flags.resume === undefined ? await startRun(flags) : await resumeRun(flags, flags.resume);
  await train(run, flags.updates);
});

interface Run {
  learner: Learner;
  folder: RunFolder;
  /** Where the base policy came from, for the summary. */
  base: string;
}

async function startRun(flags: RunFlags): Promise<Run> {
  const { config, worldFile } = flags;
  const family = openFamily(config, worldFile);
  const init = chooseInit(flags);
  const folder = RunFolder.create(flags.out ?? join('runs', `${config.preset}-${family.schema.id}-${config.runSeed}`));
  if (worldFile !== undefined) copyFileSync(worldFile, folder.file('world'));
  const learner = new Learner(await openGpu(await openNodeGpu(), wgslIncludes), config, family);
  await learner.compile();
  if (init === 'warm') await runWarmStart(learner);
  else learner.startFrom(decodeBase(learner.table, readFileSync(init), init));
  const base = init === 'warm' ? `warm start of this run, seed ${config.runSeed}` : init;
  console.error(`base policy: ${base}; run folder: ${folder.path}`);
  const first = await evaluate(learner);
  const temperatures = await evaluateTemperatures(learner, BASE_TEMPERATURES);
  const tried = [
    { temperature: 0, em: first['emGreedy'] ?? 0 },
    ...temperatures,
    { temperature: 1, em: first['emSampled'] ?? 0 },
  ];
  const best = tried.reduce((a, b) => (b.em > a.em ? b : a));
  folder.append('evaluations', { ...first, base, baseBestTemperature: best.temperature, baseBestEm: best.em });
  await writeCheckpoint({ learner, folder, base });
  return { learner, folder, base };
}

/** `warm`, or the path of a file with the base policy. */
function chooseInit({ config, worldFile, init }: RunFlags): string {
  const shipped = basePath(config);
  if (init === 'warm') return 'warm';
  if (init === 'shipped' && (worldFile !== undefined || !existsSync(shipped))) {
    throw new UserError('No base policy ships for this world and size.', 'Use --init warm.');
  }
  if (init !== undefined && init !== 'shipped') {
    requireFile(init, '--init takes shipped, warm or a file.');
    return init;
  }
  const asShipped = SETTING_KEYS.every(
    (key) => SETTINGS[key].group !== 'WarmStart' || config[key] === defaultConfig[key],
  );
  return worldFile === undefined && existsSync(shipped) && (asShipped || init === 'shipped') ? shipped : 'warm';
}

async function resumeRun(flags: RunFlags, path: string): Promise<Run> {
  if (flags.configGiven || flags.out !== undefined || flags.init !== undefined) {
    throw new UserError('A resumed run keeps its settings.', 'Give --resume and --updates alone.');
  }
  const folder = RunFolder.open(path);
  const bytes = folder.readCheckpoint();
  const name = folder.file('checkpoint');
  const { config, world } = readRunConfig(bytes, name);
  const worldFile = existsSync(folder.file('world')) ? folder.file('world') : undefined;
  const learner = new Learner(
    await openGpu(await openNodeGpu(), wgslIncludes),
    config,
    openFamily(config, worldFile, world),
  );
  await learner.compile();
  learner.restore(decodeRun(learner.table, bytes, name));
  folder.rewind(learner.updates);
  const known = folder.readLines('evaluations')[0]?.['base'];
  const base = typeof known === 'string' ? known : 'unknown';
  console.error(`resumed ${path} at update ${learner.updates}`);
  return { learner, folder, base };
}

async function train(run: Run, updates: number): Promise<void> {
  const { learner } = run;
  const { evalEvery } = learner.config;
  listenForInterrupts();
  const progress = new Progress('updates', updates, learner.updates);
  let start = performance.now();
  /** Writes down the update before this one, whose numbers arrived while this one was under way. */
  let finish = (): Promise<void> => Promise.resolve();
  while (learner.updates < updates && !interrupted) {
    const report = await learner.update(undefined, () => interrupted).catch(onAbort);
    await finish();
    if (report === null) break;
    finish = async () => {
      const metrics = await report.metrics;
      record(run, report, metrics, performance.now() - start);
      start = performance.now();
      progress.show(report.update, describe(metrics));
      finish = () => Promise.resolve();
    };
    const last = report.update === updates;
    const evaluates = last || (evalEvery > 0 && report.update % evalEvery === 0);
    const saves = last || report.update % CHECKPOINT_EVERY === 0;
    if (evaluates || saves) await finish();
    if (evaluates) await recordEvaluation(run);
    if (saves) await writeCheckpoint(run);
    if (evaluates || saves) start = performance.now();
  }
  await finish();
  if (learner.updates < updates) await stop(run);
  await writeSummary(run);
}

/** Everything that belongs to a finished update; called in order, so that an interrupt leaves no gap. */
function record({ learner, folder }: Run, report: UpdateReport, metrics: Metrics, ms: number): void {
  folder.append('metrics', metrics);
  const gpuBytes = learner.gpu.buffers.liveBytes;
  folder.append('timings', { update: report.update, ms: Math.round(ms), gpuBytes, at: new Date() });
  folder.appendTrajectories(trajectoryLines(report, learner.positions));
}

async function recordEvaluation({ learner, folder }: Run): Promise<void> {
  const evaluation = await evaluate(learner);
  folder.append('evaluations', evaluation);
  const { emSampled, emGreedy } = evaluation;
  console.error(`update ${learner.updates}: EM sampled ${three(emSampled)}, greedy ${three(emGreedy)}`);
}

async function stop(run: Run): Promise<never> {
  await writeCheckpoint(run);
  console.error(`stopped after update ${run.learner.updates}; continue with --resume ${run.folder.path}`);
  process.exit(INTERRUPTED);
}

function onAbort(error: unknown): null {
  if (error instanceof RolloutAborted) return null;
  throw error;
}

async function writeCheckpoint({ learner, folder }: Run): Promise<void> {
  const world = learner.family.schema.id;
  folder.writeCheckpoint(encodeRun(learner.table, { config: learner.config, world, state: await learner.state() }));
}

async function writeSummary({ learner, folder, base }: Run): Promise<void> {
  const evaluations = folder.readLines('evaluations');
  const held = learner.pool.heldOut(0);
  const params = await learner.parameters();
  const summary = {
    format: 'cutpoint-summary/1',
    config: learner.config,
    differences: differences(learner.config),
    world: { id: learner.family.schema.id, ceilings: held.ceilings },
    adapter: learner.gpu.adapter,
    base,
    parameters: learner.table.count,
    updates: learner.updates,
    before: evaluations[0] ?? null,
    after: evaluations.at(-1) ?? null,
    weightsHash: fnv1a64Hex(new Uint8Array(params.buffer)),
  };
  folder.writeSummary(summary);
  printSummary(summary.before, summary.after, held.ceilings);
}

/** What was changed against the defaults. */
function differences(config: RunConfig): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_KEYS.filter((key) => config[key] !== defaultConfig[key]).map((key) => [key, config[key]]),
  );
}

function printSummary(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  ceilings: { perfectReaderEm: number; supportingShare: number },
): void {
  const rows = [
    'emSampled',
    'emGreedy',
    'emSampledRefined',
    'emGreedyRefined',
    'densitySampled',
    'coverageSampled',
    'searchesHop3Sampled',
    'emTrain',
    'emClosedBook',
    'emRealGreedy',
    'emRealSampled',
    'emRealClosedBook',
  ];
  console.log(`${'metric'.padEnd(22)}${'before'.padStart(9)}${'after'.padStart(9)}`);
  for (const key of rows) {
    const [was, is] = [before?.[key], after?.[key]];
    if (typeof was === 'number' && typeof is === 'number') {
      console.log(`${key.padEnd(22)}${three(was).padStart(9)}${three(is).padStart(9)}`);
    }
  }
  console.log(
    `base at its best: EM ${three(before?.['baseBestEm'])} at temperature ${three(before?.['baseBestTemperature'])}`,
  );
  console.log(
    `ceilings: EM of a perfect reader ${three(ceilings.perfectReaderEm)}, share of supporting passages ${three(ceilings.supportingShare)}`,
  );
}

function describe(metrics: Metrics): string {
  return `reward ${three(metrics['rewardMean'])} EM ${three(metrics['emDraft'])} -> ${three(metrics['emFinal'])}`;
}

function three(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(3) : '-';
}
