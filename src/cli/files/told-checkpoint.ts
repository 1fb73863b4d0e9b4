/** Checkpoints for `npm run read`: whether a run would begin from them. */
import { defaultConfig, isValueOf } from '../../config/schema';
import { worldFamilyFromTriples } from '../../env/triples';
import { readHeader } from '../../formats/checkpoint-header';
import { decodeSafetensors, type TensorFile } from '../../formats/safetensors';
import { UserError } from '../../lib/assert';
import { builtInFamily } from '../../node/families';
import { runTable, runTables } from '../../rl/learning/run-table';
import { decodeBase, decodeRun } from '../../trainer/state/checkpoint';
import { readCheckpoint } from './read-checkpoint';
import type { Told } from './told';

export interface ToldCheckpoint {
  file: string;
  opens: boolean;
  /** What it is, or why it does not open. */
  reason: string;
}

export async function tellCheckpoint(path: string): Promise<Told> {
  try {
    const reason = await open(path);
    const document: ToldCheckpoint = { file: path, opens: true, reason };
    return { opens: true, documents: [document], lines: [`${path}: opens, ${reason}`], refusals: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const document: ToldCheckpoint = { file: path, opens: false, reason: error.message };
    const hint = error.hint === undefined ? [] : [`  ${error.hint}`];
    return {
      opens: false,
      documents: [document],
      lines: [`${path}: does not open`, ...hint],
      refusals: [`${path}: ${error.message}`],
    };
  }
}

/** @returns what a run would begin from */
async function open(path: string): Promise<string> {
  const { bytes, facts } = await readCheckpoint(path);
  const file = decodeSafetensors(bytes, path);
  const header = readHeader(file, path);
  const { world, kind } = header;
  const size = kind === 'base' ? header.size : header.config.size;
  if (facts === null && !isValueOf('world', world)) {
    throw new UserError(`${path} was trained on the world "${world}", whose facts are not beside it.`);
  }
  const family =
    facts === null
      ? builtInFamily({ ...defaultConfig, ...(isValueOf('world', world) ? { world } : {}) })
      : worldFamilyFromTriples(facts, world);
  const vocab = family.schema.vocabulary.size;
  if (header.kind === 'base') decodeBase({ family, table: runTable(size, vocab) }, bytes, path);
  else decodeRun({ family, ...runTables(header.config, vocab) }, bytes, path);
  return kind === 'base'
    ? `weights of size ${size} for the world "${world}"${widenedFrom(file)}`
    : `a run of size ${size} on the world "${world}", update ${header.update}`;
}

function widenedFrom({ metadata }: TensorFile): string {
  const { widened } = metadata;
  return widened === undefined ? '' : `, widened to float32 from ${widened === 'F16' ? 'float16' : 'bfloat16'}`;
}
