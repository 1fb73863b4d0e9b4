import type { RunConfig } from '../../config/schema';
import type { WorldPool } from '../../env/pool';
import { drawQuestion } from '../../env/questions';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import type { RolloutRow } from '../rollout/rollout';

/** The questions of an update: P of them, each asked G times of one pool member. Moves the pool to that update. */
export function trainingQuestions(
  config: Pick<RunConfig, 'prompts' | 'groupSize' | 'runSeed' | 'minHops' | 'maxHops'>,
  pool: WorldPool,
  update: number,
): RolloutRow[] {
  pool.redraw(update);
  const rows: RolloutRow[] = [];
  for (let p = 0; p < config.prompts; p++) {
    const stream = new PhiloxStream(config.runSeed, PURPOSES.question, p, update);
    const slot = stream.int(pool.size);
    const world = pool.member(slot);
    const chain = drawQuestion(world, stream, config.maxHops, config.minHops);
    for (let g = 0; g < config.groupSize; g++) rows.push({ world, chain, slot, logicalRow: p * config.groupSize + g });
  }
  return rows;
}
