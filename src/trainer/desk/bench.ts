import { MAX_STEPS } from '../../env/episode-limits';
import type { WorldPool } from '../../env/pool';
import { UserError } from '../../lib/assert';
import type { Learner } from '../../rl/learning/learner';
import { Rollout, type RolloutRow } from '../../rl/rollout/rollout';
import { WorldIndex } from '../../rl/rollout/world-index';
import { MAX_SWEEP_REPLICATES, type AskedRow } from '../protocol/protocol';
import { PIN_REPLICATE } from './pins';

/** Far beyond any run; to find the worlds of an update takes time that grows with it. */
const LAST_UPDATE = 1_000_000;

/**
 * What computes for a person beside the training: a batch, worlds and passages of its own. It shares only weights with the
 * training, so it may run while a rollout is held, and a run is the same bit for bit with and without it.
 */
export class Bench {
  readonly pool: WorldPool;
  readonly rollout: Rollout;
  /** That a world may have here. */
  readonly mostPassages: number;

  constructor(readonly learner: Learner) {
    const { gpu, owner, recorder, readback, table, family, positions, config } = learner;
    this.pool = learner.newPool();
    const index = new WorldIndex(gpu.device, owner, this.pool.member(0), 1);
    this.mostPassages = index.stride;
    const batch = MAX_STEPS * MAX_SWEEP_REPLICATES;
    const reviews = config.refiner === 'model';
    this.rollout = new Rollout(recorder, readback, owner, table, family.schema.vocabulary, index, {
      batch,
      positions,
      maxRevisions: reviews ? config.maxRevisions : 1,
      separateRefiner: reviews && config.refinerWeights === 'separate',
      stepReader: learner.newStepReader(owner, batch),
    });
    this.rollout.halfCache = learner.rollout.halfCache;
    this.rollout.atOnce = learner.rollout.atOnce;
  }

  /**
   * The question of a row in the world that it was asked in, and the random counters of its rollout.
   *
   * @throws UserError where the run has no such row
   */
  row({ update, row, pinned }: AskedRow): { row: RolloutRow; update: number; replicate: number } {
    const { learner, pool } = this;
    const { groupSize } = learner.config;
    const asked = update < 1 || update > LAST_UPDATE ? undefined : learner.questions(update - 1, pool)[row];
    if (asked === undefined) throw notOfThisRun();
    return pinned === true
      ? { row: { ...asked, slot: 0, logicalRow: row % groupSize }, update: 0, replicate: PIN_REPLICATE }
      : { row: { ...asked, slot: 0 }, update: update - 1, replicate: 0 };
  }
}

export function notOfThisRun(): UserError {
  return new UserError(
    'This trajectory is not one of this run, so it cannot be regenerated.',
    'Choose one of the newest update in Studio.',
  );
}
