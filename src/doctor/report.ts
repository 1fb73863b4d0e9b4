/** What the doctor finds, as data: what `--json` writes, and what the text is made of. */
import type { AdapterInfo, KernelVariants } from '../gpu/device';
import type { LimitReading } from '../gpu/limits';
import type { VariantTrials } from '../kernels/variants';
import type { KernelVerdict } from '../selftest/self-test';

export const DOCTOR_FORMAT = 'cutpoint-doctor/1';

/** Where the engine runs. */
export interface Place {
  kind: 'page' | 'node';
  /** The browser as it calls itself, or Node and what gives it WebGPU. */
  agent: string;
  /** The operating system, '' where the agent says it. */
  system: string;
  cores: number;
  /** What forces an adapter or a driver, one entry each. */
  forced: readonly string[];
  /** What the run on the page is doing, '' where there is none. */
  run: string;
}

/** Why there is no device to look at. */
export interface Missing {
  message: string;
  hint: string;
}

export interface AdapterReading extends AdapterInfo {
  /** null where the browser does not say. */
  isFallbackAdapter: boolean | null;
  subgroupMinSize: number;
  subgroupMaxSize: number;
  limits: readonly LimitReading[];
  /** All that it offers, in alphabetical order. */
  features: readonly string[];
}

export interface SelfTestReading {
  verdicts: readonly KernelVerdict[];
  compileMs: number;
  runMs: number;
  done: number;
  launches: number;
}

export interface SpeedReading {
  /** What was run, in words. */
  setting: string;
  rolloutMs: number;
  tokensPerSecond: number;
  updateMs: number;
  rounds: number;
  /** Rows of a workgroup that took tokens through all layers at once; 0 for a kernel an operation. */
  rowsAtOnce: number;
  /** What a driver's watchdog could mind, of one more rollout and update; null where the adapter has no timestamps. */
  longest: LongestReading | null;
}

export interface LongestReading {
  kernel: string;
  /** Its longest dispatch. */
  dispatchMs: number;
  /** The dispatches that were sent together, at most. */
  submitMs: number;
}

export interface DoctorReport {
  format: typeof DOCTOR_FORMAT;
  cutpoint: string;
  /** Of checkpoints that this version writes. */
  checkpoints: string;
  /** When the doctor began, ISO 8601 in UTC. */
  date: string;
  place: Place;
  /** null while it is not known. */
  adapter: AdapterReading | null;
  missing: Missing | null;
  /** Optional features that the device was opened with. */
  usedFeatures: readonly string[];
  variants: KernelVariants | null;
  trials: VariantTrials | null;
  selfTest: SelfTestReading | null;
  speed: SpeedReading | null;
  /** Why the speed was not measured. */
  speedMissing: string;
  /** What broke on the way: a lost device, a fault of the program. */
  problems: readonly string[];
  /** What is under way; '' when it is over. */
  under: string;
}

export function failedKernels({ selfTest }: DoctorReport): readonly KernelVerdict[] {
  return selfTest?.verdicts.filter(({ passed }) => !passed) ?? [];
}

/** What a file holds of it (docs/schema/doctor.schema.json). */
export function reportData(report: DoctorReport) {
  return { ...report, healthy: isHealthy(report) };
}

/** Whether a report that is complete found nothing wrong. */
export function isHealthy(report: DoctorReport): boolean {
  const { adapter, missing, selfTest, problems, under } = report;
  const tested = selfTest !== null && selfTest.launches > 0 && selfTest.done === selfTest.launches;
  const enough = adapter?.limits.every((limit) => limit.enough) === true;
  const whole = under === '' && missing === null && problems.length === 0;
  return whole && enough && tested && failedKernels(report).length === 0;
}
