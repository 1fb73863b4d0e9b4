import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleApart, processFolder } from '../bundle.mjs';
import { ROOT } from '../paths.mjs';
import { runCaptured } from '../process.mjs';
import { readTree } from './file-tree.mjs';

const CACHE = join(ROOT, 'node_modules/.cache/cutpoint-documents');
const EMPTY_RUN = join(ROOT, 'scripts/lib/documents/empty-run.mjs');
/** A script that answers --help, or any other flag that it does not know, with its own. */
const HELPS = /--help|\bHELP\b|\.help\b/;
const CLI = /scripts\/cli\.mjs (\S+)/;

/**
 * What documents can name, taken from the program itself.
 *
 * @typedef {object} Program
 * @property {ReturnType<typeof readTree>} tree
 * @property {Set<string>} scripts names for `npm run`
 * @property {Map<string, Set<string>>} flags by npm script, as its --help lists them
 * @property {(key: string) => boolean} isSetting
 * @property {(key: string, value: string) => string | undefined} settingProblem what is wrong with a value
 * @property {string[]} settings
 * @property {Map<string, number | string>} defaults
 * @property {string[]} presets
 * @property {Map<string, Set<string>>} metrics keys by the file of a run folder that holds them
 * @property {Set<string>} words every name in the source, with its flags (`--quick`)
 */

async function node(...args) {
  const { code, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: ROOT });
  return { code, output: `${stdout}${stderr}` };
}

/** A flag begins a line of a command's help, or stands in brackets in its usage. */
const flagsIn = (help) =>
  new Set(Array.from(help.matchAll(/(?:^ {2,4}|\[(?:-- )?)--([a-z][a-z-]*)/gm), ([, flag]) => flag));

/** What the command of an npm script says of itself; nothing for one that has no flags of its own. */
async function helpOf(command, bundles) {
  const name = CLI.exec(command)?.[1];
  const script = /^node (scripts\/\S+\.mjs)$/.exec(command)?.[1];
  // A script that does not know the word would do its work instead.
  if (name === undefined && (script === undefined || !HELPS.test(readFileSync(join(ROOT, script), 'utf8')))) return '';
  const { code, output } = await node(name === undefined ? join(ROOT, script) : join(bundles, `${name}.mjs`), '--help');
  // 2: it takes no such flag, and says what it takes.
  if (code !== 0 && code !== 2) throw new Error(`${command} --help failed:\n${output}`);
  return output;
}

/** Keys of a run folder's files: of every line, and of the meters, which lie in an object of their own. */
async function metricsOf(experiment) {
  const folder = mkdtempSync(join(tmpdir(), 'cutpoint-empty-'));
  try {
    const { code, output } = await node(EMPTY_RUN, experiment, join(folder, 'run'));
    if (code !== 0) throw new Error(`The empty run failed, so no metric can be compared:\n${output}`);
    const files = readdirSync(join(folder, 'run')).filter((name) => /\.jsonl?$/.test(name));
    return new Map(files.map((name) => [name, keysOf(readFileSync(join(folder, 'run', name), 'utf8'), name)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keysOf(text, name) {
  const lines = name.endsWith('.jsonl') ? text.trim().split('\n') : [text];
  return new Set(
    lines.flatMap((line) => {
      const { meters = {}, ...rest } = JSON.parse(line);
      return [...Object.keys(rest), ...Object.keys(meters)];
    }),
  );
}

const CODE = /\.(tsx?|[mc]?js|wgsl|css|py|sh|sbatch|txt|html|ya?ml)$|^(package|tsconfig|knip)\.json$/;
/** A comment names what was there once, too. */
const COMMENT = /(?<=^|\s)(?:\/\/.*$|\/\*[^]*?\*\/)/gm;
const WORD = /--[a-z][\w-]*|[a-z0-9]+(?:-[a-z0-9]+)+|[A-Za-z_]\w*/g;

/** Tests are left out: what they plant is wrong by intention. */
function wordsOf({ files }) {
  const words = new Set();
  for (const file of files.filter((one) => CODE.test(one) && !/\.test\.\w+$/.test(one))) {
    const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(COMMENT, '');
    for (const [word] of text.matchAll(WORD)) words.add(word);
    for (const part of file.split(/[/.]/)) words.add(part);
  }
  return words;
}

/** @returns {Promise<Program>} */
export async function readProgram() {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const bundles = processFolder(CACHE);
  const commands = Object.values(scripts).flatMap((script) => CLI.exec(script)?.[1] ?? []);
  const entries = [...commands.map((name) => `src/cli/${name}.ts`), 'src/config/validate.ts', 'src/config/schema.ts'];
  await bundleApart(
    entries.map((entry) => join(ROOT, entry)),
    bundles,
  );
  const load = (name) => import(pathToFileURL(join(bundles, `${name}.mjs`)).href);
  const tree = readTree(ROOT);
  const [metrics, helps, { defaultConfig, isSettingKey, presets, SETTING_KEYS }, { checkSetting }] = await Promise.all([
    metricsOf(join(bundles, 'experiment.mjs')),
    Promise.all(Object.entries(scripts).map(async ([name, command]) => [name, await helpOf(command, bundles)])),
    load('schema'),
    load('validate'),
  ]);
  return {
    tree,
    scripts: new Set(Object.keys(scripts)),
    flags: new Map(helps.map(([name, help]) => [name, flagsIn(help)])),
    isSetting: isSettingKey,
    settingProblem: (key, value) => checkSetting(key, value).problem?.message,
    settings: SETTING_KEYS,
    defaults: new Map(Object.entries(defaultConfig)),
    presets: Object.keys(presets),
    metrics,
    words: new Set([...wordsOf(tree), ...[...metrics.values()].flatMap((keys) => [...keys])]),
  };
}
