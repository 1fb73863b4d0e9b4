/** Looks at what browser or Node give the engine, tests all kernels and times a small run, on a device of its own. */
import { version } from '../../package.json';
import { configForPreset } from '../config/schema';
import { microwikiFamily } from '../env/microwiki';
import { RUN_FORMAT } from '../formats/checkpoint-header';
import { describeAdapter, NO_ADAPTER, openAdapter, OPTIONAL_FEATURES, requestAdapter, type Gpu } from '../gpu/device';
import { readLimits } from '../gpu/limits';
import { Profiler } from '../gpu/profiler';
import { chooseVariants } from '../kernels/variants';
import { UserError } from '../lib/assert';
import { Learner } from '../rl/learning/learner';
import { timeRollouts, timeUpdates } from '../rl/measuring/speed';
import { GpuBench } from '../selftest/bench/gpu-bench';
import { selfTest } from '../selftest/self-test';
import {
  DOCTOR_FORMAT,
  type AdapterReading,
  type DoctorReport,
  type LongestReading,
  type Place,
  type SpeedReading,
} from './report';

/** What the doctor needs from around it. */
export interface DoctorHost {
  place: Place;
  /** The way to adapters. @throws UserError where there is none, saying why */
  gpu: () => Promise<GPU>;
  /** Shared WGSL functions by file name. */
  includes: ReadonlyMap<string, string>;
  /** Gives a learner the weights that ship for its configuration. @throws UserError where they cannot be had */
  loadBase: (learner: Learner) => Promise<void>;
}

/** What is timed: small enough for a software adapter, and what docs/performance.md has figures of. */
const TIMED = configForPreset('search-r2', { size: 'tiny', prompts: 4, groupSize: 4, evalEvery: 0 });
const ROUNDS = 3;

/**
 * Never rejects: whatever is missing or breaks stands in the report.
 *
 * @param tell gets the report so far, whenever there is more of it
 */
export async function examine(
  host: DoctorHost,
  tell: (report: DoctorReport) => void = () => undefined,
): Promise<DoctorReport> {
  let report: DoctorReport = {
    format: DOCTOR_FORMAT,
    cutpoint: version,
    checkpoints: RUN_FORMAT,
    date: new Date().toISOString(),
    place: host.place,
    adapter: null,
    missing: null,
    usedFeatures: [],
    variants: null,
    trials: null,
    selfTest: null,
    speed: null,
    speedMissing: '',
    problems: [],
    under: '',
  };
  const note = (part: Partial<DoctorReport>): void => {
    report = { ...report, ...part };
    tell(report);
  };
  const gpu = await openDevice(host, note);
  if (gpu === null) return report;
  const faults: string[] = [];
  // Those of the tests of kernels are told there.
  gpu.device.onuncapturederror = ({ error }) => faults.push(`The device reports: ${error.message}`);
  let isLost = false;
  const lost = gpu.lost.then((reason) => {
    isLost = true;
    throw new Error(`The graphics device was lost: ${reason}`);
  });
  const tested = test(gpu, host, (part) => {
    // Hundreds of launches would follow on a device that is gone, and tell of it after the report.
    if (isLost) throw new Error('The device is lost.');
    note(part);
  });
  try {
    await Promise.race([tested, lost]);
  } catch (error) {
    faults.push(messageOf(error));
    // What is under way there fails soon, or never ends.
    await Promise.race([tested.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, LAST_LAUNCH_MS))]);
  } finally {
    gpu.close();
  }
  note({ problems: faults, under: '' });
  return report;
}

type Note = (part: Partial<DoctorReport>) => void;

/** What a launch on a lost device may take to fail. */
const LAST_LAUNCH_MS = 2000;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** null where there is none: what is missing was noted. */
async function openDevice({ gpu: findGpu, includes }: DoctorHost, note: Note): Promise<Gpu | null> {
  const giveUp = (message: string, hint: string): null => {
    note({ missing: { message, hint }, under: '' });
    return null;
  };
  try {
    note({ under: 'asking for an adapter' });
    const gpu = await findGpu();
    const adapter = await requestAdapter(gpu);
    if (adapter === null) return giveUp(NO_ADAPTER, await describeOthers(gpu));
    note({ adapter: readAdapter(adapter), under: 'opening a device' });
    const opened = await openAdapter(adapter, includes, gpu.wgslLanguageFeatures);
    note({ usedFeatures: OPTIONAL_FEATURES.filter((feature) => opened.device.features.has(feature)) });
    return opened;
  } catch (error) {
    if (error instanceof UserError) return giveUp(error.message, error.hint ?? '');
    return giveUp(messageOf(error), 'Another browser or a newer driver may give one.');
  }
}

function readAdapter({ info, limits, features }: GPUAdapter): AdapterReading {
  return {
    ...describeAdapter(info),
    // Older browsers have none of these three.
    isFallbackAdapter: 'isFallbackAdapter' in info ? info.isFallbackAdapter : null,
    subgroupMinSize: 'subgroupMinSize' in info ? info.subgroupMinSize : 0,
    subgroupMaxSize: 'subgroupMaxSize' in info ? info.subgroupMaxSize : 0,
    limits: readLimits(limits),
    features: [...features].sort(),
  };
}

/** Adapters that the engine does not use, where there is none that it would. */
async function describeOthers(gpu: GPU): Promise<string> {
  const found = await Promise.all(
    Object.entries({
      'a fallback adapter': { forceFallbackAdapter: true },
      'a compatibility adapter': { featureLevel: 'compatibility' },
    } satisfies Record<string, GPURequestAdapterOptions>).map(async ([name, options]) => {
      const adapter = await gpu.requestAdapter(options).catch(() => null);
      return adapter === null
        ? `${name}: none`
        : `${name}: ${adapter.info.description || adapter.info.device || 'yes'}`;
    }),
  );
  return `Other kinds: ${found.join(', ')}.`;
}

async function test(gpu: Gpu, host: DoctorHost, note: Note): Promise<void> {
  const bench = new GpuBench(gpu);
  note({ under: 'choosing the variants of kernels' });
  const trials = await chooseVariants(bench.recorder);
  note({ trials, variants: { ...gpu.variants } });
  let launches = 0;
  const { verdicts, compileMs, runMs } = await selfTest(bench, ({ under, ...reading }) => {
    launches = reading.launches;
    note({ selfTest: reading, under: `testing ${under}` });
  });
  note({ selfTest: { verdicts, compileMs, runMs, done: launches, launches } });
  note(await timeSpeed(gpu, host, note));
}

/** Each dispatch by itself, which takes longer in all: not among the rounds that are timed. */
async function timeLongest(learner: Learner): Promise<LongestReading | null> {
  const { gpu, recorder } = learner;
  if (!gpu.timestamps) return null;
  const profiler = new Profiler(gpu);
  recorder.profile = profiler;
  try {
    await timeUpdates(learner, 1);
    await profiler.collect(recorder);
  } finally {
    recorder.profile = null;
    profiler.destroy();
  }
  const [first] = [...profiler.rows].sort(([, a], [, b]) => b.longestMs - a.longestMs);
  if (first === undefined) return null;
  return { kernel: first[0], dispatchMs: first[1].longestMs, submitMs: profiler.longestSubmitMs };
}

async function timeSpeed(gpu: Gpu, { loadBase }: DoctorHost, note: Note): Promise<Partial<DoctorReport>> {
  const learner = new Learner(gpu, TIMED, microwikiFamily());
  try {
    note({ under: 'fetching weights' });
    await loadBase(learner);
    note({ under: 'compiling a small run' });
    await learner.compile();
    // The first of all compiles what is left and fills caches.
    await timeUpdates(learner, 1);
    note({ under: 'timing rollouts and updates' });
    const rollouts = await timeRollouts(learner, ROUNDS);
    const updates = await timeUpdates(learner, ROUNDS);
    const speed: SpeedReading = {
      setting: `${TIMED.preset}, ${TIMED.size}, ${TIMED.prompts} x ${TIMED.groupSize} rows on ${TIMED.world}`,
      rolloutMs: rollouts.ms,
      tokensPerSecond: (rollouts.tokens / rollouts.ms) * 1000,
      updateMs: updates.ms,
      rounds: ROUNDS,
      rowsAtOnce: learner.rollout.atOnce?.rows ?? 0,
      longest: await timeLongest(learner),
    };
    return { speed };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { speedMissing: error.message };
  } finally {
    learner.destroy();
  }
}
