/** Which key of a line means what. The names are those of Search-R1, verl, TRL and of common dumps; docs/formats.md lists them. */
import { finite, first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { contentOf, isMessages, resultsIn, roleOf } from './messages';
import type { Message } from './messages';
import { readLiteral } from '../text/literal';
import { areResults, questionIn, saysQuestion } from './question';

export const COMPLETION_KEYS = [
  // R1-Searcher's whole, beside its last turn.
  'gen_text_store',
  ...['completion', 'output', 'response', 'responses', 'generated_text', 'generation', 'output_response'],
  ...['model_output', 'prediction', 'generated', 'model_response', 'llm_response', 'generated_response', 'raw_output'],
  ...[
    'full_response',
    'raw_response',
    'response_text',
    'output_text',
    'rollout',
    'solution_str',
    'final_response',
    'pred',
    'predict',
  ],
];
export const CHAT_KEYS = [
  ...['messages', 'conversations', 'conversation', 'trajectory', 'contents', 'dialogue', 'chat_history'],
  'message_log',
];
/** Of many meanings: a chat only where they hold one. */
export const LATER_CHAT_KEYS = [
  ...['chat_messages', 'message_history', 'history', 'chat', 'dialog', 'turns', 'events', 'user_input'],
];
/** An answer without what led to it: nothing of a chat or a text beside it. */
export const ANSWER_KEYS = [
  ...['predicted_answer', 'pred_answer', 'model_answer', 'generated_answer', 'actual_output', 'final_output'],
  ...['model_prediction', 'llm_answer', 'llm_output', 'final_boxed_answer', 'hypothesis'],
];
export const PROMPT_KEYS = ['prompt', 'input', 'prompts', 'input_prompt', 'prompt_text'];
const QUESTION_KEYS = ['question', 'query', 'problem'];
/** Asked where no prompt says more: an instruction alone, or what the user of an evaluation or an agent said. */
const TOLD_KEYS = [
  'instruction',
  'user_input',
  'user_query',
  'user_prompt',
  'task',
  'task_description',
  'problem_statement',
];
const STEP_KEYS = [
  ...['step', 'global_step', 'training_step', 'update', 'iteration', 'tail_version', 'global_steps', 'train_step'],
  ...['trainer_step', 'policy_version', 'weight_version'],
];
const GROUP_KEYS = [
  ...['uid', 'group', 'group_id', 'group_index', 'prompt_id', 'question_id', 'qid', 'example_id', 'task_id'],
  ...['prompt_uid', 'problem_id', 'query_id', 'prompt_idx', 'prompt_index'],
];
const REWARD_KEYS = ['reward', 'rewards', 'score', 'total_reward', 'episode_reward', 'reward_total', 'return'];
/** Of a reward in parts the one that is all of it: the others are told beside it. */
const TOTALS = ['score', 'reward', 'total_reward', 'total', 'overall'];
/** Where data sets and loggers carry what belongs to the row. */
const HOLDERS = [
  ...['extra_info', 'metadata', 'info', 'env_extras', 'vars', 'task', 'sample', 'example', 'doc', 'inputs'],
  ...['trajectory_data', 'reward_info', 'extra_env_info'],
];

/** A number or yes and no, also as text or alone in a list: converters of tables write all of them so. */
export function numberOf(value: unknown): number | null {
  if (isArray(value) && value.length === 1 && !isArray(value[0])) return numberOf(value[0]);
  if (typeof value !== 'string') return finite(value);
  if (/^\s{0,9}(?:true|false)\s{0,9}$/i.test(value)) return Number(value.trim().toLowerCase() === 'true');
  return /^\s{0,9}[+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:[eE][+-]?\d{1,3})?\s{0,9}$/.test(value)
    ? finite(Number(value))
    : null;
}

export function stepOf(row: JsonObject): number | null {
  const step = numberOf(first(row, STEP_KEYS) ?? nestedIn(row, STEP_KEYS));
  return step === null ? null : Math.trunc(step);
}

export function groupOf(row: JsonObject, question: string): string {
  const given = first(row, GROUP_KEYS) ?? nestedIn(row, ['group_id', 'uid']);
  if (typeof given === 'number') return String(given);
  if (typeof given !== 'string') return question;
  // verl names each output: {prompt}_{session}_{output}.
  const outputs = given === row['uid'] && 'gts' in row ? /^(.+)_\d+_\d+$/.exec(given) : null;
  return outputs?.[1] ?? given;
}

/** A number, numbers to be added (of tokens or by name), or the sum of all columns with "reward" in their name (TRL). */
export function rewardOf(row: JsonObject): number | null {
  const given = first(row, REWARD_KEYS);
  const single = numberOf(given);
  if (single !== null) return single;
  if (isArray(given)) return sum(given);
  if (isObject(given)) return numberOf(first(given, TOTALS)) ?? sum(Object.values(given));
  const columns = Object.keys(row).filter((key) => /reward/i.test(key) && key !== 'reward_model');
  return sum(columns.map((key) => row[key])) ?? nestedReward(row);
}

function nestedReward(row: JsonObject): number | null {
  return numberOf(nestedIn(row, REWARD_KEYS));
}

/** One for the row, or one a token that is the same for all. */
export function advantageOf(row: JsonObject): number | null {
  const given = first(row, ['advantage', 'advantages']);
  if (!isArray(given)) return numberOf(given);
  const numbers = given.map(numberOf);
  const [only = null] = numbers;
  return numbers.every((number) => number === only) ? only : null;
}

function sum(values: readonly unknown[]): number | null {
  const numbers = values.map(numberOf).filter((value) => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
}

export function nestedIn(row: JsonObject, keys: readonly string[]): unknown {
  let held: JsonObject[] | null = null;
  for (const holder of HOLDERS) {
    const inner = heldIn(row[holder]);
    if (!isObject(inner)) continue;
    const found = first(inner, keys);
    if (found !== undefined) return found;
    (held ??= []).push(inner);
  }
  // Some hold others: SkyRL's env_extras.extra_info, ROLL's trajectory_data.reward_info.
  for (const outer of held ?? []) {
    for (const holder of HOLDERS) {
      const inner = heldIn(outer[holder]);
      const found = isObject(inner) ? first(inner, keys) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** An object, also as JSON or as Python prints it. */
function heldIn(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  return parsed(value) ?? readLiteral(value)?.value;
}

/** The question in words; null where nothing of it can be found. */
export function questionOf(row: JsonObject): string | null {
  const named = text(first(row, QUESTION_KEYS)) ?? text(nestedIn(row, QUESTION_KEYS));
  const asked = named === null ? null : questionIn(named, 'named');
  if (asked !== null) return asked;
  const told = first(row, PROMPT_KEYS);
  const given = typeof told === 'string' || isMessages(told) ? told : undefined;
  const prompt = given ?? messagesOf(row);
  if (isMessages(prompt)) {
    // Of a prompt the last turn asks, of a whole chat the first, unless another one says that it does.
    const users = prompt.filter(isUsers);
    const asks = given === undefined ? users.find(isLabelled) : prompt.findLast(isAsked);
    const [begins] = users;
    return begins ? questionIn(contentOf(asks ?? begins), 'turn') : null;
  }
  const said = typeof prompt === 'string' ? questionIn(prompt, 'prompt') : null;
  if (said !== null) return said;
  const task = text(first(row, TOLD_KEYS) ?? nestedIn(row, TOLD_KEYS));
  // A word alone is the name of a task.
  if (task !== null && /\S\s+\S|[?？]/.test(task)) return questionIn(task, 'named');
  const whole = first(row, WHOLE_KEYS);
  return typeof whole === 'string' ? questionIn(whole, 'whole') : null;
}

function isUsers(message: Message): boolean {
  return roleOf(message) === 'user';
}

function isLabelled(message: Message): boolean {
  return isAsked(message) && saysQuestion(contentOf(message));
}

/** Whether the user says something that is no result. */
export function isAsked(message: Message): boolean {
  return isUsers(message) && resultsIn(message).length === 0 && !areResults(contentOf(message));
}

/** Prompt and completion in one text. */
export const WHOLE_KEYS = ['text', 'sequence', 'sequences', 'sequences_str'];

/** Text or messages that the model went on from, as the row has them. */
export function promptOf(row: JsonObject): unknown {
  return first(row, PROMPT_KEYS);
}

/** All that the model was told before it wrote. */
export function instructionOf(row: JsonObject): string {
  const prompt = first(row, PROMPT_KEYS);
  if (typeof prompt === 'string') return prompt;
  return isMessages(prompt) ? prompt.map(contentOf).join('\n') : '';
}

export function messagesOf(row: JsonObject): unknown {
  const given = first(row, CHAT_KEYS);
  if (isMessages(given)) return given;
  return [...CHAT_KEYS, ...LATER_CHAT_KEYS].map((key) => row[key]).find(isMessages) ?? given;
}

export function supportingTitles(row: JsonObject): string[] {
  const given = first(row, ['supporting_titles', 'supporting_facts']) ?? nestedIn(row, ['supporting_facts']);
  const list = isObject(given) ? given['title'] : given;
  if (!isArray(list)) return [];
  const titles = list.map((entry) => text(isArray(entry) ? entry[0] : isObject(entry) ? entry['title'] : entry));
  return [...new Set(titles.filter((title) => title !== null))];
}

/** u_i of each search, 0 or 1, where the line gives them. */
export function usefulOf(row: JsonObject): number[] | null {
  const given = first(row, ['useful', 'search_labels', 'process_labels']);
  if (!isArray(given)) return null;
  const labels = given.map(numberOf);
  return labels.every((label) => label !== null) ? labels.map((label) => Math.min(1, Math.max(0, label))) : null;
}
