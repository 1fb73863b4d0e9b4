/** A row of a file as the table keeps it. */
import { advantageOf, groupOf, questionOf, rewardOf, stepOf, supportingTitles, usefulOf } from '../reading/fields';
import { goldsOf } from '../reading/golds';
import { completionOf, withCommonKeys } from '../reading/read-completion';
import { readRow } from '../reading/read-line';
import { isOwnLine } from '../reading/read-own';
import { remarksOf } from '../reading/remarks';
import { truncationOf } from '../reading/truncation';
import { first, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import { plainSide } from './plain-side';
import { briefOf } from './row-brief';
import type { RowBrief } from './row-brief';
import { ANSWERED, lastFlawed, TRUNCATED } from './row-faults';

/** @throws SkippedRow with what is wrong and what to do */
export function readBrief(row: JsonObject): RowBrief {
  return plainBrief(row) ?? briefOf(readRow(row, null));
}

/** Of a row whose only side is a completion in plain blocks: without a step or a passage being made of it. null where it is any other. */
function plainBrief(given: JsonObject): RowBrief | null {
  if (isOwnLine(given)) return null;
  const row = withCommonKeys(given);
  if (first(row, ['draft', 'final']) !== undefined) return null;
  const source = completionOf(row);
  const question = questionOf(row);
  if (typeof source !== 'string' || question === null) return null;
  if (usefulOf(row) !== null || supportingTitles(row).length > 0) return null;
  const brief = briefOfTexts({ question, golds: goldsOf(row), source, reward: rewardOf(row), step: stepOf(row) });
  if (brief === null) return null;
  const truncated = truncationOf(row);
  return {
    ...brief,
    ...{ group: groupOf(row, question), advantage: advantageOf(row), remarks: remarksOf(given) },
    faults: { ...brief.faults, truncated, ending: truncated === true ? TRUNCATED : ANSWERED },
  };
}

/**
 * A row of verl's dump that has its five keys and no others, each with what verl writes there: nothing else can be meant, and what
 * trainers' rows may be is not asked. null where it is any other.
 */
export function dumpedBrief(row: JsonObject): RowBrief | null {
  const { input, output, gts, score, step } = row;
  if (typeof input !== 'string' || typeof output !== 'string') return null;
  if (typeof score !== 'number' || typeof step !== 'number' || !Number.isFinite(score + step)) return null;
  if (Object.keys(row).length !== DUMPED_KEYS) return null;
  const asked = askedIn(input);
  const golds = goldIn(gts);
  if (asked === null || golds === null) return null;
  return briefOfTexts({ question: asked, golds, source: output, reward: score, step: Math.trunc(step) });
}

const DUMPED_KEYS = 5;

interface Texts {
  question: string;
  golds: readonly string[];
  /** The completion. */
  source: string;
  reward: number | null;
  step: number | null;
}

function briefOfTexts({ question, golds, source, reward, step }: Texts): RowBrief | null {
  const found = plainSide(source, golds);
  if (found === null) return null;
  const { searches, density, coverage, size, em, useless, grounded } = found;
  const side = { em, reward: reward ?? em * (1 + density), coverage, density, answered: true, searches, size };
  const flawed = useless !== 0 ? useless : lastFlawed(em, searches + 1);
  return {
    ...{ question, group: question, step, draft: side, final: side, rewardGiven: reward !== null, hasTokens: false },
    ...{ cut: 0, reviewed: false, accept: 0, advantage: null, reviewAdvantage: null, remarks: [] },
    faults: { useless, flawed, grounded, ending: ANSWERED, truncated: null, rule: 'answer' },
  };
}

/** Rows of a group follow each other, with the same prompt and the same right answer. */
let prompt: { input: string; question: string | null } = { input: '', question: null };
let right: { gold: string; golds: readonly string[] | null } = { gold: '', golds: null };

/** The question; null where the prompt is more than text that ends with it. */
function askedIn(input: string): string | null {
  if (prompt.input !== input) {
    const row = withCommonKeys({ input, output: '' });
    prompt = { input, question: row['input'] === input ? questionOf(row) : null };
  }
  return prompt.question;
}

/** One right answer as text, alone in a list or under `target`; null where it is anything else. */
function goldIn(gts: unknown): readonly string[] | null {
  const given = isObject(gts) && Object.keys(gts).length === 1 ? gts['target'] : gts;
  const gold: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof gold !== 'string') return null;
  if (right.gold !== gold) {
    const golds = goldsOf({ gts: gold });
    right = { gold, golds: golds.length === 1 && golds[0] === gold.trim() ? golds : null };
  }
  return right.golds;
}
