/** Questions that are followed over updates, outside React: each answer of the engine is kept with its trajectories. */
import type { TrajectoryBatch, WorldDescription } from '../trainer/protocol/protocol';
import { decodeTrajectory } from './decode-trajectory';
import { storeBatch } from './stored-batch';
import type { StoredBatch } from './stored-batch';

/** Answers kept a question; of more, every second old one is let go. */
const MOST_ANSWERS = 200;

export interface PinAnswer {
  update: number;
  stored: StoredBatch;
  /** Share of final trajectories with exact match. */
  right: number;
  meanReward: number;
  /** The answer given most often, null if most gave none. */
  answer: string | null;
  /** Trajectories that gave it. */
  votes: number;
}

export interface Pin {
  id: number;
  question: string;
  /** Where it was pinned. */
  update: number;
  group: number;
  /** Ascending by update. */
  answers: PinAnswer[];
}

export class PinBoard {
  private pins: Pin[] = [];

  get all(): readonly Pin[] {
    return this.pins;
  }

  /** Exchanges what both hold. */
  swap(other: PinBoard): void {
    [this.pins, other.pins] = [other.pins, this.pins];
  }

  get(id: number): Pin | undefined {
    return this.pins.find((pin) => pin.id === id);
  }

  /** The pin of a question of the batch on screen, if it is one. */
  find(update: number, group: number): Pin | undefined {
    return this.pins.find((pin) => pin.update === update && pin.group === group);
  }

  add(id: number, question: string, update: number, group: number): void {
    this.pins = [...this.pins, { id, question, update, group, answers: [] }];
  }

  remove(id: number): void {
    this.pins = this.pins.filter((pin) => pin.id !== id);
  }

  record(id: number, batch: TrajectoryBatch, hasRefiner: boolean, world: WorldDescription): void {
    const pin = this.get(id);
    if (!pin) return;
    const stored = storeBatch(batch, hasRefiner);
    const answers = stored.rows.map((row) => decodeTrajectory(batch, world, row, hasRefiner).final.answer);
    const { answer, votes } = mostCommon(answers);
    const count = stored.rows.length;
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
    pin.answers = [
      ...pin.answers.filter((other) => other.update < batch.update),
      {
        update: batch.update,
        stored,
        right: sum(batch.final.em) / count,
        meanReward: sum(batch.final.rewards) / count,
        answer,
        votes,
      },
    ];
    if (pin.answers.length > MOST_ANSWERS) {
      const old = pin.answers.length >> 1;
      pin.answers = pin.answers.filter((_, place) => place >= old || place % 2 === 0);
    }
  }

  /** The newest answer up to an update, or the first one. */
  at(id: number, update: number | null): PinAnswer | undefined {
    const answers = this.get(id)?.answers ?? [];
    if (update === null) return answers.at(-1);
    return answers.findLast((answer) => answer.update <= update) ?? answers[0];
  }

  /** Answers of updates that were thrown away; the questions stay. */
  forget(): void {
    this.pins = this.pins.map((pin) => ({ ...pin, answers: [] }));
  }

  clear(): void {
    this.pins = [];
  }
}

/** Of equally common answers the one met first. */
function mostCommon(answers: readonly (string | null)[]): { answer: string | null; votes: number } {
  const votes = new Map<string | null, number>();
  for (const answer of answers) votes.set(answer, (votes.get(answer) ?? 0) + 1);
  let best: string | null = null;
  for (const [answer, count] of votes) if (count > (votes.get(best) ?? 0)) best = answer;
  return { answer: best, votes: votes.get(best) ?? 0 };
}
