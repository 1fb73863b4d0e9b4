/** npm run export -- FROM --out DIR: a checkpoint as a folder that the transformers library loads. See docs/formats.md. */
import { existsSync, readFileSync, statSync } from 'node:fs';
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
  const triples = triplesOf(world, from, given.last('world'));
  const family = openFamily(isValueOf('world', world) ? { ...defaultConfig, world } : defaultConfig, triples, world);
  const { vocabulary } = family.schema;
  const files = toFolder(bytes, vocabulary, world, from);
  usable(() => {
    makeFolder(out);
    for (const [name, content] of files) replaceFile(join(out, name), content);
    // A run cannot go on without its facts.
    if (triples !== undefined) replaceFile(RunFolder.at(out).file('world'), readFileSync(triples));
  });
  console.log(`${out}: ${[...files.keys()].join(', ')}`);
  return Promise.resolve();
});

/** The file of triples that a world was made from; undefined for a built-in world. @throws UserError where it is not at hand */
function triplesOf(world: string, from: string, given: string | undefined): string | undefined {
  if (given !== undefined) return given;
  const kept = RunFolder.at(from).file('world');
  if (statSync(from).isDirectory() && existsSync(kept)) return kept;
  if (isValueOf('world', world)) return undefined;
  throw new UserError(
    `${from} was trained on the world "${world}", whose triples are not beside it.`,
    'Name their file with --world.',
  );
}
