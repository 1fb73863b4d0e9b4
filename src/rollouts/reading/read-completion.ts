/** One line of an LLM's rollouts (Search-R1, verl, TRL and alike) as a Rollout. */
import { completionEvents } from './events';
import type { Events } from './events';
import {
  advantageOf,
  ANSWER_KEYS,
  CHAT_KEYS as MESSAGES_KEYS,
  COMPLETION_KEYS,
  groupOf,
  instructionOf,
  isAsked,
  LATER_CHAT_KEYS,
  messagesOf,
  numberOf,
  PROMPT_KEYS,
  questionOf,
  rewardOf,
  stepOf,
  supportingTitles,
  usefulOf,
  WHOLE_KEYS,
} from './fields';
import { goldsOf } from './golds';
import { finite, first, isArray, isObject, parsed } from '../text/json';
import { readLiteral } from '../text/literal';
import type { JsonObject } from '../text/json';
import { evidenceRule, labelEvidence, PassageNumbers } from './label-evidence';
import type { EvidenceHints } from './label-evidence';
import { callsOf, contentOf, isMessages, messageEvents, roleOf } from './messages';
import type { Message } from './messages';
import { SkippedRow } from './record';
import type { Rollout, RolloutSide, RolloutStep } from './record';
import { exactMatch } from '../text/squad';
import { namesTags, tagsIn } from '../text/tags';
import { withOwnTurns } from './own-turns';
import { turnsOf } from './turns';
import { withUnnamedText } from './unnamed-text';
import { readSteps } from './steps';
import { truncationOf } from './truncation';

const CHAT_KEYS: ReadonlySet<string> = new Set([
  ...[...COMPLETION_KEYS, ...PROMPT_KEYS, ...MESSAGES_KEYS, ...LATER_CHAT_KEYS],
]);

/**
 * @param numbers null where nobody asks which passages are the same: then those that hold no answer may be missing
 * @throws SkippedRow where there is nothing to show
 */
export function readCompletion(given: JsonObject, numbers: PassageNumbers | null = new PassageNumbers()): Rollout {
  const row = withCommonKeys(given);
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

/** With small keys, since Search-o1 writes Question and Output, chats that tables keep as text as what they are, and all turns of the model. */
export function withCommonKeys(row: JsonObject): JsonObject {
  const keys = Object.keys(row);
  const others = keys.filter((key) => {
    const small = key.toLowerCase();
    return small !== key && !Object.hasOwn(row, small);
  });
  const chats = keys.flatMap((key) => {
    const chat = CHAT_KEYS.has(key.toLowerCase()) ? (chatIn(row[key]) ?? unescaped(row[key])) : null;
    return chat === null ? [] : [[key.toLowerCase(), chat] as const];
  });
  if (others.length === 0 && chats.length === 0) return withOwnTurns(withUnnamedText(row));
  const small = Object.fromEntries(others.map((key) => [key.toLowerCase(), row[key]]));
  return withOwnTurns(withUnnamedText({ ...small, ...row, ...Object.fromEntries(chats) }));
}

/** Tags as reports in HTML write them, where none stands as it is: &lt;search&gt; */
function unescaped(value: unknown): string | null {
  if (typeof value !== 'string' || !value.includes('&lt;') || namesTags(value)) return null;
  const plain = value.replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
  return namesTags(plain) ? plain : null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", amp: '&' };

/** A list of messages as JSON, or as Python prints it. */
function chatIn(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s{0,9}\[\s{0,99}\{\s{0,99}['"]/.test(value)) return null;
  const list = parsed(value) ?? readLiteral(value)?.value;
  return isMessages(list) ? list : null;
}

export function completionOf(row: JsonObject): unknown {
  const given = first(row, COMPLETION_KEYS) ?? tracesOf(row);
  const messages = messagesOf(row);
  if (given !== undefined && !(typeof given === 'string' && isOnlyItsAnswer(given, messages))) {
    return isArray(given) && given.length === 1 && typeof given[0] === 'string' ? given[0] : given;
  }
  if (messages !== undefined) return messages;
  // Prompt and completion in one text: what follows the first turn of the assistant.
  const whole = first(row, WHOLE_KEYS);
  if (typeof whole !== 'string') return first(row, ANSWER_KEYS);
  const answered = turnsOf(whole, 'user').find(({ role }) => role === 'assistant');
  return whole.slice(answered?.start ?? 0);
}

/** DR Tulu: the whole beside its last words. */
function tracesOf(row: JsonObject): unknown {
  const traces = row['full_traces'];
  return isObject(traces) ? first(traces, ['generated_text']) : undefined;
}

/** Whether a text says again how the chat beside it ends (`prediction`): the chat is the whole. */
function isOnlyItsAnswer(said: string, messages: unknown): boolean {
  if (!isMessages(messages) || tagsIn(said).some(({ kind }) => kind === 'search')) return false;
  const last = messages.at(-1);
  if (last === undefined) return false;
  // Results may stand in the user's turn: then it ended with them, whatever was noted as its answer.
  if (roleOf(last) === 'user') return !isAsked(last) && messages.some((message) => roleOf(message) === 'assistant');
  return roleOf(last) === 'tool' || (roleOf(last) === 'assistant' && contentOf(last).includes(said.trim()));
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
  const said = begin < 0 ? [] : withoutThanks(source.slice(begin));
  // A chat in tags answers in tags.
  const tagged = said.some((message) => roleOf(message) === 'assistant' && namesTags(contentOf(message)));
  return { events: messageEvents(said), tagged };
}

/** What a user says after the last words of the model is no part of them: thanks, or the signal of a simulated user that ends it. */
function withoutThanks(said: readonly Message[]): readonly Message[] {
  const last = said.findLastIndex((message) => roleOf(message) !== 'user');
  const message = said[last];
  if (last === said.length - 1 || message === undefined || roleOf(message) !== 'assistant') return said;
  const isHis = callsOf(message, contentOf(message)).length === 0 && said.slice(last + 1).every(isAsked);
  const advises = messageEvents(said.slice(last + 1)).some(({ kind }) => kind === 'environment');
  return isHis && !advises ? said.slice(0, last + 1) : said;
}

function sideOf(
  { events, tagged }: Events,
  hints: EvidenceHints,
  own: JsonObject,
  numbers: PassageNumbers | null,
): RolloutSide {
  // A table asks of passages only whether they hold an answer, unless titles or who shows them tell them apart.
  const golds = numbers === null && hints.titles.length === 0 ? hints.golds : null;
  const { steps: raw, answer, endReason, note } = readSteps(events, !tagged, golds);
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
