/** npm run experiment: headless training. See --help for the flags and docs/method.md for what happens. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flagsHelp, parseFlags, type RunFlags } from '../config/flags';
import { UserError } from '../lib/assert';
import { causesOf, NotFiniteError } from '../rl/learning/not-finite';
import { openBases } from './run/bases';
import { DiskError, THIS_FOLDER } from './files/disk';
import { StoppedError } from './files/stopped';
import { chooseInit, openFamily } from '../node/families';
import { INTERRUPTED, listenForInterrupts, thisCommand } from './run/interrupts';
import { runMain } from './main';
import { RunFolder } from './files/run-folder';
import { takeFolder } from './run/run-lock';
import { planSeeds } from './run/seed-runs';
import { Session } from './run/session';
import { Interrupted, resumeRun, startRun } from './run/training';

await runMain(async () => {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) {
    console.log(flagsHelp('experiment'));
    return;
  }
  if (flags.resume !== undefined) {
    requireNothingElse(flags);
    const folder = RunFolder.open(flags.resume);
    const session = new Session(flags, 'warm');
    await keeping(folder.path, flags, session, () => resumeRun(session, folder));
    return;
  }
  if (flags.seeds !== undefined && flags.capsule !== undefined) {
    throw new UserError('A capsule holds one run, and --seeds makes several.', 'Give --seed N and --capsule FILE.');
  }
  const init = chooseInit(flags);
  // What is wrong with the world is said before anything is written.
  const family = openFamily(flags.config, flags.worldFile);
  const out = flags.out ?? join('runs', `${flags.config.preset}-${family.schema.id}`);
  const session = new Session(flags, init);
  if (flags.seeds !== undefined) await runSeeds(flags, session, out);
  else {
    if (flags.bases !== undefined) openBases(flags.bases);
    const path = flags.out ?? `${out}-${flags.config.runSeed}`;
    await keeping(path, flags, session, () => startRun(session, RunFolder.create(path), flags.config));
  }
});

function requireNothingElse({ configGiven, out, init, bases, seeds }: RunFlags): void {
  if (!configGiven && [out, init, bases, seeds].every((flag) => flag === undefined)) return;
  throw new UserError(
    'A resumed run keeps its settings.',
    'Give --resume with --updates, --final-questions, --final-tries and --capsule alone. A command with --seeds goes on when it is called again.',
  );
}

async function runSeeds(flags: RunFlags, session: Session, out: string): Promise<void> {
  const planned = planSeeds(flags.seeds ?? [], out, {
    updates: flags.updates,
    questions: (config) => session.questionsAt(config, flags.updates),
    tries: flags.finalTries,
    worldFile: flags.worldFile,
  });
  for (const { path, finished } of planned) if (finished) console.error(`${path} is finished already`);
  const open = planned.filter(({ finished }) => !finished);
  if (flags.bases !== undefined && open.length > 0) openBases(flags.bases);
  for (const [i, { seed, config, path, done }] of open.entries()) {
    const later = open.slice(i + 1).map((run) => session.workFrom(run.config, run.done ?? 0));
    session.later = {
      updates: later.reduce((sum, { updates }) => sum + updates, 0),
      questions: later.reduce((sum, { questions }) => sum + questions, 0),
      starts: open.slice(i + 1).filter((run) => run.done === undefined).length,
    };
    session.label = `seed ${seed} (${planned.findIndex((run) => run.seed === seed) + 1} of ${planned.length})`;
    console.error(`${session.label}: ${path}`);
    await keeping(path, flags, session, () =>
      done === undefined ? startRun(session, RunFolder.create(path), config) : resumeRun(session, RunFolder.open(path)),
    );
  }
}

/**
 * Does `work` on the folder, alone. Where the device is lost it goes on by itself, once. Where it is stopped, says what is kept
 * and how to go on.
 */
async function keeping(path: string, flags: RunFlags, session: Session, work: () => Promise<void>): Promise<void> {
  listenForInterrupts();
  const started = () => existsSync(RunFolder.at(path).file('checkpoint'));
  const goOn = () => (started() && flags.seeds === undefined ? resumeCommand(path, flags) : thisCommand('experiment'));
  const giveBack = takeFolder(path, started() ? THIS_FOLDER : undefined);
  const kept = () => (started() ? `${path} is kept as of its last checkpoint.` : 'Nothing was trained yet.');
  try {
    await work().catch(async (error: unknown) => {
      const reason = await session.lossOfDevice();
      if (reason === null) throw error;
      console.error(`The graphics device was lost (${reason}). ${kept()} Going on by itself, once.`);
      await (started() ? resumeRun(session, RunFolder.open(path)) : work());
    });
  } catch (error) {
    const reason = await session.lossOfDevice();
    if (reason !== null) {
      const hint = `${kept()} Continue with: ${goOn()}`;
      throw new StoppedError(`The graphics device was lost again (${reason}).`, hint);
    }
    if (error instanceof NotFiniteError) {
      const other = started() ? ` Another run may begin with --init ${RunFolder.at(path).file('checkpoint')}.` : '';
      throw new StoppedError(error.message, `${kept()}${other} ${causesOf(session.config ?? flags.config)}`);
    }
    if (error instanceof Interrupted) {
      const kept =
        error.update === undefined
          ? 'stopped before there was anything to keep'
          : `stopped after update ${error.update}`;
      console.error(`${kept}; continue with: ${goOn()}`);
      giveBack();
      process.exit(INTERRUPTED);
    }
    if (error instanceof DiskError) {
      throw new DiskError(error.message, `${kept()} Once that is mended, continue with: ${goOn()}`);
    }
    throw error;
  } finally {
    giveBack();
  }
}

function resumeCommand(path: string, { updates, finalQuestions, finalTries, capsule }: RunFlags): string {
  const final = finalQuestions === undefined ? [] : ['--final-questions', String(finalQuestions)];
  const tries = finalTries === undefined ? [] : ['--final-tries', String(finalTries)];
  const record = capsule === undefined ? [] : ['--capsule', capsule];
  return thisCommand('experiment', ['--resume', path, '--updates', String(updates), ...final, ...tries, ...record]);
}
