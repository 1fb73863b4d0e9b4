import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../env/episode-limits';
import type { WorldPool } from '../env/pool';
import { questionTokens } from '../env/questions';
import { UserError } from '../lib/assert';
import { PURPOSES } from '../lib/philox';
import type { Learner } from '../rl/learner';
import { Rollout, RolloutAborted, type RolloutRow, type ShouldStop } from '../rl/rollout';
import { everyCut, sweepCuts, type Drafts } from '../rl/sweep';
import { WorldIndex } from '../rl/world-index';
import type { Errand } from './errands';
import { MAX_SWEEP_REPLICATES, type Command, type DraftRow } from './protocol';
import type { RunEvents } from './run-events';
import { protocolSide } from './trajectory-batch';

type LabCommand = Extract<Command, { type: 'sweep' | 'cut' }>;

/** What regenerates beside the training: batch, worlds and passages of its own. */
interface Bench {
  learner: Learner;
  rollout: Rollout;
  pool: WorldPool;
}

/**
 * Cuts that a person asks for, with the weights after the last whole update. It shares only those weights with the training,
 * so it may run while a rollout is held, and a run is the same bit for bit with and without it.
 */
export class CutLab {
  private bench: Bench | null = null;

  constructor(private readonly events: RunEvents) {}

  errand(command: LabCommand, stop: ShouldStop): Errand {
    return { whileHeld: true, perform: (learner) => this.perform(learner, command, stop) };
  }

  private async perform(learner: Learner, command: LabCommand, stop: ShouldStop): Promise<void> {
    try {
      if (command.type === 'sweep') await this.sweep(learner, command, stop);
      else await this.cut(learner, command, stop);
    } catch (error) {
      const aborted = error instanceof RolloutAborted;
      const reason = aborted ? new UserError('The run was reset before this cut was regenerated.') : error;
      this.events.refused(command.id, reason);
      if (!aborted && !(error instanceof UserError)) throw error;
    }
  }

  private async sweep(
    learner: Learner,
    { id, draft, firstReplicate, replicates }: Extract<LabCommand, { type: 'sweep' }>,
    stop: ShouldStop,
  ): Promise<void> {
    const drafts = draftsOf(draft);
    const options = { ...this.options(learner, draft), purpose: PURPOSES.sweep, firstReplicate, replicates };
    const { row, rollout } = this.open(learner, draft);
    const update = learner.updates;
    const result = await sweepCuts(rollout, learner.optimizer.params, [row], drafts, everyCut(drafts), options, stop);
    const { rewards, em } = result;
    this.events.swept(id, { update, firstReplicate, replicates, rewards, em });
  }

  private async cut(
    learner: Learner,
    { id, draft, step, replicate }: Extract<LabCommand, { type: 'cut' }>,
    stop: ShouldStop,
  ): Promise<void> {
    const { row, rollout } = this.open(learner, draft);
    const update = learner.updates;
    const { trajectories } = await sweepCuts(
      rollout,
      learner.optimizer.params,
      [row],
      draftsOf(draft),
      [{ draft: 0, step }],
      {
        ...this.options(learner, draft),
        purpose: PURPOSES.hand,
        firstReplicate: replicate,
        replicates: 1,
        trajectories: true,
      },
      stop,
    );
    if (trajectories === null) return;
    this.events.branch(id, { update, step, replicate, side: protocolSide(trajectories, [row], learner.positions) });
  }

  /** Random counters of the update that sampled the draft (counted from 0), rewards as the run is set now. */
  private options({ config }: Learner, { update }: DraftRow) {
    const { runSeed, process, combine } = config;
    return { runSeed, update: update - 1, reward: { process, combine } };
  }

  /** The question of a draft in the world that it was asked in, and what regenerates it. */
  private open(learner: Learner, draft: DraftRow): { row: RolloutRow; rollout: Rollout } {
    if (this.bench?.learner !== learner) this.bench = newBench(learner);
    const { pool, rollout } = this.bench;
    const known = draft.update >= 1 && draft.update <= learner.updates;
    const row = known ? learner.questions(draft.update - 1, pool)[draft.row] : undefined;
    const prompt = row === undefined ? [] : questionTokens(row.world.schema, row.chain);
    const fits =
      draft.tokens.length === learner.positions &&
      draft.passages.length === MAX_SEARCHES * PASSAGES_PER_SEARCH &&
      draft.stepStarts.length === MAX_STEPS &&
      draft.stepStarts[0] === prompt.length;
    if (row === undefined || !fits || !prompt.every((token, t) => token === draft.tokens[t])) {
      throw new UserError(
        'This trajectory is not one of this run, so it cannot be regenerated.',
        'Choose one of the newest update in Studio.',
      );
    }
    return { row: { ...row, slot: 0 }, rollout };
  }
}

function newBench(learner: Learner): Bench {
  const { gpu, owner, recorder, readback, table, family, positions } = learner;
  const pool = learner.newPool();
  const index = new WorldIndex(gpu.device, owner, pool.member(0), 1);
  const rollout = new Rollout(recorder, readback, owner, table, family.schema.vocabulary, index, {
    batch: MAX_STEPS * MAX_SWEEP_REPLICATES,
    positions,
    maxRevisions: 1,
    separateRefiner: false,
  });
  rollout.halfCache = learner.rollout.halfCache;
  return { learner, rollout, pool };
}

function draftsOf({ tokens, logProbs, entropies, stepStarts, steps, passages }: DraftRow): Drafts {
  return { tokens, logProbs, entropies, stepStarts, stepCounts: Uint8Array.of(steps), passages };
}
