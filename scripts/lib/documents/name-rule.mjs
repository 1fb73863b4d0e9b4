import { flagProblems, settingProblem } from './command-rule.mjs';
import { meant } from './meant.mjs';
import { OTHERS } from './others.mjs';

const NAME = /^\w+$/;
const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
/** A number, or a word in capitals, which stands for what a person puts there. */
const NO_NAME = /^(\d+|[A-Z][A-Z0-9]*)$/;
/** Names in camelCase within a formula. */
const WITHIN = /(?<![\w-])[a-z]+\d*[A-Z]\w*/g;

function strangers(names, { words }) {
  return names
    .filter((name) => !NO_NAME.test(name) && !words.has(name) && !OTHERS.has(name))
    .map((name) => `there is no ${name} in the program${meant(name, words)}`);
}

/** `key=value`, `key value` and `key: value` of a setting; undefined where the text is none of these. */
function pairProblems(text, program) {
  const [, key, mark, value] = /^([a-z]\w*)(=|: ?| )([\w.+-]+)$/i.exec(text) ?? [];
  if (key === undefined) return undefined;
  if (program.isSetting(key)) return [settingProblem(`${key}=${value}`, program) ?? []].flat();
  return mark === '=' ? strangers([key], program) : undefined;
}

/**
 * What is wrong with the names in a code span that is no command: flags, pairs of a setting and its value, the settings of a
 * link, calls, names with dots between, formulas.
 *
 * @param {string} text
 * @param {import('./program.mjs').Program} program
 * @returns {string[]}
 */
export function nameProblems(text, program) {
  if (text.startsWith('--')) return flagProblems(text.split(/\s+/), program);
  if (text.startsWith('#v')) {
    const pairs = text.split('&').slice(1);
    return pairs.flatMap((pair) => pairProblems(pair, program) ?? []);
  }
  const pair = pairProblems(text, program);
  if (pair !== undefined) return pair;
  if (KEBAB.test(text)) return strangers([text], program);
  const parts = text.replace(/\(.*\)$/, '').split('.');
  if (parts.every((part) => NAME.test(part))) return strangers(parts, program);
  if (/^\S*[/.]\S*$/.test(text)) return [];
  return strangers(
    Array.from(text.matchAll(WITHIN), ([name]) => name),
    program,
  );
}

/** "`groupSize` (8)": a number in brackets behind a setting is its default. */
export function defaultProblem({ name, value }, { defaults }) {
  const known = defaults.get(name);
  return known === undefined || known === Number(value) ? undefined : `the default of ${name} is ${known}`;
}
