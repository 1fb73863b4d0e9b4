/** npm run lessons -- [--only NAME] [--out DIR]: records what the engine answers in each lesson. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTokens } from '../config/flags';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { LessonEngine } from '../lessons/engine';
import type { Tell } from '../lessons/engine';
import { isLessonId, LESSON_IDS } from '../lessons/ids';
import type { LessonId } from '../lessons/ids';
import { asRecording, LESSONS } from '../lessons/lessons';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { openNodeGpu } from '../node/node-gpu';
import { studyFacts } from '../report/study-facts';
import { createTrainerClient } from '../trainer/client';
import { TrainerLoop } from '../trainer/run/loop';
import { replaceFile, usable } from './files/disk';
import { readRuns } from './files/read-runs';
import { runMain } from './main';

const HELP = `Usage: npm run lessons [-- --only NAME] [--out DIR]

Lets the engine compute what the lessons show, and writes a file for each, from which a browser without WebGPU reads it.

  --only NAME        one lesson: ${LESSON_IDS.join(', ')}
  --out DIR          where the files go (public)
  --help             prints this
`;

const PUBLIC = 'public';
/** What lesson 7 is about: the study, and what asks the same elsewhere. */
const runsOf = (file: string) => readRuns([`docs/results/${file}`]).records;
const lessonFacts = () =>
  studyFacts(runsOf('study-300/runs.jsonl'), [
    { world: 'hard', records: runsOf('hard-300/runs.jsonl') },
    { records: runsOf('runs.jsonl') },
  ]);

/** The engine in this process, behind the same door as in the page. */
function openEngine(): LessonEngine {
  const listeners: ((data: unknown) => void)[] = [];
  const open = async () => openGpu(await openNodeGpu(), wgslIncludes);
  const fetchBytes = (path: string): Promise<ArrayBuffer | null> => {
    const file = join(PUBLIC, path);
    return Promise.resolve(existsSync(file) ? Uint8Array.from(readFileSync(file)).buffer : null);
  };
  const loop = new TrainerLoop((event) => listeners.forEach((listener) => listener(event)), open, fetchBytes);
  const client = createTrainerClient({
    postMessage: (command) => {
      if (command.type !== 'examine') loop.handle(command);
    },
    onMessage: (listener) => listeners.push(listener),
    onError: () => undefined,
    terminate: () => undefined,
  });
  return new LessonEngine(client, 'file:///');
}

/** A line at most every ten seconds. */
function tell(id: LessonId): Tell {
  let last = performance.now();
  return (done, of) => {
    if (performance.now() - last < 10_000) return;
    last = performance.now();
    console.error(`${id}: ${done} of ${of}`);
  };
}

await runMain(async () => {
  const given = readTokens(process.argv.slice(2), {
    values: ['only', 'out'],
    switches: ['help'],
    unknown: (name) => new UserError(`There is no flag ${name}.`, 'See --help.'),
  });
  const [stray] = given.positionals;
  if (stray !== undefined) throw new UserError(`Unexpected argument "${stray}".`, 'See --help.');
  if (given.has('help')) {
    console.log(HELP);
    return;
  }
  const only = given.last('only');
  if (only !== undefined && !isLessonId(only)) {
    const near = nearest(only, LESSON_IDS);
    throw new UserError(
      `There is no lesson "${only}".`,
      near === undefined ? `There are ${LESSON_IDS.join(', ')}.` : `Did you mean ${near}?`,
    );
  }
  const out = given.last('out') ?? PUBLIC;
  const engine = openEngine();
  for (const id of only === undefined ? LESSON_IDS : [only]) {
    const entry = LESSONS[id];
    if (entry === undefined) continue;
    const made = entry.make === null ? lessonFacts() : await entry.make(engine, entry.seed, tell(id), 1);
    const recording = asRecording(id, made);
    entry.open(recording);
    const text = `${JSON.stringify(recording)}\n`;
    const file = join(out, entry.file);
    usable(() => {
      mkdirSync(join(file, '..'), { recursive: true });
      replaceFile(file, text);
    });
    console.log(`${file}: ${text.length} bytes`);
  }
});
