import type { RunConfig } from '../../config/schema';
import type { WorldDescription } from '../../trainer/protocol/protocol';
import type { StoredBatch } from '../../recordings/stored-batch';

/** A kept trajectory of this run or of another, with what it takes to show it. */
export interface OtherTrajectory {
  /** Title of its run, null where it is of the run on screen. */
  run: string | null;
  config: RunConfig;
  world: WorldDescription;
  stored: StoredBatch;
  /** In the batch's arrays. */
  place: number;
}
