/**
 * One finished run as a report needs it: what a line of a summaries file holds (docs/formats.md). Small, so that the runs of
 * a study accumulate in the repository without their folders.
 */
import { SETTING_KEYS, settingOf, type RunConfig } from '../config/schema';
import { requireValidConfig } from '../config/validate';
import { UserError } from '../lib/assert';
import { NEWER_HINT } from '../lib/versions';
import { mean } from '../lib/stats';

export const RECORD_FORMAT = 'cutpoint-run/1';

/** Numbers by name, null where a rate is over nothing. */
export type Values = Readonly<Record<string, number | null>>;

export interface RunRecord {
  readonly format: typeof RECORD_FORMAT;
  /** Version of the program that made the run. */
  readonly program: string;
  readonly world: string;
  readonly config: RunConfig;
  /** `warm` (a warm start of this run's own), `shipped` or the name of a file. */
  readonly base: string;
  readonly adapter: string;
  readonly parameters: number;
  readonly updates: number;
  readonly weightsHash: string;
  readonly ceilings: Values;
  /** Keys of evaluations.jsonl, with `update`, `questions` and `sampledTokens`, all tokens sampled so far. */
  readonly evaluations: readonly Values[];
  /** Keys of metrics.jsonl, each the mean over a window of updates that ends at `update`; `sampledTokens` as above. */
  readonly curves: readonly Values[];
  /** Meters of theory.jsonl, with `update`, `questions` and the ends of their intervals (`identityGapLow`, `identityGapHigh`). */
  readonly theory: readonly Values[];
  /** Of tries.jsonl, a line for each number of `tries`: EM by first try and rule (`greedy until`), and its tokens (`greedy until tokens`). */
  readonly tries: readonly Values[];
}

/** What a run folder holds, parsed. */
export interface FolderContent {
  summary: Readonly<Record<string, unknown>>;
  evaluations: readonly Readonly<Record<string, unknown>>[];
  metrics: readonly Readonly<Record<string, unknown>>[];
  theory: readonly Readonly<Record<string, unknown>>[];
  tries: readonly Readonly<Record<string, unknown>>[];
}

/** EM of the actor alone by the hops of the question, of which there are as many as searches. */
export const HOP_KEYS = ['Sampled', 'Greedy'].flatMap((how) => [1, 2, 3, 4].map((hops) => `emHop${hops}${how}`));

/** Of questions with a hop that stays within a type, and of the others. */
export const KINDS = ['WithinType', 'AcrossTypes'] as const;
const BY_KIND = [
  ...['emSampled', 'emGreedy', 'emSampledRefined', 'emGreedyRefined'],
  ...['', 'Base', 'Doubt', 'Reader'].flatMap((by) => [`reviewAuc${by}`, `cutHit${by}`]),
];

const EVALUATION_KEYS = [
  'emSampled',
  'emGreedy',
  'emSampledRefined',
  'emGreedyRefined',
  'emT25',
  'emT25Refined',
  'emT50',
  'emT50Refined',
  'emT75',
  'emT75Refined',
  'emTrain',
  'emClosedBook',
  'emSampledWorlds',
  'emGreedyWorlds',
  'emSampledRefinedWorlds',
  'emGreedyRefinedWorlds',
  'reviewAuc',
  'reviewAucBase',
  'reviewAucDoubt',
  'reviewAucReader',
  'cutHit',
  'cutHitBase',
  'cutHitDoubt',
  'cutHitReader',
  ...KINDS.flatMap((kind) => BY_KIND.map((key) => key + kind)),
  'emRealSampled',
  'emRealGreedy',
  'emRealClosedBook',
  'rewardSampled',
  'densitySampled',
  'coverageSampled',
  'searchesSampled',
  'searchesHop3Sampled',
  ...HOP_KEYS,
  'luckyGuessRateSampled',
  'malformedRateSampled',
  'baseBestEm',
  'baseBestTemperature',
];

const CURVE_KEYS = [
  'rewardMean',
  'emDraft',
  'emFinal',
  'revisionRate',
  'revisionRateWrong',
  'revisionRateRight',
  'savedRate',
  'harmedRate',
  'wastedRate',
  'missedRate',
  'reviewAccuracy',
  'klK3',
  'entropy',
  'gradNormActor',
  'gradNormReview',
  'zeroVarianceGroups',
];

/** Windows of a run's curves: a multiple of 4, so that quarters of a run are whole windows. */
const WINDOWS = 20;
const DIGITS = 5;

/**
 * The record of a finished run.
 *
 * @param name of the folder, for messages
 * @throws UserError where the content is not that of a run
 */
export function recordOf({ summary, evaluations, metrics, theory, tries }: FolderContent, name: string): RunRecord {
  const tokens = cumulative(metrics);
  const updates = numberAt(summary, 'updates', name);
  if (metrics.length !== updates) {
    throw new UserError(`${name}: metrics.jsonl has ${metrics.length} lines, and the run ${updates} updates.`);
  }
  const config = readConfig(summary['config'], name);
  const known = (line: Readonly<Record<string, unknown>>) => {
    const update = numberAt(line, 'update', name);
    const questions = line['questions'] ?? config.evalQuestions;
    return { update, questions, sampledTokens: tokens[update] ?? null, ...pick(line, EVALUATION_KEYS) };
  };
  return readRecord(
    {
      format: RECORD_FORMAT,
      program: summary['program'] ?? 'unknown',
      world: objectAt(summary, 'world')['id'],
      config,
      base: baseKind(summary['base']),
      adapter: objectAt(summary, 'adapter')['description'],
      parameters: summary['parameters'],
      updates,
      weightsHash: summary['weightsHash'],
      ceilings: objectAt(objectAt(summary, 'world'), 'ceilings'),
      evaluations: evaluations.map(known),
      curves: windows(metrics, tokens),
      theory: theory.map(theoryOf),
      tries: tries.flatMap(triesOf),
    },
    name,
  );
}

/**
 * Checks what was parsed from a line of a summaries file.
 *
 * @throws UserError for another format or a value that is missing
 */
export function readRecord(raw: Readonly<Record<string, unknown>>, name: string): RunRecord {
  if (raw['format'] !== RECORD_FORMAT) {
    const format = typeof raw['format'] === 'string' ? raw['format'] : 'unknown';
    throw new UserError(`${name} is of format "${format}"; this version reads ${RECORD_FORMAT}.`, NEWER_HINT);
  }
  const text = (key: string) => {
    const value = raw[key];
    if (typeof value !== 'string') throw new UserError(`${name} has no "${key}".`);
    return value;
  };
  const list = (key: string) => {
    const value = raw[key];
    if (!Array.isArray(value)) throw new UserError(`${name} has no "${key}".`);
    return value.map((line: unknown) => rounded(objectOf(line)));
  };
  const evaluations = list('evaluations');
  if (evaluations.length === 0) throw new UserError(`${name} has no evaluation.`);
  return {
    format: RECORD_FORMAT,
    program: text('program'),
    world: text('world'),
    config: readConfig(raw['config'], name),
    base: text('base'),
    adapter: text('adapter'),
    parameters: numberAt(raw, 'parameters', name),
    updates: numberAt(raw, 'updates', name),
    weightsHash: text('weightsHash'),
    ceilings: rounded(objectAt(raw, 'ceilings')),
    evaluations,
    curves: list('curves'),
    theory: list('theory'),
    // Records of before there were any have none.
    tries: raw['tries'] === undefined ? [] : list('tries'),
  };
}

/** Settings that change what is learned; how often and how long it is measured does not. */
export const LEARNING_KEYS = SETTING_KEYS.filter((key) => settingOf(key).group !== 'Evaluation');

/** Two records of equal key are of the same run: settings with seeds, world, base and adapter, however far they went. */
export function recordKey({ world, config, base, adapter }: RunRecord): string {
  return JSON.stringify([world, LEARNING_KEYS.map((key) => config[key]), base, adapter]);
}

/** `worldSeed/initSeed/runSeed`, or the one number that all three are. */
export function seedOf({ config: { worldSeed, initSeed, runSeed } }: RunRecord): string {
  return worldSeed === initSeed && initSeed === runSeed ? String(runSeed) : `${worldSeed}/${initSeed}/${runSeed}`;
}

function readConfig(raw: unknown, name: string): RunConfig {
  try {
    return requireValidConfig(objectOf(raw));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${name} has settings of another version: ${error.message}`);
  }
}

/** Paths stay out of files that are committed. */
function baseKind(base: unknown): string {
  const text = typeof base === 'string' ? base : 'unknown';
  if (text.startsWith('warm start')) return 'warm';
  if (text.startsWith('public/checkpoints/')) return 'shipped';
  return text.split(/[/\\]/).at(-1) ?? text;
}

/** Tokens sampled up to each update, from 0 at update 0. */
function cumulative(metrics: FolderContent['metrics']): number[] {
  const sums = [0];
  for (const line of metrics) sums.push((sums.at(-1) ?? 0) + Number(line['sampledTokens'] ?? NaN));
  return sums;
}

function theoryOf(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found = { update: line['update'], questions: line['questions'], ...objectAt(line, 'meters') };
  for (const [key, value] of Object.entries(objectAt(line, 'intervals'))) {
    const { low, high } = objectOf(value);
    Object.assign(found, { [`${key}Low`]: low, [`${key}High`]: high });
  }
  return found;
}

/** A line of tries.jsonl as one record for each number of tries. */
function triesOf(line: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const known = Array.isArray(line['lines']) ? line['lines'].map(objectOf) : [];
  const counts = [...new Set(known.map(({ tries }) => tries))];
  return counts.map((count) => {
    const found: Record<string, unknown> = { update: line['update'], questions: line['questions'], tries: count };
    for (const { first, rule, tries, em, tokens } of known) {
      if (tries !== count) continue;
      found[`${String(first)} ${String(rule)}`] = em;
      found[`${String(first)} ${String(rule)} tokens`] = tokens;
    }
    return found;
  });
}

/** Means over at most WINDOWS windows of equal length; the last one ends at the last update. */
function windows(metrics: FolderContent['metrics'], tokens: readonly number[]): Record<string, unknown>[] {
  const count = Math.min(WINDOWS, metrics.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.round((i * metrics.length) / count);
    const to = Math.round(((i + 1) * metrics.length) / count);
    const part = metrics.slice(from, to);
    const line: Record<string, unknown> = { update: part.at(-1)?.['update'], sampledTokens: tokens[to] ?? null };
    for (const key of CURVE_KEYS) {
      const values = part.flatMap((one) => (typeof one[key] === 'number' ? [one[key]] : []));
      line[key] = values.length === 0 ? null : mean(values);
    }
    return line;
  });
}

function pick(line: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in line).map((key) => [key, line[key]]));
}

/** The entries that are numbers or null, to as many digits as they mean. */
function rounded(line: Readonly<Record<string, unknown>>): Values {
  const found: Record<string, number | null> = {};
  for (const [key, value] of Object.entries(line)) {
    if (value === null) found[key] = null;
    if (typeof value !== 'number') continue;
    found[key] = !Number.isFinite(value) ? null : Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  }
  return found;
}

function objectOf(value: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  if (typeof value === 'object' && value !== null) Object.assign(found, value);
  return found;
}

function objectAt(line: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return objectOf(line[key]);
}

function numberAt(line: Readonly<Record<string, unknown>>, key: string, name: string): number {
  const value = line[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new UserError(`${name} has no number "${key}".`);
  return value;
}
