import { editWorld, followChain } from '../../env/edit-world';
import { PURPOSES } from '../../lib/philox';
import { UserError } from '../../lib/assert';
import { continueFrom } from '../../rl/rollout/continue';
import { refinedRollout } from '../../rl/learning/refined-rollout';
import type { RolloutRow, ShouldStop } from '../../rl/rollout/rollout';
import type { AskCommand, PassageEdit, WorldFacts, WorldRef } from '../protocol/ask-protocol';
import type { Bench } from './bench';
import { checkDraft } from './cut-lab';
import type { KeptWeights } from '../state/kept-weights';
import type { RunEvents } from '../state/run-events';
import { protocolSide, trajectoryBatch } from '../state/trajectory-batch';

type Ask<T extends AskCommand['type']> = Extract<AskCommand, { type: T }>;

/** Single trajectories that a person asks for, in a world that may have been changed. */
export class AskDesk {
  constructor(
    private readonly events: RunEvents,
    private readonly kept: KeptWeights,
  ) {}

  facts(bench: Bench, { id, world: ref }: Ask<'facts'>): void {
    const { world } = openWorld(bench, ref);
    const facts: WorldFacts = {
      facts: Int32Array.from(world.facts.flatMap(({ subject, relation, object }) => [subject, relation, object])),
      single: Uint8Array.from(world.facts, ({ subject, relation }) => (world.factOf(subject, relation) < 0 ? 0 : 1)),
      passages: Int32Array.from(
        world.passages.flatMap(({ source, subject, relation, object }) => [source, subject, relation, object]),
      ),
      rumours: Uint8Array.from(world.passages, ({ rumour }) => (rumour ? 1 : 0)),
      maxHops: bench.learner.config.maxHops,
    };
    this.events.facts(id, facts);
  }

  async ask(bench: Bench, command: Ask<'ask'>, stop: ShouldStop): Promise<void> {
    const { learner, rollout } = bench;
    const { row, update, replicate } = askedRow(bench, command);
    const used = this.kept.find(learner, command.weights);
    const options = learner.rolloutOptions(update);
    const result = await refinedRollout(
      rollout,
      used.params,
      [row],
      {
        ...options,
        replicate: replicate + command.replicate,
        purpose: command.chain === null ? PURPOSES.rollout : PURPOSES.hand,
      },
      stop,
    );
    const gain = (result.final.rewards[0] ?? 0) - (result.draft.rewards[0] ?? 0);
    const report = {
      update: used.update,
      rollout: result,
      rows: [row],
      advantages: new Float64Array(1),
      reviewAdvantages: [Float64Array.of((result.reviews.cuts[0] ?? 0) === 0 ? 0 : gain)],
    };
    this.events.answered(command.id, trajectoryBatch(report, { prompts: 1, groupSize: 1 }, learner.positions));
  }

  async continue(bench: Bench, command: Ask<'continue'>, stop: ShouldStop): Promise<void> {
    const { id, draft, position, forced, replicate, edits, question, weights } = command;
    const { learner, rollout } = bench;
    const { row, update } = question ? askedRow(bench, { ...question, edits: [] }) : bench.row(draft);
    checkDraft(bench, row, draft);
    const changed = { ...row, world: editedWorld(bench, row, edits) };
    const used = this.kept.find(learner, weights);
    const { runSeed, process, combine } = learner.config;
    const { tokens, logProbs, entropies, passages } = draft;
    const side = await continueFrom(
      rollout,
      used.params,
      changed,
      { tokens, logProbs, entropies, passages, position, forced, attempt: draft.revision ?? 1, replicate },
      { runSeed, update, reward: { process, combine } },
      stop,
    );
    this.events.continued(id, used.update, protocolSide(side, [changed], learner.positions));
  }
}

/** A world without a question of its own is asked the first one that it has, which is then replaced. */
function openWorld(bench: Bench, ref: WorldRef): RolloutRow {
  if (!('heldOut' in ref)) return bench.row(ref).row;
  const world = bench.pool.heldOut(ref.heldOut);
  const chain = world.chains.flat()[0];
  if (chain === undefined) throw new UserError('No question can be formed in this world.');
  return { world, chain, slot: 0, logicalRow: 0 };
}

function askedRow(
  bench: Bench,
  { world: ref, chain, edits }: Pick<Ask<'ask'>, 'world' | 'chain' | 'edits'>,
): { row: RolloutRow; update: number; replicate: number } {
  const named = 'heldOut' in ref ? { row: openWorld(bench, ref), update: 0, replicate: 0 } : bench.row(ref);
  const world = editedWorld(bench, named.row, edits);
  if (chain === null) return { ...named, row: { ...named.row, world } };
  const followed = followChain(world, chain.start, chain.relations);
  if (followed === null || chain.relations.length > bench.learner.config.maxHops) {
    throw new UserError('This question has no answer here.', 'Choose relations that lead on, each to one entity.');
  }
  return { ...named, row: { ...named.row, world, chain: followed } };
}

function editedWorld(bench: Bench, { world }: RolloutRow, edits: readonly PassageEdit[]): RolloutRow['world'] {
  const edited = editWorld(world, edits);
  if (edited.passages.length > bench.mostPassages) {
    throw new UserError(`This world has room for ${bench.mostPassages} passages.`, 'Plant fewer rumours.');
  }
  if (edited.passages.length < 3) throw new UserError('A search needs three passages.', 'Remove fewer passages.');
  return edited;
}
