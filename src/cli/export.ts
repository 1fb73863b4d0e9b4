/** npm run export -- FROM --out DIR: a checkpoint as a folder that the transformers library loads. See docs/formats.md. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTokens } from '../config/flags';
import { defaultConfig, isValueOf } from '../config/schema';
import { toFolder } from '../formats/checkpoint-folder';
import { readHeader } from '../formats/checkpoint-header';
import { decodeSafetensors } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import { makeFolder, replaceFile, usable } from './disk';
import { openFamily } from './families';
import { runMain } from './main';
import { readCheckpoint } from './read-checkpoint';
import { RunFolder } from './run-folder';

const HELP = `Usage: npm run export -- FROM --out DIR

  FROM               a run folder, a .safetensors file of weights or of a run, or a zip that the page saved
  --out DIR          where to write model.safetensors, config.json, generation_config.json, tokenizer.json,
                     tokenizer_config.json and, where FROM is a run, training_state.safetensors
  --world FILE.tsv   the triples that FROM was trained on, where it is no run folder and no built-in world
  --help             prints this
`;

await runMain(() => {
  const given = readTokens(process.argv.slice(2), {
    values: ['out', 'world'],
    switches: ['help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) {
    console.log(HELP);
    return Promise.resolve();
  }
  const [from, ...others] = given.positionals;
  const out = given.last('out');
  if (from === undefined || others.length > 0 || out === undefined) {
    throw new UserError('Give one checkpoint to export and where to: npm run export -- FROM --out DIR', 'See --help.');
  }
  const bytes = readCheckpoint(from);
  const { world } = readHeader(decodeSafetensors(bytes, from), from);
  const family = familyOf(world, from, given.last('world'));
  const { vocabulary } = family.schema;
  const files = toFolder(bytes, vocabulary, world, from);
  usable(() => {
    makeFolder(out);
    for (const [name, content] of files) replaceFile(join(out, name), content);
  });
  console.log(`${out}: ${[...files.keys()].join(', ')}`);
  return Promise.resolve();
});

/** The world whose tokens the weights know. @throws UserError where its triples are not at hand */
function familyOf(world: string, from: string, worldFile: string | undefined) {
  if (worldFile !== undefined) return openFamily(defaultConfig, worldFile, world);
  const kept = RunFolder.at(from).file('world');
  if (statSync(from).isDirectory() && existsSync(kept)) return openFamily(defaultConfig, kept, world);
  if (isValueOf('world', world)) return openFamily({ ...defaultConfig, world }, undefined);
  throw new UserError(
    `${from} was trained on the world "${world}", whose triples are not beside it.`,
    'Name their file with --world.',
  );
}
