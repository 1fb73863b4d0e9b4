/** One line of an LLM's rollouts (Search-R1, verl, TRL and alike) as a Rollout. */
import { completionEvents } from './events';
import type { Events } from './events';
import {
  advantageOf,
  COMPLETION_KEYS,
  groupOf,
  instructionOf,
  messagesOf,
  numberOf,
  questionOf,
  rewardOf,
  stepOf,
  supportingTitles,
  usefulOf,
  WHOLE_KEYS,
} from './fields';
import { goldsOf } from './golds';
import { finite, first, isArray, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import { evidenceRule, labelEvidence, PassageNumbers } from './label-evidence';
import type { EvidenceHints } from './label-evidence';
import { isMessages, messageEvents, roleOf } from './messages';
import { SkippedRow } from './record';
import type { Rollout, RolloutSide, RolloutStep } from './record';
import { exactMatch } from '../text/squad';
import { turnsOf } from './turns';
import { readSteps } from './steps';
import { truncationOf } from './truncation';

/**
 * @param numbers null where nobody asks which passages are the same
 * @throws SkippedRow where there is nothing to show
 */
export function readCompletion(given: JsonObject, numbers: PassageNumbers | null = new PassageNumbers()): Rollout {
  const row = withSmallKeys(given);
  const question = questionOf(row);
  if (question === null) throw new SkippedRow('no question: give it as "question", or a "prompt" that ends with it');
  const golds = goldsOf(row);
  const instruction = instructionOf(row);
  const hints = { golds, titles: supportingTitles(row), useful: usefulOf(row) };
  const side = (source: unknown, own: JsonObject, name: string): RolloutSide => {
    const events = eventsOf(source, instruction);
    if (events === null) throw new SkippedRow(`"${name}" is neither text nor a list of messages`);
    if (events.events.length === 0) throw new SkippedRow(`"${name}" is empty`);
    return sideOf(events, { ...hints, useful: usefulOf(own) ?? hints.useful }, own, numbers);
  };
  const group = groupOf(row, question);
  const rest = {
    question,
    golds,
    group,
    step: stepOf(row),
    review: null,
    reviewAdvantage: null,
    truncated: truncationOf(row),
    branches: [],
  };
  const advantage = advantageOf(row);
  if (row['draft'] !== undefined && row['draft'] !== null) {
    const draftRow = ownRow(row['draft']);
    const finalSource = row['final'] ?? completionOf(row);
    const draft = side(draftRow.source, draftRow.own, 'draft');
    if (finalSource === undefined) return { ...rest, draft, final: draft, cut: 0, reviewed: true, advantage };
    const finalRow = ownRow(finalSource);
    // The line's own reward is that of its final side.
    const final = side(finalRow.source, { ...row, ...finalRow.own }, 'final');
    const cut = cutOf(row, draft.steps, final.steps);
    return { ...rest, draft, final: cut === 0 ? draft : final, cut, reviewed: true, advantage };
  }
  const source = row['final'] ?? completionOf(row);
  if (source === undefined) {
    throw new SkippedRow(`no completion: give it as ${COMPLETION_KEYS.slice(0, 3).join(', ')} or "messages"`);
  }
  const { source: inner, own } = ownRow(source);
  const only = side(inner, { ...row, ...own }, 'completion');
  return { ...rest, draft: only, final: only, cut: 0, reviewed: false, advantage };
}

/** Text or messages of one side, as the row has them. */
export function sourceOf(row: JsonObject, side: 'draft' | 'final'): unknown {
  const draft = row['draft'] ?? undefined;
  const final = row['final'] ?? completionOf(row);
  return ownRow(side === 'draft' ? (draft ?? final) : (final ?? draft)).source;
}

/** Search-o1 writes Question and Output. */
export function withSmallKeys(row: JsonObject): JsonObject {
  const others = Object.keys(row).filter((key) => {
    const small = key.toLowerCase();
    return small !== key && !Object.hasOwn(row, small);
  });
  if (others.length === 0) return row;
  return { ...Object.fromEntries(others.map((key) => [key.toLowerCase(), row[key]])), ...row };
}

function completionOf(row: JsonObject): unknown {
  const given = first(row, COMPLETION_KEYS);
  if (given !== undefined)
    return isArray(given) && given.length === 1 && typeof given[0] === 'string' ? given[0] : given;
  const messages = messagesOf(row);
  if (messages !== undefined) return messages;
  // Prompt and completion in one text: what follows the first turn of the assistant.
  const whole = first(row, WHOLE_KEYS);
  if (typeof whole !== 'string') return undefined;
  const answered = turnsOf(whole, 'user').find(({ role }) => role === 'assistant');
  return whole.slice(answered?.start ?? 0);
}

/** A side may be text, messages, or an object of its own with a reward and labels. */
function ownRow(value: unknown): { source: unknown; own: JsonObject } {
  if (!isObject(value)) return { source: value, own: {} };
  return { source: completionOf(value), own: value };
}

/** null where it is neither text nor messages. */
function eventsOf(source: unknown, instruction: string): Events | null {
  if (typeof source === 'string') return completionEvents(source, instruction);
  if (!isMessages(source)) return null;
  const begin = source.findIndex((message) => roleOf(message) === 'assistant');
  return { events: begin < 0 ? [] : messageEvents(source.slice(begin)), tagged: false };
}

function sideOf(
  { events, tagged }: Events,
  hints: EvidenceHints,
  own: JsonObject,
  numbers: PassageNumbers | null,
): RolloutSide {
  const { steps: raw, answer, endReason, note } = readSteps(events, !tagged);
  const { steps, coverage, density } = labelEvidence(raw, hints, numbers);
  const told = numberOf(first(own, ['em', 'exact_match', 'acc']));
  // Without a right answer in the file there is nothing to compare with but what it says itself.
  const em = hints.golds.length > 0 ? exactMatch(answer, hints.golds) : told === null ? null : told >= 1 ? 1 : 0;
  const given = rewardOf(own);
  const reward = given ?? (em === null ? null : em * (1 + density));
  const judgedBy = evidenceRule(hints, raw);
  return { steps, answer, em, reward, rewardGiven: given !== null, coverage, endReason, note, judgedBy, tokens: null };
}

/** The given cut, else the first step in which the sides differ; 0 where they do not. */
function cutOf(row: JsonObject, draft: readonly RolloutStep[], final: readonly RolloutStep[]): number {
  const given = finite(row['cut']);
  if (given !== null) {
    if (Number.isInteger(given) && given >= 0 && given <= draft.length && given <= final.length + 1) return given;
    throw new SkippedRow(
      `"cut" is ${given}, but the draft has ${draft.length} steps: give 0 for none or the number of a step`,
    );
  }
  const shared = draft.findIndex((step, k) => !sameStep(step, final[k]));
  if (shared >= 0) return shared + 1;
  return final.length > draft.length ? draft.length : 0;
}

function sameStep(a: RolloutStep, b: RolloutStep | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.text === b.text && a.thought === b.thought;
}
