import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { meant } from './meant.mjs';
import { OTHERS } from './others.mjs';
import { pathProblem } from './path-rule.mjs';

/** What npm does by itself, as far as a reader of this project needs it. */
const NPM = ['ci', 'install', 'audit', 'view'];
/** Scripts that need no `run`. */
const SHORT = ['test', 'start'];

/** A word in capitals, with or without an ending, stands for what a person puts there. */
const isPlaceholder = (value) => /^([A-Z][A-Z0-9-]*(\.[a-z]+)*(\.\.\.)?|key=value|KEY=VALUE)$/.test(value);

/** `--flag value` and `--flag=value`; what belongs to no flag is left out. */
function flagsOf(words) {
  return words.flatMap((word, i) => {
    if (!/^--[a-z]/i.test(word)) return [];
    const [name, ...value] = word.slice(2).split('=');
    return [{ name, value: value.length > 0 ? value.join('=') : (words[i + 1] ?? '') }];
  });
}

/** What is wrong with `key=value` of a setting. */
export function settingProblem(text, program) {
  const [key, ...rest] = text.split('=');
  const value = rest.join('=');
  if (!program.isSetting(key)) return `there is no setting ${key}${meant(key, program.settings)}`;
  return isPlaceholder(value) ? undefined : program.settingProblem(key, value);
}

function valueProblem({ name, value }, program) {
  if (value === '' || isPlaceholder(value)) return undefined;
  if (name === 'set') return settingProblem(value, program);
  if (name === 'preset' && !program.presets.includes(value))
    return `there is no preset ${value}${meant(value, program.presets)}`;
  // Anything else is a file of facts.
  if (name === 'world' && !/[/.]/.test(value)) return program.settingProblem('world', value);
  return undefined;
}

/**
 * What is wrong with the flags among words.
 *
 * @param {string[]} words
 * @param {import('./program.mjs').Program} program
 * @param {string} [script] whose flags they are; without it those of any command, or of another program that our code starts
 * @returns {string[]}
 */
export function flagProblems(words, program, script) {
  const known = new Set(
    script === undefined
      ? Array.from(program.flags.values()).flatMap((flags) => [...flags])
      : program.flags.get(script),
  );
  const whose = script === undefined ? 'no command' : `npm ${SHORT.includes(script) ? '' : 'run '}${script}`;
  return flagsOf(words).flatMap((flag) => {
    if (known.has(flag.name)) return valueProblem(flag, program) ?? [];
    const written = `--${flag.name}`;
    if (script === undefined && (program.words.has(written) || OTHERS.has(written))) return [];
    const verb = script === undefined ? 'has' : 'has no';
    return [`${whose} ${verb} ${written}${meant(flag.name, known)}`];
  });
}

function npmProblems([verb = '', ...rest], program) {
  if (verb !== 'run' && NPM.includes(verb)) return [];
  // `npm run` alone speaks of all of them.
  if (verb === 'run' && rest.length === 0) return [];
  const at = verb === 'run' ? rest.findIndex((word) => !word.startsWith('-')) : -1;
  const name = verb === 'run' ? (rest[at] ?? '') : verb;
  if (verb !== 'run' && !SHORT.includes(verb))
    return [`npm has no command ${verb}${program.scripts.has(verb) ? `: npm run ${verb}` : ''}`];
  if (!isPlaceholder(name) && !program.scripts.has(name))
    return [`package.json has no script ${name}${meant(name, program.scripts)}`];
  const after = rest.slice(at + 1);
  const dashes = after.indexOf('--');
  const kept = dashes < 0 ? after : after.slice(0, dashes);
  if (kept.some((word) => word.startsWith('-')))
    return [`npm keeps flags to itself that do not stand behind a lone --: ${kept.join(' ')}`];
  return dashes < 0 ? [] : flagProblems(after.slice(dashes + 1), program, name);
}

function nodeProblems([script = '', name = '', ...rest], program) {
  if (script !== 'scripts/cli.mjs' || isPlaceholder(name)) return [];
  if (!program.tree.files.includes(`src/cli/${name}.ts`)) return [`scripts/cli.mjs has no command ${name}`];
  return program.flags.has(name) ? flagProblems(rest, program, name) : [];
}

function npxProblems([tool = '']) {
  return existsSync(join(ROOT, 'node_modules/.bin', tool)) ? [] : [`no package of this project has a command ${tool}`];
}

/** Environment variables that nothing reads. */
export function variableProblems(variables, { words }) {
  return variables.filter((name) => !words.has(name)).map((name) => `nothing reads ${name}${meant(name, words)}`);
}

/** Whether words in a sentence are a command of ours. */
export function isCommand([first = '', ...rest], { tree }) {
  return (
    rest.length > 0 && (['npm', 'npx', 'node'].includes(first) || (first.includes('/') && tree.files.includes(first)))
  );
}

/**
 * What is wrong with a command: the paths in it, and whatever else can be known of npm, npx and node.
 *
 * @param {string[]} words
 * @param {string} from the document
 * @param {import('./program.mjs').Program} program
 * @returns {string[]}
 */
export function commandProblems([first, ...rest], from, program) {
  if (first === undefined) return [];
  const rules = { npm: npmProblems, node: nodeProblems, npx: npxProblems };
  const paths = [first, ...rest].filter((word) => word.includes('/'));
  return [
    ...paths.flatMap((word) => pathProblem(word, from, program.tree) ?? []),
    ...(rules[first]?.(rest, program) ?? []),
  ];
}
