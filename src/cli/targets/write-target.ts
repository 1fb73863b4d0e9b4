/** npm run export -- --target NAME ..: a run of ours as a folder that starts the same on a trainer of language models. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseFlags, readCount, readTokens } from '../../config/flags';
import { MODEL_SIZES } from '../../config/schema';
import { episodeLimits } from '../../env/episode-limits';
import { WorldPool } from '../../env/pool';
import type { World } from '../../env/world';
import { STATE_FILE, toFolder } from '../../formats/checkpoint-folder';
import { readHeader } from '../../formats/checkpoint-header';
import { decodeSafetensors } from '../../formats/safetensors';
import { UserError } from '../../lib/assert';
import { openFamily } from '../../node/families';
import { makeFolder, onDisk, replaceFile, usable } from '../files/disk';
import { readCheckpoint } from '../files/read-checkpoint';
import { presetsFor, recipeLacks, recipeRefusal, recipeSections } from './recipe-config';
import { TARGET_NAMES, targetOf } from './registry';
import { splitQuestions } from './split-questions';
import type { Target, TargetContext } from './target';
import { targetReadme } from './target-readme';
import { corpusRows, questionRow, supportOf, type Notation } from './world-data';

/** Of config.json. */
const FORMAT = 'search-r2-recipe/1';
const RECIPE = 'recipes/search_r2';
/** What is installed, and what its documents point to; its tests stay here. */
const RECIPE_PARTS = 'pyproject.toml README.md TRL.md VERL.md COST.md launch pictures proofs src'.split(' ');
const CONFIG_FLAGS = ['preset', 'world', 'columns', 'part', 'seed', 'set', 'updates'] as const;
const QUESTIONS = 2000;
const MAX_QUESTIONS = 1_000_000;

/** Part of what `npm run export -- --help` prints. */
export const TARGET_HELP = `A run as a folder for a trainer of language models: questions to train on and held out, corpus, reward labels, settings, the
recipe (recipes/search_r2) and a README with the command that starts it.

  npm run export -- --target NAME --out DIR [flags] [CHECKPOINT]

  CHECKPOINT         weights of that world as the model (a run folder, .safetensors, a zip, a capsule); the notation is then
                     its own words. Without one the questions are English, for a model of yours
  --target NAME      ${TARGET_NAMES.join(' or ')}
  --out DIR          a new or an empty folder
  --preset NAME      this and the next six as npm run experiment has them
  --world NAME       or FILE.tsv
  --columns S,R,O    of FILE.tsv
  --part N           of FILE.tsv
  --seed N           all three seeds
  --set KEY=VALUE    one setting; may repeat
  --updates K        updates to train
  --questions N      questions to train on, at most (${QUESTIONS}); evalQuestions more are held out
`;

/** @param args everything behind `npm run export --` @returns what to print */
export async function exportTarget(args: readonly string[]): Promise<string> {
  const given = readTokens(args, {
    values: [...CONFIG_FLAGS, 'target', 'out', 'questions'],
    switches: ['help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) return TARGET_HELP;
  const target = targetOf(given.last('target') ?? '');
  const [from, ...others] = given.positionals;
  const out = given.last('out');
  if (out === undefined || others.length > 0) {
    throw new UserError('Give where to write to, and one checkpoint at most: --out DIR', 'See --help.');
  }
  const flags = parseFlags(CONFIG_FLAGS.flatMap((flag) => given.all(flag).flatMap((value) => [`--${flag}`, value])));
  const { config, worldFile, updates } = flags;
  const questions = given.last('questions');
  const count = questions === undefined ? QUESTIONS : readCount('questions', questions, 1, MAX_QUESTIONS, QUESTIONS);
  requireCounterpart(target, config.preset, recipeRefusal(config) ?? target.refuses(config));
  const family = openFamily(config, worldFile);
  const model = from === undefined ? null : await modelFiles(from, family);
  const notation: Notation = model === null ? 'text' : 'words';
  const { poolSize, worldSeed, noise, redrawEvery } = config;
  const world = new WorldPool(family, { poolSize, worldSeed, noise, redrawEvery, levels: config }).member(0);
  const split = splitQuestions(world, config, { train: count, heldOut: config.evalQuestions });
  const context: TargetContext = {
    ...{ config: model === null ? config : { ...config, size: model.size }, notation, updates },
    positions: episodeLimits(config.maxHops).positions,
    questions: split.train.length,
  };
  const lacks = [...recipeLacks(context), ...target.lacks(context)];
  const contents = new Map<string, string | Uint8Array>([
    ['config.json', json({ format: FORMAT, ...configOf(target, given.last('target') ?? '', context, world), lacks })],
    ['corpus.jsonl', lines(corpusRows(world, notation))],
    ['train.jsonl', lines(rowsOf(world, split.train, notation, 'train'))],
    ['held-out.jsonl', lines(rowsOf(world, split.heldOut, notation, 'held-out'))],
    ...target.files(context),
    ['README.md', targetReadme(target, context, { world, heldOut: split.heldOut.length, lacks })],
  ]);
  usable(() => {
    if (existsSync(out) && readdirSync(out).length > 0) {
      throw new UserError(`${out} is not empty.`, 'Name a new folder: --out DIR');
    }
    for (const folder of [out, ...(model === null ? [] : [join(out, 'model')])]) makeFolder(folder);
    for (const [name, content] of contents) replaceFile(join(out, name), content);
    for (const [name, content] of model?.files ?? []) replaceFile(join(out, 'model', name), content);
    const clean = (path: string) => !/__pycache__|\.egg-info/.test(path);
    onDisk(join(out, 'recipe'), 'write', () => {
      for (const part of RECIPE_PARTS) {
        cpSync(join(RECIPE, part), join(out, 'recipe', part), { recursive: true, filter: clean });
      }
    });
  });
  const told = lacks.map(({ setting, value, instead }) => `  ${setting}=${value}: ${instead}`);
  return [
    `${out}: ${split.train.length} questions to train on, ${split.heldOut.length} held out, ${world.passages.length} passages`,
    `${target.title} has not, or has otherwise:`,
    ...told,
    `Start it: see ${join(out, 'README.md')}`,
  ].join('\n');
}

function requireCounterpart(target: Target, preset: string, refusal: { rule: string; hint: string } | null): void {
  if (refusal === null) return;
  const able = presetsFor((config) => target.refuses(config)).join(', ');
  throw new UserError(
    `Preset ${preset}, as it is set, has no counterpart in ${target.title}: ${refusal.rule}.`,
    `${refusal.hint} Presets with one: ${able}.`,
  );
}

/** The checkpoint as a folder of the transformers library. @throws UserError where it is of another world */
async function modelFiles(from: string, family: ReturnType<typeof openFamily>) {
  const { bytes } = await readCheckpoint(from);
  const header = readHeader(decodeSafetensors(bytes, from), from);
  if (header.world !== family.schema.id) {
    throw new UserError(
      `${from} is of the world "${header.world}", not of "${family.schema.id}".`,
      `Name its world: --world ${header.world}`,
    );
  }
  const all = toFolder(bytes, family.schema.vocabulary, header.world, from);
  // A trainer begins with moments of its own.
  const files = new Map([...all].filter(([name]) => name !== STATE_FILE));
  return { files, size: header.kind === 'base' ? header.size : header.config.size };
}

function configOf(target: Target, name: string, context: TargetContext, world: World) {
  const { config, notation } = context;
  return {
    target: name,
    pins: target.pins,
    preset: config.preset,
    world: world.schema.id,
    world_seed: world.seed,
    notation,
    seed: config.runSeed,
    ...(notation === 'words' ? { model: 'model', shape: MODEL_SIZES[config.size] } : { model: null }),
    ...recipeSections(context),
    trainer: target.trainer(context),
  };
}

function rowsOf(world: World, chains: Parameters<typeof questionRow>[1][], notation: Notation, part: string) {
  const support = supportOf(world);
  return chains.map((chain, i) => questionRow(world, chain, { id: `${part}-${i}`, notation, support }));
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
