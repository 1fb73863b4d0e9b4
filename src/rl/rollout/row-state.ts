import { PHASE } from '../../env/episode';
import { answerToken, questionTokens } from '../../env/questions';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import type { RowQuestion } from './trajectory';

export interface RolloutRow extends RowQuestion {
  /** Slot of the row's world in the index. */
  slot: number;
  /** Row number for the random streams; moving a row in the batch changes nothing. */
  logicalRow: number;
  /** The steps that the row goes on from; without them it starts at its question. */
  kept?: KeptSteps;
}

/** Steps 1..j-1 of a draft that was cut at step j, as they stand before the Actor regenerates the rest; or a step's beginning too. */
export interface KeptSteps {
  /** The question and the kept steps with their results. */
  tokens: Uint16Array;
  /** (j-1) first position of each kept step. */
  stepStarts: Uint16Array;
  /** (j-1, 3) passages of each kept search. */
  passages: Int32Array;
  /** Revision number of the random numbers; a rollout's first revision has 1. */
  attempt: number;
  /** Takes the place of the options' replicate. */
  replicate: number;
  /** Where the tokens end within a step, whose start is then among `stepStarts`. */
  open?: OpenStep;
}

/** The state machine (src/env/episode.ts) in the middle of a step. */
export interface OpenStep {
  phase: number;
  reason: number;
  /** Completed searches; the last one waits for its passages where `forcedLeft` is above 0. */
  searches: number;
  /** Tokens of the information block that are to come: none or all. */
  forcedLeft: number;
  /** Content tokens of the segment that is open or was closed last. */
  segment: readonly number[];
}

/**
 * The rows of a batch as the episode kernels begin with them: (batch, ROW_WORDS) states and (batch, positions) tokens. Rows that
 * hold no trajectory are all 0, which is idle.
 *
 * @param options stride: passages of a slot; replicate: of rows that name none
 */
export function rowState(
  rows: readonly RolloutRow[],
  options: { batch: number; positions: number; stride: number; replicate: number },
): { state: Uint32Array<ArrayBuffer>; tokens: Uint32Array<ArrayBuffer> } {
  const { batch, positions, stride, replicate } = options;
  const state = new Uint32Array(batch * ROW_WORDS);
  const tokens = new Uint32Array(batch * positions);
  rows.forEach(({ world, chain, slot, logicalRow, kept }, b) => {
    const prompt = kept?.tokens ?? questionTokens(world.schema, chain);
    tokens.set(prompt, b * positions);
    const base = b * ROW_WORDS;
    state[base + ROW.length] = prompt.length;
    state[base + ROW.promptLength] = prompt.length;
    state[base + ROW.isActive] = kept?.open?.phase === PHASE.done ? 0 : 1;
    state[base + ROW.passageBase] = slot * stride;
    state[base + ROW.passageCount] = world.passages.length;
    state[base + ROW.logicalRow] = logicalRow;
    state[base + ROW.replicate] = kept?.replicate ?? replicate;
    state[base + ROW.gold] = answerToken(world.schema, chain);
    state[base + ROW.hopCount] = chain.facts.length;
    chain.facts.forEach((fact, h) => (state[base + ROW.hopFacts + h] = fact + 1));
    if (kept === undefined) return;
    // Every kept step holds exactly one search: anything else would have ended the trajectory.
    state[base + ROW.steps] = kept.stepStarts.length;
    state[base + ROW.searches] = kept.open?.searches ?? kept.stepStarts.length;
    state[base + ROW.attempt] = kept.attempt;
    state.set(kept.stepStarts, base + ROW.stepStarts);
    state.set(kept.passages, base + ROW.passages);
    if (kept.open !== undefined) setOpenStep(state, base, kept.open);
  });
  return { state, tokens };
}

function setOpenStep(state: Uint32Array, base: number, { phase, reason, forcedLeft, segment }: OpenStep): void {
  state[base + ROW.phase] = phase;
  state[base + ROW.reason] = reason;
  state[base + ROW.content] = segment.length;
  state[base + ROW.pending] = forcedLeft > 0 ? 1 : 0;
  if (phase === PHASE.inSearch || phase === PHASE.information) state.set(segment, base + ROW.query);
  if (phase === PHASE.inAnswer || phase === PHASE.afterAnswer || phase === PHASE.done)
    state[base + ROW.answer] = segment[0] ?? 0;
}
