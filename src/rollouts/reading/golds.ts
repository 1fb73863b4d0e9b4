/** Right answers of a line, with all their aliases. */
import { nestedIn } from './fields';
import { first, isArray, isObject, parsed } from '../text/json';
import type { JsonObject } from '../text/json';
import { lastBox } from '../text/boxed';
import { readLiteral } from '../text/literal';

const GOLD_KEYS = [
  ...['golden_answers', 'gold_answers', 'gold_answer', 'gold', 'ground_truth', 'gts', 'gt', 'target', 'answers'],
  ...['answer', 'expected_answer', 'solution', 'reference', 'references', 'correct_answer', 'correct_answers'],
  ...['ground_truths', 'reference_answer', 'reference_answers', 'true_answer', 'target_answer', 'acceptable_answers'],
  ...[
    'expected',
    'expected_output',
    'expected_answers',
    'ground_truth_answer',
    'gt_answer',
    'std_answer',
    'final answer',
  ],
];
const ALIAS_KEYS = ['answer_aliases', 'aliases', 'possible_answers', 'golden_aliases', 'answer_alias', 'alt_answers'];
/** Within an object: the answer, then what else it is called. */
const INNER_KEYS = ['target', 'ground_truth', 'value', 'answer', 'answers', 'text', 'golden_answers'];
/** How ARL and others write several in one text. */
const SPLIT = '<|answer_split|>';
const MOST_DEPTH = 20;

/** [] where the line has none. */
export function goldsOf(row: JsonObject): string[] {
  const given =
    firstGiven(row) ??
    modelOf(row) ??
    nestedIn(row, GOLD_KEYS) ??
    modelOf(row['env_extras']) ??
    labelOf(row) ??
    labelOf(row['metadata']);
  const aliases = first(row, ALIAS_KEYS) ?? nestedIn(row, ALIAS_KEYS);
  return [...new Set([...answers(given, 0), ...answers(aliases, 0)])];
}

/** Of tables, an empty text or list stands for a right answer that a row has not, at least not there. */
function firstGiven(row: JsonObject): unknown {
  const isEmpty = (value: unknown): boolean => value === '' || (isArray(value) && value.length === 0);
  return GOLD_KEYS.map((key) => row[key]).find((value) => value !== undefined && value !== null && !isEmpty(value));
}

/** verl's data: reward_model.ground_truth; SkyRL's: reward_spec.ground_truth. */
function modelOf(row: unknown): unknown {
  if (!isObject(row)) return undefined;
  const given = first(row, ['reward_model', 'reward_spec']);
  const model = typeof given === 'string' ? (parsed(given) ?? wholeLiteral(given)) : given;
  return isObject(model) ? first(model, ['ground_truth']) : undefined;
}

/** slime's, miles' and OpenRLHF's right answer; a number there is a class. */
function labelOf(row: unknown): unknown {
  const label = isObject(row) ? row['label'] : undefined;
  return typeof label === 'number' || typeof label === 'boolean' ? undefined : label;
}

function answers(value: unknown, depth: number): string[] {
  if (depth > MOST_DEPTH) return [];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (isArray(value)) return value.flatMap((one) => answers(one, depth + 1));
  if (isObject(value)) {
    const named = [first(value, INNER_KEYS), first(value, ALIAS_KEYS)];
    return named.flatMap((one) => answers(one, depth + 1));
  }
  if (typeof value !== 'string') return [];
  const source = lastOf(value).trim();
  if (source.includes(SPLIT))
    return source
      .split(SPLIT)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  // What json.dumps(default=str) makes of a numpy array or a dict: ['Paris' 'Lutetia'], {'target': ['Paris']}.
  if (/^(?:[[{(]|array\()/.test(source)) {
    const json = parsed(source) ?? wholeLiteral(source);
    if (typeof json === 'object' && json !== null) return answers(json, depth + 1);
  }
  return source === '' ? [] : [source];
}

/** Of a worked solution its answer: boxed, in a tag, or behind GSM8K's mark. */
function lastOf(solution: string): string {
  if (solution.includes('\\boxed')) return lastBox(solution) ?? solution;
  const end = solution.trimEnd();
  if (end.endsWith('</answer>')) {
    const from = end.lastIndexOf('<answer>');
    if (from >= 0) return end.slice(from + '<answer>'.length, -'</answer>'.length);
  }
  const mark = end.lastIndexOf('\n####');
  return mark < 0 || end.includes('\n', mark + 1) ? solution : end.slice(mark + '\n####'.length);
}

function wholeLiteral(source: string): unknown {
  const literal = readLiteral(source);
  return literal?.whole === true ? literal.value : undefined;
}
