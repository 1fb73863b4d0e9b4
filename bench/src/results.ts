/** What a run of the bench finds: the JSON file is a `Report`. */
import type { AdapterInfo } from '../../src/gpu/device';
import type { CountedRun } from './count';
import type { EngineName, WorkName } from './options';
import type { Lap, Ratios, Spread, Summary } from './statistics';

/** How a peer's numbers compare with ours. */
export interface Equality {
  equal: boolean;
  /** Largest absolute difference of logits (of products, for matmul). */
  maxDifference: number;
  /** Losses that the first steps saw; null where the work has none. */
  losses: { ours: readonly number[]; theirs: readonly number[] } | null;
}

export interface EngineResult {
  engine: EngineName;
  /** Setting up and the first run, in milliseconds: shaders compile here. */
  coldMs: number;
  /** Made by then; earlier works may have made some that are used again. */
  pipelines: number;
  /** Of one warm run. */
  counts: CountedRun;
  /** Bytes that were alive before this work, from earlier ones. */
  bytesBefore: number;
  laps: readonly Lap[];
  summary: Summary;
  /** null for our own. */
  equality: Equality | null;
  ratios: Ratios | null;
}

export interface EngineFailure {
  engine: EngineName;
  error: string;
}

export interface WorkResult {
  work: WorkName;
  title: string;
  drawn: boolean;
  unit: string;
  amount: number;
  flops: number;
  rounds: number;
  /** Runs in each lap. */
  repeats: number;
  engines: readonly EngineResult[];
  failures: readonly EngineFailure[];
}

export interface PhaseResult {
  phase: string;
  /** Of each measured update. */
  ms: readonly number[];
  cpuMs: readonly number[] | null;
}

export interface GrpoResult {
  title: string;
  rows: number;
  coldMs: number;
  laps: readonly Lap[];
  phases: readonly PhaseResult[];
  /** Of one warm update. */
  counts: CountedRun;
  /** After each update; equal numbers mean that memory does not grow. */
  liveBytes: readonly number[];
}

export interface RefinersResult {
  title: string;
  /** The first is what the others' ratios are to. */
  arms: readonly { arm: string; laps: readonly Lap[]; ratios: Ratios }[];
}

export interface GrowthRow {
  work: 'train' | 'decode';
  /** What varies in this sweep. */
  along: 'B' | 'T' | 'width' | 'all';
  batch: number;
  length: number;
  width: number;
  tokens: number;
  result: Summary | null;
  /** Why there is no result. */
  refused: string | null;
}

/** What a world of so many facts costs, of the search-r2 preset at size tiny, 8 x 8 rows: CPU time on a software adapter. */
export interface WorldRow {
  facts: number;
  names: number;
  /** Of one world, and the bytes of all of a run's worlds on the GPU. */
  passages: number;
  indexBytes: number;
  /** Reading the facts, drawing one world, making a run's buffers. */
  openMs: number;
  /** Drawing one more world, and bringing it to the GPU. */
  worldMs: Spread;
  putMs: Spread;
  /** A batch of the warm start. */
  batchMs: number;
  /** Searches of a rollout under the warm-started base, and its exact match. */
  searches: number;
  em: number;
  rolloutMs: Spread;
  /** Of a rollout, by timestamp queries; null where the adapter has none. */
  retrievalMs: Spread | null;
  /** Of 256 rows that each ask for a fact of their chain: the same searches in every world; null likewise. */
  askedMs: Spread | null;
}

export interface KernelRow {
  /** "train: " or "decode: " and the shape. */
  work: string;
  kernel: string;
  /** Dispatches of one run, and the milliseconds of all of them. */
  count: number;
  ms: number;
  /** Operations by shape, and bytes bound, a second. */
  gflops: number;
  gbs: number;
}

export interface RooflineResult {
  /** Most multiply-adds and most bytes moved, in billions a second. */
  gflops: number;
  gbs: number;
  kernels: readonly KernelRow[];
}

export interface Report {
  format: 'cutpoint-bench/1';
  date: string;
  runtime: string;
  dawn: string | null;
  cores: number;
  adapter: AdapterInfo;
  versions: Partial<Record<EngineName, string>>;
  /** Engines that did not start. */
  missing: readonly EngineFailure[];
  /** Seed of the drawn shapes. */
  draw: number;
  quick: boolean;
  /** Which ratio counts on this adapter. */
  ratio: 'norm' | 'wall';
  works: WorkResult[];
  grpo: GrpoResult | null;
  refiners: RefinersResult | null;
  growth: GrowthRow[];
  worlds: WorldRow[];
  roofline: RooflineResult | null;
}
