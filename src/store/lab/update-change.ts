/** What the update that a trajectory was trained in did to its tokens. */
import type { TokenChange } from '../../trainer/protocol/protocol';
import { askEngine } from '../run/ask-engine';
import { decodeTokens } from '../../recordings/decode-trajectory';
import type { SideName, TokenView, TrajectoryView } from '../../recordings/decode-trajectory';
import type { StoredBatch } from '../../recordings/stored-batch';
import type { Studio } from '../state/studio-state';

export interface TokenMove extends TokenView {
  /** Log-probabilities before and after the update, nats. */
  before: number;
  after: number;
  /** Of the last pass, over when the token was written. */
  ratio: number;
  /** Whether the actor's loss covered it: not what was cut away (unless the run trains that too), nor what nobody trains on. */
  trained: boolean;
  clipped: boolean;
}

export interface UpdateChange extends Pick<TokenChange, 'update' | 'trained' | 'passes' | 'clipLow' | 'clipHigh'> {
  /** That the covered tokens were trained with; 0 where none was. */
  advantage: number;
  /** The tokens that the policy wrote, with what was retrieved between them. */
  tokens: readonly (TokenView | TokenMove)[];
}

export function isMove(token: TokenView | TokenMove): token is TokenMove {
  return 'ratio' in token;
}

/**
 * @param item the trajectory on screen, with the arrays that it was sampled in
 * @param pinned an answer to a pinned question: the update moved it too, but nobody trains on it
 * @throws EngineRefusal where the weights of the update are no longer kept
 */
export async function askChange(
  studio: Studio,
  { batch }: StoredBatch,
  trajectory: TrajectoryView,
  sideName: SideName,
  pinned: boolean,
): Promise<UpdateChange | null> {
  const { world, config } = studio.store.getState();
  const { place } = trajectory;
  if (world === null) return null;
  const data = batch[sideName];
  const [from, to] = [place * batch.positions, place * batch.positions + (data.lengths[place] ?? 0)];
  const advantage = pinned ? 0 : (batch.advantages[place] ?? 0);
  const { change } = await askEngine(studio, 'changed', (id) => ({
    ...{ type: 'change', id, update: batch.update, advantage },
    tokens: data.tokens.slice(from, to),
    logProbs: data.logProbs.slice(from, to),
  }));
  const { steps } = sideName === 'draft' ? trajectory.draft : trajectory.final;
  // What was cut away is in no final trajectory.
  const cutAway = sideName === 'draft' && trajectory.cut > 0 && config.discardedTokens === 'out';
  const end = cutAway ? (steps[trajectory.cut - 1]?.start ?? Infinity) : Infinity;
  const actorTrained = !pinned && change.trained !== 'refiner';
  const tokens = decodeTokens(batch, world, sideName, place, steps).map((token) => {
    const { position, written } = token;
    if (!written) return token;
    const trained = actorTrained && position < end;
    return {
      ...token,
      before: change.before[position] ?? 0,
      after: change.after[position] ?? 0,
      ratio: change.ratio[position] ?? 1,
      trained,
      clipped: trained && change.clipped[position] === 1,
    };
  });
  const { update, trained, passes, clipLow, clipHigh } = change;
  return { update, trained, passes, clipLow, clipHigh, advantage: actorTrained ? advantage : 0, tokens };
}

export interface ChangeSummary {
  written: number;
  trained: number;
  clipped: number;
  /** Of the trained ones: became likelier, less likely. */
  rose: number;
  fell: number;
  /** Nats, over all written tokens. */
  meanChange: number;
}

export function summariseChange({ tokens }: UpdateChange): ChangeSummary {
  const moves = tokens.filter(isMove);
  const trained = moves.filter((move) => move.trained);
  const total = moves.reduce((sum, { before, after }) => sum + after - before, 0);
  return {
    written: moves.length,
    trained: trained.length,
    clipped: moves.filter(({ clipped }) => clipped).length,
    rose: trained.filter(({ before, after }) => after > before).length,
    fell: trained.filter(({ before, after }) => after < before).length,
    meanChange: moves.length === 0 ? 0 : total / moves.length,
  };
}
