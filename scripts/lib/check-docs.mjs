import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandProblems, isCommand, variableProblems } from './documents/command-rule.mjs';
import { METRICS, metricProblems } from './documents/metric-rule.mjs';
import { defaultProblem, nameProblems } from './documents/name-rule.mjs';
import { OTHERS } from './documents/others.mjs';
import { linkProblem, pathProblem } from './documents/path-rule.mjs';
import { readProgram } from './documents/program.mjs';
import { readDocument } from './documents/read-document.mjs';
import { readShell } from './documents/shell.mjs';
import { ROOT } from './paths.mjs';

/** History tells of what was there then: only its links must lead somewhere. */
const HISTORY = /^CHANGELOG\.md$|^docs\/adr\/\d/;

function shellProblems(text, line, path, program) {
  return readShell(text, line).flatMap(({ line: at, variables, words }) => {
    const problems = [...variableProblems(variables, program), ...commandProblems(words, path, program)];
    return problems.map((problem) => ({ line: at, problem }));
  });
}

function spanProblems({ text, line }, path, program) {
  const [command] = readShell(text);
  if (command !== undefined && (command.variables.length > 0 || isCommand(command.words, program)))
    return shellProblems(text, line, path, program);
  const wrongPath = pathProblem(text, path, program.tree);
  const problems = wrongPath === undefined ? nameProblems(text, program) : [wrongPath];
  return problems.map((problem) => ({ line, problem }));
}

/** Commands of a block; in a console's they are what follows a `$`, and the rest is what it printed. */
function shellOf({ language, text }) {
  if (['sh', 'bash', 'shell'].includes(language)) return text;
  return language === 'console' ? text.replaceAll(/^(?!\$ ).*$/gm, '').replaceAll(/^\$ /gm, '') : undefined;
}

/** Paths in trees and pictures made of text; the rest of them is anyone's. */
function pictureProblems({ text, line }, path, program) {
  return text.split('\n').flatMap((one, i) => {
    const words = one.match(/[\w.*<>{},-]+(?:\/[\w.*<>{},-]*)+/g) ?? [];
    const ours = words.filter((word) => program.tree.folders.includes(word.split('/')[0]));
    return ours
      .flatMap((word) => pathProblem(word, path, program.tree) ?? [])
      .map((problem) => ({ line: line + i, problem }));
  });
}

/**
 * What a document names that is not there.
 *
 * @param {import('./documents/read-document.mjs').Document} document
 * @param {import('./documents/read-document.mjs').Document[]} documents those that it may link to
 * @param {import('./documents/program.mjs').Program} program
 * @returns {{line: number, problem: string}[]} in the order of lines
 */
function documentProblems(document, documents, program) {
  const { path, spans, fences, links, numbers } = document;
  const each = (list, problemOf) =>
    list.map((one) => ({ line: one.line, problem: problemOf(one) })).filter(({ problem }) => problem !== undefined);
  const problems = each(links, ({ url }) => linkProblem(url, document, { tree: program.tree, documents }));
  if (!HISTORY.test(path)) {
    problems.push(...each(numbers, (number) => defaultProblem(number, program)));
    problems.push(...spans.flatMap((span) => spanProblems(span, path, program)));
    for (const fence of fences) {
      const shell = shellOf(fence);
      if (shell === undefined) problems.push(...pictureProblems(fence, path, program));
      else problems.push(...shellProblems(shell, fence.line, path, program));
    }
  }
  if (path === METRICS) problems.push(...metricProblems(document, program));
  return problems.toSorted((a, b) => a.line - b.line);
}

/** Settings and presets that no document names, and names of other programs that none needs any more. */
function unnamed(documents, { settings, presets }) {
  const code = documents
    .filter(({ path }) => !HISTORY.test(path))
    .flatMap(({ spans, fences }) => [...spans, ...fences]);
  const words = new Set(code.flatMap(({ text }) => text.match(/[\w-]+/g) ?? []));
  const without = (names) => names.filter((name) => !words.has(name));
  return [
    ...without(settings).map((key) => `no document names the setting ${key}`),
    ...without(presets).map((id) => `no document names the preset ${id}`),
    ...without([...OTHERS.keys()]).map(
      (name) => `no document names ${name} of another program: take it out of others.mjs`,
    ),
  ];
}

/** @returns {import('./documents/read-document.mjs').Document[]} those in src left out: they describe data from elsewhere */
export function readDocuments({ tree }) {
  return tree.files
    .filter((path) => path.endsWith('.md') && !path.startsWith('src/'))
    .map((path) => readDocument(path, readFileSync(join(ROOT, path), 'utf8')));
}

/**
 * Whether every path, link, command, flag, setting, preset, metric and other name in the documents exists.
 *
 * @param {import('./documents/read-document.mjs').Document[]} documents
 * @param {import('./documents/program.mjs').Program} program
 * @returns {{fine: boolean, note: string, output: string}} output: a line for each that does not, with its place
 */
export function judge(documents, program) {
  const problems = documents.flatMap((document) =>
    documentProblems(document, documents, program).map(({ line, problem }) => `${document.path}:${line}: ${problem}`),
  );
  problems.push(...unnamed(documents, program));
  return { fine: problems.length === 0, note: `${documents.length} documents`, output: problems.join('\n') };
}

export async function checkDocuments() {
  const program = await readProgram();
  return judge(readDocuments(program), program);
}
