/** A branch that a person keeps: enough to regenerate it at any later update of a run that asks the same questions. */
import { decodeConfig, encodeConfig } from '../../config/url-codec';
import type { RunConfig, SettingKey } from '../../config/schema';
import type { DraftRow } from '../../trainer/protocol/protocol';
import type { SideView } from '../../recordings/decode-trajectory';
import type { CaseResult, KeptCase } from './case-shelf';

export const CASE_FORMAT = 'cutpoint-case/1';

export interface OwnResult extends CaseResult {
  /** The update after which the weights were read. */
  update: number;
  tokens: readonly number[];
}

export interface TestCase extends KeptCase {
  /** The run's settings, as in a link. */
  link: string;
  /** What was cut, and how. */
  draft: Omit<DraftRow, 'tokens' | 'logProbs' | 'entropies' | 'stepStarts' | 'passages'> & {
    tokens: readonly number[];
    stepStarts: readonly number[];
    passages: readonly number[];
  };
  replicate: number;
  /** Tokens put at a position within the step; null for a cut. */
  forced: { position: number; tokens: readonly number[] } | null;
  results: readonly OwnResult[];
}

/** Settings that decide which question a row is asked in which world, and how long trajectories are. */
const QUESTION_KEYS: readonly SettingKey[] = [
  ...(['world', 'worldSeed', 'runSeed', 'noise', 'poolSize', 'redrawEvery'] as const),
  ...(['rumourSpread', 'misfiled', 'sharedNames', 'minHops'] as const),
  ...(['prompts', 'groupSize', 'maxHops'] as const),
];

/** Why this run cannot run the case again, null if it can. */
export function caseRefusal({ link }: TestCase, config: RunConfig): string | null {
  const then = decodeConfig(link).config;
  const other = QUESTION_KEYS.filter((key) => then[key] !== config[key]);
  return other.length === 0 ? null : `Kept in a run that asks other questions: ${other.join(', ')} differ.`;
}

export function linkOf(config: RunConfig): string {
  return encodeConfig(config);
}

export function caseDraft({ tokens, stepStarts, steps, passages, update, row, pinned, revision }: DraftRow) {
  const place = { update, row, ...(pinned ? { pinned } : {}), ...(revision === undefined ? {} : { revision }) };
  const kept = tokens.subarray(0, tokens.findLastIndex((token) => token !== 0) + 1);
  return { ...place, steps, tokens: [...kept], stepStarts: [...stepStarts], passages: [...passages] };
}

/** @param positions T of the run */
export function engineDraft({ draft }: TestCase, positions: number): DraftRow {
  const tokens = new Uint16Array(positions);
  tokens.set(draft.tokens.slice(0, positions));
  return {
    ...draft,
    tokens,
    // The policy's numbers of the kept steps were those of other weights.
    logProbs: new Float32Array(positions),
    entropies: new Float32Array(positions),
    stepStarts: Uint16Array.from(draft.stepStarts),
    passages: Int32Array.from(draft.passages),
  };
}

/** The engine knows both numbers. */
export function caseResult(update: number, { answer, em, reward }: SideView, tokens: ArrayLike<number>): OwnResult {
  const all = Array.from(tokens);
  return {
    update,
    answer,
    em: em ?? 0,
    reward: reward ?? 0,
    tokens: all.slice(0, all.findLastIndex((token) => token !== 0) + 1),
  };
}

/** What a result is beside the first one, in words. */
export function compareResults(first: OwnResult, now: OwnResult): string {
  if (first.answer !== now.answer) return 'another answer';
  if (first.reward !== now.reward) return 'same answer, another reward';
  const same = first.tokens.length === now.tokens.length && first.tokens.every((token, t) => token === now.tokens[t]);
  return same ? 'the same, token for token' : 'same answer and reward, other words';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function areNumbers(value: unknown, most: number): boolean {
  return Array.isArray(value) && value.length <= most && value.every((x) => Number.isInteger(x));
}

function isResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { update, answer, em, reward, tokens } = value;
  const numbers = [update, em, reward].every((x) => typeof x === 'number' && Number.isFinite(x));
  return numbers && (answer === null || typeof answer === 'string') && areNumbers(tokens, 4096);
}

/** Whether something that was stored or opened is a case; anything else is left out. */
export function isTestCase(value: unknown): value is TestCase {
  if (!isRecord(value)) return false;
  const { id, name, link, question, rightAnswer, draft, step, replicate, forced, results } = value;
  return (
    [id, step, replicate].every((x) => Number.isSafeInteger(x)) &&
    [name, link, question, rightAnswer].every((x) => typeof x === 'string') &&
    isRecord(draft) &&
    [draft['update'], draft['row'], draft['steps']].every((x) => Number.isSafeInteger(x)) &&
    areNumbers(draft['tokens'], 4096) &&
    areNumbers(draft['stepStarts'], 5) &&
    areNumbers(draft['passages'], 12) &&
    (forced === null ||
      (isRecord(forced) && Number.isSafeInteger(forced['position']) && areNumbers(forced['tokens'], 8))) &&
    Array.isArray(results) &&
    results.length > 0 &&
    results.every(isResult)
  );
}
