import type { Em } from '../../lib/exact-match';
import type { Remark } from './remarks';

/**
 * One recorded trajectory of any origin, as text: our own lines and the completions of real LLMs become this. Draft and final
 * are two sides of one question; where nothing was cut they are one object.
 */

/** By what passages are judged: our own worlds know; else the file's labels, titles of supporting documents, or a right answer. */
export type EvidenceRule = 'world' | 'labels' | 'titles' | 'answer' | 'none';

export type Evidence = 'new' | 'repeated' | 'irrelevant' | 'rumour';

export interface RolloutPassage {
  /** The same for the same passage wherever it stands in a trajectory. */
  id: number;
  title: string;
  text: string;
  /** null where nothing says whether it helps. */
  evidence: Evidence | null;
}

export interface RolloutStep {
  kind: 'search' | 'answer' | 'unfinished';
  thought: string;
  /** Search: the query. Answer: the answer. */
  text: string;
  /** Characters [start, end) of the completion; for our own files, tokens. */
  start: number;
  end: number;
  passages: RolloutPassage[];
  /** An answer that a later one took the place of. */
  superseded?: boolean;
  /** u_i: 1 where the search found evidence that was not there before; null for a step without results or labels. */
  useful: number | null;
  /** Share of its passages that are new evidence, 0..1. */
  share: number | null;
}

export interface RolloutToken {
  text: string;
  /** False for what the environment put there. */
  written: boolean;
  /** Natural logarithm, under the policy that wrote it. */
  logProb: number;
  /** Nats; null where the file does not tell. */
  entropy: number | null;
}

export interface RolloutSide {
  steps: RolloutStep[];
  answer: string | null;
  /** Exact match by the SQuAD rules; in our own files as they say. null where no right answer is known. */
  em: Em;
  /** null where the file gives none and exact match is unknown. */
  reward: number | null;
  /** False where the file gives no reward; then it is EM x (1 + mean u_i). */
  rewardGiven: boolean;
  /** Share of the evidence that was found, 0..1. */
  coverage: number;
  /** null where it ended with an answer. */
  endReason: string | null;
  /** How the answer was found, where that is to be said; null elsewhere. */
  note: string | null;
  judgedBy: EvidenceRule;
  tokens: RolloutToken[] | null;
}

export interface Rollout {
  question: string;
  /** Right answers; empty where the file gives none. */
  golds: readonly string[];
  /** What puts it into a group with others of the same step. */
  group: string;
  /** Training step or update, null where the file does not tell. */
  step: number | null;
  draft: RolloutSide;
  final: RolloutSide;
  /** 0 accepted, j cut at step j. */
  cut: number;
  /** Whether something reviewed it: it has a draft besides its final side, or a review. */
  reviewed: boolean;
  /** Probability of accepting and of each cut 1..S of the draft; null where the file does not tell. */
  review: readonly number[] | null;
  /** Given advantages; null has them computed within the group. */
  advantage: number | null;
  reviewAdvantage: number | null;
  /** Whether a limit of length ended it; null where the file does not tell. */
  truncated: boolean | null;
  /** Cuts that a person made in Cut Lab; of other files, other ends of the same conversation. The table has none of them. */
  branches: readonly RolloutBranch[];
  /** What a person said of it, where somebody did. */
  remarks?: readonly Remark[];
}

export interface RolloutBranch {
  /** From 1. */
  branch: number;
  /** The branch that was cut, 0 for the draft; null where it has a beginning of its own. */
  parent: number | null;
  /** First step that was not kept. */
  cut: number;
  /** The update after which the weights that regenerated it were read; null where no person cut it. */
  weights: number | null;
  side: RolloutSide;
}

/** A line that is left out, and why: what is wrong and what to do. */
export class SkippedRow extends Error {
  override name = 'SkippedRow';
}
