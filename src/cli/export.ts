/** npm run export -- FROM --out DIR: a checkpoint as a folder that the transformers library loads. See docs/formats.md. */
import { join } from 'node:path';
import { readTokens } from '../config/flags';
import { toFolder } from '../formats/checkpoint-folder';
import { readHeader } from '../formats/checkpoint-header';
import { decodeSafetensors } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import { familyOf } from './files/checkpoint-family';
import { exportParquet } from './files/export-parquet';
import { exportAtif, exportInspect } from './files/export-rollouts';
import { exportReplay } from './files/export-replay';
import { makeFolder, replaceFile, usable } from './files/disk';
import { readTriplesFile } from '../node/families';
import { runMain } from './main';
import { readCheckpoint } from './files/read-checkpoint';
import { exportTarget, TARGET_HELP } from './targets/write-target';

const HELP = `Usage: npm run export -- FROM --out DIR
       npm run export -- FROM --parquet FILE
       npm run export -- FROM --atif FILE.jsonl
       npm run export -- FROM --inspect FILE.eval
       npm run export -- FROM.capsule --replay FILE.capsule
       npm run export -- --target NAME [--world WORLD] [--preset PRESET] [--set KEY=VALUE] [--updates N] --out DIR
                         [CHECKPOINT]

  FROM               a run folder, a .safetensors file of weights or of a run, a zip that the page saved, or a capsule
  --out DIR          where to write model.safetensors, config.json, generation_config.json, tokenizer.json,
                     tokenizer_config.json and, where FROM is a run, training_state.safetensors; npm run experiment --
                     --resume DIR goes on with it
  --parquet FILE     writes trajectories as a Parquet table instead, FROM being a run folder or its trajectories.jsonl.gz
  --atif FILE        writes trajectories in ATIF, an object a line, FROM being a run folder or any file of rollouts
  --inspect FILE     writes them as a log of Inspect (.eval), in which cuts are branches
  --replay FILE      writes a capsule once more without its weights: smaller, and to be played back only
  --world FILE.tsv   the triples that FROM was trained on, where they are not in it and it is no built-in world
  --help             prints this

${TARGET_HELP}`;

await runMain(async () => {
  const args = process.argv.slice(2);
  if (args.some((arg) => /^--target(=|$)/.test(arg))) {
    console.log(await exportTarget(args));
    return;
  }
  const given = readTokens(args, {
    values: ['out', 'world', 'parquet', 'atif', 'inspect', 'replay'],
    switches: ['help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) {
    console.log(HELP);
    return;
  }
  const [from, ...others] = given.positionals;
  const out = given.last('out');
  for (const [flag, write] of [
    ['parquet', exportParquet],
    ['atif', exportAtif],
    ['inspect', exportInspect],
    ['replay', exportReplay],
  ] as const) {
    const to = given.last(flag);
    if (from === undefined || others.length > 0 || to === undefined || out !== undefined) continue;
    for (const line of await write(from, to)) console.error(line);
    console.log(to);
    return;
  }
  if (from === undefined || others.length > 0 || out === undefined) {
    throw new UserError('Give one checkpoint to export and where to: npm run export -- FROM --out DIR', 'See --help.');
  }
  const { bytes, facts: beside } = await readCheckpoint(from);
  const { world } = readHeader(decodeSafetensors(bytes, from), from);
  const worldFile = given.last('world');
  const facts = worldFile === undefined ? beside : readTriplesFile(worldFile);
  const { vocabulary } = familyOf(world, facts, from).schema;
  // A run cannot go on without its facts.
  const files = toFolder(bytes, vocabulary, world, from, facts);
  usable(() => {
    makeFolder(out);
    for (const [name, content] of files) replaceFile(join(out, name), content);
  });
  console.log(`${out}: ${[...files.keys()].join(', ')}`);
});
