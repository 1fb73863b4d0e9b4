/** The model server, retriever and judge that `npm start -- --model URL ..` named, as the page knows them. */
import type { Abilities } from '../../rollouts/live/probe';
import type { Post } from '../../rollouts/live/live-server';

export interface LiveServers {
  /** Addresses as they were named. */
  model: string;
  modelName: string | null;
  retriever: string | null;
  judge: string | null;
}

export interface LiveState {
  servers: LiveServers;
  /** What the server was seen to do; null while it is probed, and where that failed. */
  abilities: Abilities | null;
  /** Why it cannot be used, and what to do. */
  problem: string | null;
  probing: boolean;
  /** Whether it was probed with a text of the opened file, from which its model writes more. */
  withText: boolean;
  post: Post;
  board?: LiveBoard;
}

/** Whose choice the board counts: the connected model's by the paper's prompt, or that of the file. */
export type ReviewedBy = 'model' | 'file';
export type BoardCounts = Record<'saved' | 'harmed' | 'wasted' | 'missed' | 'kept', number>;

/** What a refiner was worth over the rollouts of a file. */
export interface LiveBoard {
  by: ReviewedBy;
  /** Of each rollout's first regenerations; null where each had that which it has on the bench by itself. */
  seed: bigint | null;
  running: boolean;
  /** Rollouts on the list, those that are counted, those that were left out with the first reason. */
  of: number;
  done: number;
  left: number;
  reason: string | null;
  counts: BoardCounts;
  /** Of those that are counted: cut, and chosen as no other choice is better. */
  cut: number;
  best: number;
  /** Sums: of what the best choice is worth above the chosen one, and of what that is worth above the draft. */
  regret: number;
  gain: number;
  problem: string | null;
}
