/** Which key of a line means what. The names are those of Search-R1, verl, TRL and of common dumps; docs/formats.md lists them. */
import { finite, first, isArray, isObject, parsed, text } from './json';
import type { JsonObject } from './json';
import { contentOf, isMessages, roleOf } from './messages';

export const COMPLETION_KEYS = ['completion', 'output', 'response', 'responses', 'generated_text', 'generation'];
const PROMPT_KEYS = ['prompt', 'input', 'prompts'];
const QUESTION_KEYS = ['question', 'query', 'problem'];
const GOLD_KEYS = [
  'golden_answers',
  'gold_answers',
  'gold_answer',
  'gold',
  'ground_truth',
  'gts',
  'gt',
  'target',
  'answers',
  'answer',
  'solution',
  'reference',
];
const STEP_KEYS = ['step', 'global_step', 'training_step', 'update', 'iteration'];
const GROUP_KEYS = ['uid', 'group', 'group_id', 'prompt_id', 'question_id', 'qid'];
const REWARD_KEYS = ['reward', 'rewards', 'score', 'total_reward'];

export function stepOf(row: JsonObject): number | null {
  const step = finite(first(row, STEP_KEYS));
  return step === null ? null : Math.trunc(step);
}

export function groupOf(row: JsonObject, question: string): string {
  const given = first(row, GROUP_KEYS);
  return typeof given === 'string' || typeof given === 'number' ? String(given) : question;
}

/** A number, a mapping of names to numbers (their sum), or the sum of all columns with "reward" in their name (TRL). */
export function rewardOf(row: JsonObject): number | null {
  const given = first(row, REWARD_KEYS);
  const single = finite(isArray(given) && given.length === 1 ? given[0] : given);
  if (single !== null) return single;
  if (isObject(given)) return sum(Object.values(given));
  return sum(
    Object.keys(row)
      .filter((key) => /reward/i.test(key) && key !== 'reward_model')
      .map((key) => row[key]),
  );
}

function sum(values: readonly unknown[]): number | null {
  const numbers = values.map(finite).filter((value) => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
}

/** Right answers, [] where the line has none. */
export function goldsOf(row: JsonObject): string[] {
  const nested = isObject(row['reward_model']) ? row['reward_model']['ground_truth'] : undefined;
  return [...new Set(answers(first(row, GOLD_KEYS) ?? nested ?? nestedIn(row, GOLD_KEYS)))];
}

/** Data sets carry what belongs to the question in a field of their own. */
function nestedIn(row: JsonObject, keys: readonly string[]): unknown {
  for (const key of ['extra_info', 'metadata', 'info']) {
    const inner = row[key];
    const found = isObject(inner) ? first(inner, keys) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function answers(value: unknown): string[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (isArray(value)) return value.flatMap(answers);
  if (isObject(value)) return answers(first(value, ['target', 'answer', 'answers', 'ground_truth', 'text', 'value']));
  if (typeof value !== 'string') return [];
  const source = value.trim();
  if (/^[[{]/.test(source)) {
    const json = parsed(source);
    if (json !== undefined) return answers(json);
    // What json.dumps(default=str) makes of a numpy array or a dict: ['Paris' 'Lutetia'], {'target': ['Paris']}.
    const quoted = [...source.replace(/^\{['"]target['"]:/, '').matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)];
    if (quoted.length > 0) return quoted.map((match) => (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'));
  }
  return source === '' ? [] : [source];
}

/** The question in words; null where nothing of it can be found. */
export function questionOf(row: JsonObject): string | null {
  const named = text(first(row, QUESTION_KEYS)) ?? text(nestedIn(row, QUESTION_KEYS));
  if (named !== null && named.trim() !== '') return named.trim();
  const prompt = first(row, PROMPT_KEYS) ?? messagesOf(row);
  if (isMessages(prompt)) {
    const asked = prompt.find((message) => roleOf(message) === 'user');
    return asked ? questionIn(contentOf(asked)) : null;
  }
  return typeof prompt === 'string' ? questionIn(prompt) : null;
}

export function messagesOf(row: JsonObject): unknown {
  return first(row, ['messages', 'conversations', 'conversation', 'trajectory']);
}

/** The line after the last "Question:", else what the last user said in a chat template, else all of it. */
function questionIn(prompt: string): string | null {
  const asked = /^[\s\S]*Question:[ \t]*(\S[^\n]*)/.exec(prompt)?.[1];
  if (asked) return asked.replace(/<\|.*$/, '').trim();
  const turn =
    /^[\s\S]*(?:^|\n)(?:<\|im_start\|>)?user\n([\s\S]*?)(?:<\|im_end\|>)?(?:\n(?:<\|im_start\|>)?assistant\b[\s\S]*)?$/.exec(
      prompt,
    );
  const said = (turn?.[1] ?? prompt).trim();
  return said === '' ? null : said;
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
  const labels = given.map(finite);
  return labels.every((label) => label !== null) ? labels.map((label) => Math.min(1, Math.max(0, label))) : null;
}
