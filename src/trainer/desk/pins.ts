import { UserError } from '../../lib/assert';
import { groupAdvantages } from '../../rl/learning/advantage';
import type { Learner } from '../../rl/learning/learner';
import { RolloutAborted, type RolloutRow, type ShouldStop } from '../../rl/rollout/rollout';
import { MAX_PINS, PIN_EVERY, type Command, type TrajectoryBatch } from '../protocol/protocol';
import type { RunEvents } from '../state/run-events';
import { trajectoryBatch } from '../state/trajectory-batch';

/** Keeps the random numbers of pinned questions apart from training and evaluation. */
export const PIN_REPLICATE = 900;

/**
 * Questions that a person follows. Each is asked a whole group of times of the world that it was drawn from, with random
 * numbers that never change, so that only the weights make a difference. Nothing of it is trained on: random numbers are
 * functions of counters, and the passages are put into places of the index that no training row uses.
 */
export class Pins {
  private readonly rows = new Map<number, RolloutRow[]>();
  private due: number[] = [];
  /** The answer that most trajectories of a question gave the last time, as its tokens. */
  private readonly answers = new Map<number, string>();

  constructor(private readonly events: RunEvents) {}

  /** Pins a question of a past update and asks it at once; what cannot be pinned is told. */
  async pin(learner: Learner, command: Extract<Command, { type: 'pin' }>, stop: ShouldStop): Promise<void> {
    try {
      this.add(learner, command.id, command.update, command.group);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.events.warn(error.message, error.hint);
      return;
    }
    this.due.push(command.id);
    await this.askDue(learner, stop);
  }

  unpin(id: number): void {
    this.rows.delete(id);
    this.answers.delete(id);
  }

  get isDue(): boolean {
    return this.due.length > 0;
  }

  /** After an update: all are due after each step and now and then while it plays. */
  schedule(update: number, stepped: boolean): void {
    if (stepped || update % PIN_EVERY === 0) this.askAgain();
  }

  /** What was answered with weights that were thrown away no longer counts. */
  forget(): void {
    this.answers.clear();
  }

  askAgain(): void {
    this.due = [...this.rows.keys()];
  }

  /**
   * Asks what is due with the current weights; what was stopped is not asked again.
   *
   * @returns the questions that are answered otherwise than the last time
   */
  async askDue(learner: Learner, stop: ShouldStop): Promise<string[]> {
    const changed: string[] = [];
    while (this.due.length > 0) {
      const id = this.due.shift() ?? 0;
      try {
        const batch = await this.ask(learner, id, stop);
        if (batch === null) continue;
        const answer = commonAnswer(batch, learner.family.schema.vocabulary.special);
        if (answer !== (this.answers.get(id) ?? answer)) changed.push(...batch.questions);
        this.answers.set(id, answer);
        this.events.pinned(id, batch);
      } catch (error) {
        if (!(error instanceof RolloutAborted)) throw error;
        this.due = [];
      }
    }
    return changed;
  }

  private add(learner: Learner, id: number, update: number, group: number): void {
    const { prompts, groupSize, poolSize } = learner.config;
    if (this.rows.size >= MAX_PINS) {
      throw new UserError(`At most ${MAX_PINS} questions can be pinned.`, 'Unpin one first.');
    }
    const asked = update < 1 || group >= prompts ? undefined : learner.questions(update - 1)[group * groupSize];
    if (asked === undefined) {
      throw new UserError('This question can no longer be pinned.', 'Pin one of a newer update.');
    }
    const used = new Set([...this.rows.values()].map(([row]) => row?.slot));
    const places = Array.from({ length: MAX_PINS }, (_, place) => poolSize + place);
    const slot = places.find((place) => !used.has(place)) ?? poolSize;
    this.rows.set(
      id,
      Array.from({ length: groupSize }, (_, logicalRow) => ({ ...asked, slot, logicalRow })),
    );
  }

  private async ask(learner: Learner, id: number, stop: ShouldStop): Promise<TrajectoryBatch | null> {
    const { config, rollout, updates, positions } = learner;
    // A run with smaller batches than before asks as often as fits.
    const rows = this.rows.get(id)?.slice(0, rollout.batch);
    if (rows === undefined) return null;
    const options = { ...learner.rolloutOptions(0), replicate: PIN_REPLICATE };
    const result = await learner.roll(rows, options, stop);
    const { draft, final, reviews } = result;
    const groupSize = rows.length;
    const { advantages } = groupAdvantages({ rewards: final.rewards, groupSize, mode: config.advantage });
    const reviewAdvantages = advantages.map((_, b) =>
      (reviews.cuts[b] ?? 0) === 0 ? 0 : (final.rewards[b] ?? 0) - (draft.rewards[b] ?? 0),
    );
    const report = { update: updates, rollout: result, rows, advantages, reviewAdvantages: [reviewAdvantages] };
    return trajectoryBatch(report, { prompts: 1, groupSize }, positions);
  }
}

/** Tokens between the answer tags that most final trajectories wrote, of equally common ones the first; '' for none. */
function commonAnswer({ final, positions }: TrajectoryBatch, special: { answer: number; endAnswer: number }): string {
  const votes = new Map<string, number>();
  for (const [b, length] of final.lengths.entries()) {
    const tokens = final.tokens.subarray(b * positions, b * positions + length);
    const [from, to] = [tokens.indexOf(special.answer), tokens.indexOf(special.endAnswer)];
    const answer = from < 0 || to < from ? '' : tokens.subarray(from + 1, to).join(' ');
    votes.set(answer, (votes.get(answer) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  return [...votes].find(([, count]) => count === most)?.[0] ?? '';
}
