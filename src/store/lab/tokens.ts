/** Single tokens of what lies on the bench: what else could stand there, and where each head looks from it. */
import type { Alternatives, AttentionWeights } from '../../trainer/protocol/protocol';
import { askEngine } from '../run/ask-engine';
import { labDraft } from './cut-lab';
import { addBranch, wantedWeights } from './lab-events';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import type { Studio } from '../state/studio-state';

export interface TokenReport {
  position: number;
  /** null where the environment wrote the token. */
  alternatives: Alternatives | null;
  attention: AttentionWeights;
}

function weightsOf(studio: Studio): { weights?: number } {
  const weights = wantedWeights(studio.store.getState().lab);
  return weights === null ? {} : { weights };
}

/** @throws EngineRefusal */
export async function askToken(studio: Studio, position: number, written: boolean): Promise<TokenReport> {
  const draft = labDraft(studio);
  const tokens = draft.tokens.slice(0, draft.tokens.findLastIndex((token) => token !== 0) + 1);
  const about = { tokens, position, ...weightsOf(studio) };
  const [attention, alternatives] = await Promise.all([
    askEngine(studio, 'attention', (id) => ({ type: 'attention', id, ...about })),
    written ? askEngine(studio, 'alternatives', (id) => ({ type: 'alternatives', id, ...about })) : null,
  ]);
  return { position, attention: attention.attention, alternatives: alternatives?.alternatives ?? null };
}

/**
 * Goes on from a position with other tokens; what follows is a branch.
 *
 * @param step that the position lies in
 * @throws EngineRefusal
 */
export async function continueWith(
  studio: Studio,
  place: { position: number; step: number },
  tokens: readonly number[],
): Promise<void> {
  const { lab, world } = studio.store.getState();
  const { draft, at, key } = lab;
  if (draft === null || world === null) return;
  const replicate = 0;
  const { position, step } = place;
  const { id, update, side } = await askEngine(studio, 'continued', (ask) => ({
    ...{ type: 'continue', id: ask, draft: labDraft(studio), position, forced: tokens, replicate, edits: [] },
    ...weightsOf(studio),
  }));
  const now = studio.store.getState().lab;
  // What lies on the bench now may be another trajectory.
  if (now.key !== key || now.at !== at) return;
  const view = decodeTrajectory(
    { ...draft.batch, final: side, cuts: Uint8Array.of(step) },
    world,
    0,
    true,
    draft.rows[0],
  );
  const forced = { position, tokens };
  addBranch(studio, { id, parent: at, step, replicate, forced, update, wanted: wantedWeights(lab), side, view });
}
