/** The end of a run: summary.json and the table on screen. */
import { version } from '../../../package.json';
import { defaultConfig, SETTING_KEYS, type RunConfig } from '../../config/schema';
import { fnv1a64Hex } from '../../lib/hash';
import type { Learner } from '../../rl/learning/learner';
import { SUMMARY_FORMAT, type RunFolder } from '../files/run-folder';

/** @param base where the base policy came from */
export async function writeSummary(learner: Learner, folder: RunFolder, base: string): Promise<void> {
  const evaluations = folder.readLines('evaluations');
  const held = learner.pool.heldOut(0);
  const params = await learner.parameters();
  const summary = {
    format: SUMMARY_FORMAT,
    program: version,
    config: learner.config,
    differences: differences(learner.config),
    world: { id: learner.family.schema.id, ceilings: held.ceilings },
    adapter: learner.gpu.adapter,
    base,
    parameters: learner.table.count,
    updates: learner.updates,
    before: evaluations[0] ?? null,
    after: evaluations.at(-1) ?? null,
    weightsHash: fnv1a64Hex(new Uint8Array(params.buffer)),
  };
  folder.writeSummary(summary);
  printSummary(summary.before, summary.after, held.ceilings);
}

/** What was changed against the defaults. */
function differences(config: RunConfig): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_KEYS.filter((key) => config[key] !== defaultConfig[key]).map((key) => [key, config[key]]),
  );
}

function printSummary(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  ceilings: { perfectReaderEm: number; supportingShare: number },
): void {
  const rows = [
    'emSampled',
    'emGreedy',
    'emSampledRefined',
    'emGreedyRefined',
    'densitySampled',
    'coverageSampled',
    'searchesHop3Sampled',
    'emTrain',
    'emClosedBook',
    'emRealGreedy',
    'emRealSampled',
    'emRealClosedBook',
  ];
  console.log(`${'metric'.padEnd(22)}${'before'.padStart(9)}${'after'.padStart(9)}`);
  for (const key of rows) {
    const [was, is] = [before?.[key], after?.[key]];
    if (typeof was === 'number' && typeof is === 'number') {
      console.log(`${key.padEnd(22)}${three(was).padStart(9)}${three(is).padStart(9)}`);
    }
  }
  console.log(
    `base at its best: EM ${three(before?.['baseBestEm'])} at temperature ${three(before?.['baseBestTemperature'])}`,
  );
  console.log(
    `ceilings: EM of a perfect reader ${three(ceilings.perfectReaderEm)}, share of supporting passages ${three(ceilings.supportingShare)}`,
  );
}

export function three(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(3) : '-';
}
