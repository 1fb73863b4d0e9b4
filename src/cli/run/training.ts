/** One headless run: start or resume, train, evaluate, keep it in its folder. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { RunConfig } from '../../config/schema';
import type { WorldFamily } from '../../env/world';
import { withinMemory } from '../../gpu/memory';
import { readRunHeader } from '../../formats/checkpoint-header';
import { UserError } from '../../lib/assert';
import { evaluate, evaluateTemperatures } from '../../rl/measuring/evaluate';
import { Learner, type UpdateReport } from '../../rl/learning/learner';
import type { Metrics } from '../../rl/learning/metrics';
import { NotFiniteError } from '../../rl/learning/not-finite';
import { RolloutAborted } from '../../rl/rollout/rollout';
import { decodeBase, decodeRun, encodeRun } from '../../trainer/state/checkpoint';
import { trajectoryLines } from '../../trainer/state/trajectory-jsonl';
import { startFromBases } from './bases';
import { CapsuleWriter } from './capsule-writer';
import { onDisk } from '../files/disk';
import { isAsWritten, openFamily, worldText } from '../../node/families';
import { interrupted } from './interrupts';
import { Progress } from './progress';
import { readCheckpoint } from '../files/read-checkpoint';
import type { RunFolder } from '../files/run-folder';
import { three, writeSummary } from './run-summary';
import type { Session } from './session';
import { isTheoryDue, recordTheoryIfDue } from './theory-lines';
import { recordTries } from './tries-lines';
import { runWarmStart } from './warm-start';

/** Updates between two checkpoints; the end and an interrupt write one too. */
const CHECKPOINT_EVERY = 10;
/** Beside 1 (sampled) and 0 (greedy): the base is compared at its best. */
const BASE_TEMPERATURES = [0.25, 0.5, 0.75];

/** Thrown once an interrupted run has left all it can. */
export class Interrupted extends Error {
  /** @param update updates that the folder holds; undefined where nothing can be continued */
  constructor(readonly update: number | undefined) {
    super('interrupted');
  }
}

interface Run {
  session: Session;
  learner: Learner;
  folder: RunFolder;
  /** Where the base policy came from, for the summary. */
  base: string;
  /** null where none is asked for. */
  capsule: CapsuleWriter | null;
}

/** A new run, to its end. @throws Interrupted */
export async function startRun(session: Session, folder: RunFolder, config: RunConfig): Promise<void> {
  const { worldFile, time } = session;
  const start = performance.now();
  const family = openFamily(config, worldFile);
  if (worldFile !== undefined) {
    const copy = folder.file('world');
    onDisk(copy, 'write', () => {
      if (isAsWritten(worldFile)) copyFileSync(worldFile.path, copy);
      else writeFileSync(copy, worldText(worldFile));
    });
  }
  const learner = await openLearner(session, config, family);
  try {
    const base = await giveBase(session, learner);
    console.error(`base policy: ${base}; run folder: ${folder.path}`);
    const run = { session, learner, folder, base, capsule: await openCapsule(session, 0) };
    await recordBase(run);
    await writeCheckpoint(run);
    time.tookStart(performance.now() - start);
    await train(run);
  } catch (error) {
    throw error instanceof RolloutAborted ? new Interrupted(undefined) : error;
  } finally {
    learner.destroy();
  }
}

async function openLearner(session: Session, config: RunConfig, family: WorldFamily): Promise<Learner> {
  session.config = config;
  const gpu = await session.gpu();
  const learner = await withinMemory(gpu, () => new Learner(gpu, config, family));
  await learner.compile();
  return learner;
}

/** What records the run, where that was asked for. */
async function openCapsule({ capsule, capsuleTrajectories }: Session, update: number): Promise<CapsuleWriter | null> {
  return capsule === undefined ? null : CapsuleWriter.open(capsule, capsuleTrajectories, update);
}

/** @returns where the base came from */
async function giveBase({ init, bases, worldFile }: Session, learner: Learner): Promise<string> {
  if (init !== 'warm') {
    learner.startFrom(decodeBase(learner, (await readCheckpoint(init)).bytes, init));
    return init;
  }
  if (bases === undefined) await runWarmStart(learner, interrupted);
  else {
    const text = worldFile && (isAsWritten(worldFile) ? readFileSync(worldFile.path, 'utf8') : worldText(worldFile));
    const { file, found } = await startFromBases(learner, bases, text, interrupted);
    console.error(found ? `warm start taken from ${file}` : `warm start kept in ${file}`);
  }
  // The same bits either way, so the same words.
  return `warm start of this run, seed ${learner.config.runSeed}`;
}

/** The first line of evaluations.jsonl: the base, also at its best temperature. */
async function recordBase({ learner, folder, base, session }: Run): Promise<void> {
  const questions = learner.config.evalQuestions;
  const start = performance.now();
  const first = await evaluate(learner, interrupted);
  session.time.tookEvaluation(performance.now() - start, questions);
  const temperatures = await evaluateTemperatures(learner, BASE_TEMPERATURES);
  const tried = [
    { temperature: 0, em: first['emGreedy'] ?? 0 },
    ...temperatures,
    { temperature: 1, em: first['emSampled'] ?? 0 },
  ];
  const best = tried.reduce((a, b) => (b.em > a.em ? b : a));
  const baseBest = { baseBestTemperature: best.temperature, baseBestEm: best.em };
  folder.append('evaluations', { ...first, questions, base, ...baseBest });
}

/** Goes on with the run in the folder, to its end. @throws Interrupted, and UserError where it is past that end */
export async function resumeRun(session: Session, folder: RunFolder): Promise<void> {
  const bytes = folder.readCheckpoint();
  const name = folder.file('checkpoint');
  const { config, world } = readRunHeader(bytes, name);
  const path = folder.file('world');
  const worldFile = existsSync(path) ? { path, columns: null, part: null } : undefined;
  if (worldFile === undefined && world !== config.world) {
    throw new UserError(
      `${folder.path} was trained on facts of its own ("${world}"), and its ${basename(path)} is gone.`,
      `Put the file of those facts there again, as ${path}.`,
    );
  }
  const learner = await openLearner(session, config, openFamily(config, worldFile, world));
  learner.restore(decodeRun(learner, bytes, name));
  if (learner.updates > session.updates) {
    throw new UserError(
      `${folder.path} has ${learner.updates} updates behind it, more than --updates ${session.updates}.`,
      'Give a larger --updates.',
    );
  }
  folder.rewind(learner.updates);
  const known = folder.readLines('evaluations')[0]?.['base'];
  const base = typeof known === 'string' ? known : 'unknown';
  console.error(`resumed ${folder.path} at update ${learner.updates}`);
  try {
    await train({ session, learner, folder, base, capsule: await openCapsule(session, learner.updates) });
  } finally {
    learner.destroy();
  }
}

/** @throws NotFiniteError with the place where the numbers stopped being some */
async function train(run: Run): Promise<void> {
  try {
    await trainOn(run);
  } catch (error) {
    throw error instanceof NotFiniteError ? await run.learner.locate(error).catch(() => error) : error;
  }
}

async function trainOn(run: Run): Promise<void> {
  const { learner, session, folder } = run;
  const { updates, time } = session;
  const progress = new Progress(session.label, updates);
  let doneAt = -Infinity;
  /** Writes down the update before this one, whose numbers arrived while this one was under way. */
  let finish = (): Promise<void> => Promise.resolve();
  // An interrupt during the evaluation left it undone.
  let complete = await measureIfDue(run);
  while (complete && learner.updates < updates && !interrupted()) {
    const start = performance.now();
    const report = await learner.update(undefined, interrupted).catch(onAbort);
    await finish();
    if (report === null) break;
    // From here to here the GPU was busy with this update, whatever was recorded behind it.
    const measured = report.metrics.then((metrics) => {
      const ms = performance.now() - Math.max(start, doneAt);
      doneAt = performance.now();
      return { metrics, ms };
    });
    // A lost device is told by whoever waits for it next.
    measured.catch(() => undefined);
    finish = async () => {
      const { metrics, ms } = await measured;
      record(run, report, metrics, ms);
      time.tookUpdate(ms);
      progress.show(report.update, describe(metrics), session.timeLeft(learner.config, report.update));
      finish = () => Promise.resolve();
    };
    const last = report.update === updates;
    const measures = isDue(run) || isTheoryDue(learner);
    const saves = last || report.update % CHECKPOINT_EVERY === 0;
    if (measures || saves) await finish();
    if (measures) complete = await measureIfDue(run);
    if (saves) await writeCheckpoint(run);
  }
  await finish();
  await run.capsule?.write(learner, folder);
  if (!complete || learner.updates < updates) {
    await writeCheckpoint(run);
    throw new Interrupted(learner.updates);
  }
  await writeSummary(learner, folder, run.base);
}

/** Everything that belongs to a finished update; called in order, so that an interrupt leaves no gap. */
function record({ learner, folder, capsule }: Run, report: UpdateReport, metrics: Metrics, ms: number): void {
  folder.append('metrics', metrics);
  const gpuBytes = learner.gpu.buffers.liveBytes;
  folder.append('timings', { update: report.update, ms: Math.round(ms), gpuBytes, at: new Date() });
  folder.appendTrajectories(trajectoryLines(report, learner.positions, learner.config.runSeed));
  capsule?.add(report, learner);
}

function isDue({ learner, session }: Run): boolean {
  const { evalEvery } = learner.config;
  return learner.updates === session.updates || (evalEvery > 0 && learner.updates % evalEvery === 0);
}

/** @returns whether nothing is left to do; false where it was interrupted */
async function measureIfDue(run: Run): Promise<boolean> {
  const { learner, folder, session } = run;
  if (!(await evaluateIfDue(run)) || !(await recordTheoryIfDue(learner, folder, interrupted))) return false;
  const { finalTries, updates } = session;
  if (finalTries === undefined || learner.updates !== updates) return true;
  return recordTries(learner, folder, finalTries, session.questionsAt(learner.config, updates), interrupted);
}

/** Evaluates where that is due and not done, with as many questions. @returns whether nothing is left to do */
async function evaluateIfDue(run: Run): Promise<boolean> {
  const { learner, folder, session } = run;
  const questions = session.questionsAt(learner.config, learner.updates);
  const lines = folder.readLines('evaluations');
  const known = lines.find(({ update }) => update === learner.updates);
  // Before runs wrote how many they asked, it was always evalQuestions.
  const asked = known === undefined ? 0 : Number(known['questions'] ?? learner.config.evalQuestions);
  if (!isDue(run) || asked >= questions) return true;
  const start = performance.now();
  const evaluation = await evaluate(learner, interrupted, questions).catch(onAbort);
  if (evaluation === null) return false;
  session.time.tookEvaluation(performance.now() - start, questions);
  if (known === undefined) folder.append('evaluations', { ...evaluation, questions });
  else folder.replaceEvaluation({ ...known, ...evaluation, questions });
  const { emSampled, emGreedy } = evaluation;
  console.error(`update ${learner.updates}: EM sampled ${three(emSampled)}, greedy ${three(emGreedy)}`);
  return true;
}

function onAbort(error: unknown): null {
  if (error instanceof RolloutAborted) return null;
  throw error;
}

async function writeCheckpoint({ learner, folder }: Run): Promise<void> {
  folder.writeCheckpoint(encodeRun(learner, learner.config, await learner.state()));
}

function describe(metrics: Metrics): string {
  return `reward ${three(metrics['rewardMean'])} EM ${three(metrics['emDraft'])} -> ${three(metrics['emFinal'])}`;
}
