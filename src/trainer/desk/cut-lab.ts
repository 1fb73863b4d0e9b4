import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { questionTokens } from '../../env/questions';
import { PURPOSES } from '../../lib/philox';
import type { Learner } from '../../rl/learning/learner';
import type { RolloutRow, ShouldStop } from '../../rl/rollout/rollout';
import { everyCut, sweepCuts, type Drafts } from '../../rl/rollout/sweep';
import { notOfThisRun, type Bench } from './bench';
import type { KeptWeights } from '../state/kept-weights';
import type { Command, DraftRow } from '../protocol/protocol';
import type { RunEvents } from '../state/run-events';
import { protocolSide } from '../state/trajectory-batch';

/** Cuts that a person asks for, with the weights that were wanted where they are kept. */
export class CutLab {
  constructor(
    private readonly events: RunEvents,
    private readonly kept: KeptWeights,
  ) {}

  async sweep(
    bench: Bench,
    { id, draft, firstReplicate, replicates, weights }: Extract<Command, { type: 'sweep' }>,
    stop: ShouldStop,
  ): Promise<void> {
    const { learner, rollout } = bench;
    const drafts = draftsOf(draft);
    const { row, update } = openDraft(bench, draft);
    const used = this.kept.find(learner, weights);
    const result = await sweepCuts(
      rollout,
      used.params,
      [row],
      drafts,
      everyCut(drafts),
      { ...options(learner, draft), update, purpose: PURPOSES.sweep, firstReplicate, replicates },
      stop,
    );
    const { rewards, em } = result;
    this.events.swept(id, { update: used.update, firstReplicate, replicates, rewards, em });
  }

  async cut(
    bench: Bench,
    { id, draft, step, replicate, weights }: Extract<Command, { type: 'cut' }>,
    stop: ShouldStop,
  ): Promise<void> {
    const { learner, rollout } = bench;
    const { row, update } = openDraft(bench, draft);
    const used = this.kept.find(learner, weights);
    const { trajectories } = await sweepCuts(
      rollout,
      used.params,
      [row],
      draftsOf(draft),
      [{ draft: 0, step }],
      {
        ...options(learner, draft),
        update,
        purpose: PURPOSES.hand,
        firstReplicate: replicate,
        replicates: 1,
        trajectories: true,
      },
      stop,
    );
    if (trajectories === null) return;
    const side = protocolSide(trajectories, [row], learner.positions);
    this.events.branch(id, { update: used.update, step, replicate, side });
  }
}

/** Rewards as the run is set now; branches of branches have numbers of their own. */
function options({ config }: Learner, { revision }: DraftRow) {
  const { runSeed, process, combine } = config;
  return { runSeed, attempt: revision ?? 1, reward: { process, combine } };
}

/**
 * The question of a draft, with its random counters.
 *
 * @throws UserError where the draft is not an answer to it
 */
function openDraft(bench: Bench, draft: DraftRow): ReturnType<Bench['row']> {
  const asked = bench.row(draft);
  checkDraft(bench, asked.row, draft);
  return asked;
}

/** @throws UserError where the draft is not an answer to the row's question */
export function checkDraft(bench: Bench, { world, chain }: RolloutRow, draft: DraftRow): void {
  const prompt = questionTokens(world.schema, chain);
  const fits =
    draft.tokens.length === bench.learner.positions &&
    draft.passages.length === MAX_SEARCHES * PASSAGES_PER_SEARCH &&
    draft.stepStarts.length === MAX_STEPS &&
    draft.stepStarts[0] === prompt.length;
  if (!fits || !prompt.every((token, t) => token === draft.tokens[t])) throw notOfThisRun();
}

function draftsOf({ tokens, logProbs, entropies, stepStarts, steps, passages }: DraftRow): Drafts {
  return { tokens, logProbs, entropies, stepStarts, stepCounts: Uint8Array.of(steps), passages };
}
