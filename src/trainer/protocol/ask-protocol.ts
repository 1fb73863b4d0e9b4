/** The part of the worker's door that is about single trajectories: what a token could have been, what was looked at, other worlds. */
import type { AskedRow, DraftRow, TrajectoryBatch, TrajectorySide } from './trajectory-shapes';

/** Whose weights are wanted. The answer's `update` says whose were used: the present ones where the others are not kept. */
export interface WeightsOf {
  /** After this update; the present ones without it. */
  weights?: number;
}

/** Whose loss a step takes. */
export type TrainedPart = 'both' | 'actor' | 'refiner';

/** A change of what the passages of a world say, as in src/env/edit-world.ts. */
export type PassageEdit =
  | { kind: 'remove'; passage: number }
  | { kind: 'rewrite'; passage: number; object: number }
  | { kind: 'plant'; source: number; subject: number; relation: number; object: number };

/** Passages that can be edited in one world at once. */
export const MAX_EDITS = 32;
/** Likeliest tokens that are told of one place. */
export const ALTERNATIVES = 10;
/** Hops of a question that a person may ask. */
export const MAX_ASKED_HOPS = 3;

/** A world by who asks of it: a question of the run, or one of the worlds that the run never trains on. */
export type WorldRef = AskedRow | { heldOut: number };

/** A chain of relations from an entity (indices); null asks the row's own question. */
export type AskedChain = { start: number; relations: readonly number[] } | null;

export type AskCommand =
  /** The likeliest tokens at a position of a trajectory, given the tokens before it; answered by `alternatives`. */
  | ({ type: 'alternatives'; id: number; tokens: Uint16Array; position: number } & WeightsOf)
  /** Where each head looks from a position of a trajectory; answered by `attention`. */
  | ({ type: 'attention'; id: number; tokens: Uint16Array; position: number } & WeightsOf)
  /**
   * What an update did to the probabilities of a trajectory's tokens (T each), by the weights before and after it; answered by
   * one `changed`, or `refused` where those are no longer kept. `logProbs` are those of when they were written.
   */
  | {
      type: 'change';
      id: number;
      update: number;
      tokens: Uint16Array;
      logProbs: Float32Array;
      /** That it was trained with; 0 where it was not. */
      advantage: number;
    }
  /** Goes on from a position with other tokens than were written there; answered by one `continued`. */
  | ({
      type: 'continue';
      id: number;
      draft: DraftRow;
      position: number;
      forced: readonly number[];
      replicate: number;
      edits: readonly PassageEdit[];
      /** What the draft answers, where it is no row of the run. */
      question?: { world: WorldRef; chain: AskedChain };
    } & WeightsOf)
  /** Facts and passages of a world; answered by one `facts`. */
  | { type: 'facts'; id: number; world: WorldRef }
  /**
   * One whole trajectory, reviewed and cut as in an update: of a chain of relations from an entity (indices), or of the row's own
   * question, with the random numbers that it had there, where no chain is named. Answered by one `answered`.
   */
  | ({
      type: 'ask';
      id: number;
      world: WorldRef;
      chain: AskedChain;
      edits: readonly PassageEdit[];
      /** Added to the row's own. */
      replicate: number;
    } & WeightsOf);

export interface Alternatives {
  update: number;
  position: number;
  /** The likeliest first. */
  tokens: Uint16Array;
  logProbs: Float32Array;
  /** In nats, over all tokens that the policy may write. */
  entropy: number;
  /** Of the token that stands there: its log-probability, and its place among all, 1 for the likeliest. */
  logProb: number;
  rank: number;
}

/** (T) each, 0 where the policy wrote nothing. */
export interface TokenChange {
  update: number;
  /** What the update stepped on. The refiner's alone moves the actor's tokens too, but by no advantage of theirs. */
  trained: TrainedPart;
  /** Log-probabilities before and after the update. */
  before: Float32Array;
  after: Float32Array;
  /**
   * Of the last pass over the trajectories, which the clip fraction is of too: probability there over that when the token was
   * written, and 1 where the loss was clipped: the token's gradient was that of the penalty and the bonus alone.
   */
  ratio: Float32Array;
  clipped: Uint8Array;
  /** Passes over the trajectories (`epochs`); with one the ratio is 1 everywhere. */
  passes: number;
  clipLow: number;
  clipHigh: number;
}

export interface AttentionWeights {
  update: number;
  position: number;
  layers: number;
  heads: number;
  /** (L,H,position+1): over the tokens that the position sees, itself included; each head's sum is 1. */
  weights: Float32Array;
}

/** Indices, not tokens: entity e is token entityBase + e. */
export interface WorldFacts {
  /** (F,3) subject, relation, object. */
  facts: Int32Array;
  /** (F) 1 where subject and relation have this object alone, so that a question may ask for it. */
  single: Uint8Array;
  /** (P,4) source, subject, relation, object of each passage. */
  passages: Int32Array;
  /** (P) 1 for rumours. */
  rumours: Uint8Array;
  maxHops: number;
}

export type AskEvent =
  | { type: 'alternatives'; runId: number; id: number; alternatives: Alternatives }
  | { type: 'attention'; runId: number; id: number; attention: AttentionWeights }
  | { type: 'changed'; runId: number; id: number; change: TokenChange }
  | { type: 'continued'; runId: number; id: number; update: number; side: TrajectorySide }
  | { type: 'facts'; runId: number; id: number; facts: WorldFacts }
  /** A batch of one row. Its `update` is the one after which the weights were read. */
  | { type: 'answered'; runId: number; id: number; batch: TrajectoryBatch };
