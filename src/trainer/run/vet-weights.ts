import { runTables } from '../../rl/learning/run-table';
import { decodeBase, decodeRun } from '../state/checkpoint';
import { openFamily } from '../state/open-family';
import type { Command } from '../protocol/protocol';

/**
 * Whether a run of this configuration can begin from these weights, found out beside the run that is there. Needs no GPU.
 *
 * @throws UserError where it cannot
 */
export async function vetWeights(
  { config, initial, triples }: Extract<Command, { type: 'vet' }>,
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>,
): Promise<void> {
  if (!('bytes' in initial)) return;
  const family = await openFamily(config.world, triples ?? null, fetchBytes);
  const model = { family, ...runTables(config, family.schema.vocabulary.size) };
  const decode = initial.kind === 'checkpoint' ? decodeRun : decodeBase;
  decode(model, new Uint8Array(initial.bytes), initial.name);
}
