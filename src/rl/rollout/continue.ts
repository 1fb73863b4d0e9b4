import { Episode, PHASE } from '../../env/episode';
import { PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { questionTokens } from '../../env/questions';
import type { Slice } from '../../gpu/buffers';
import { UserError } from '../../lib/assert';
import { PURPOSES } from '../../lib/philox';
import type { KeptSteps, Roller, RolloutOptions, RolloutRow, ShouldStop } from './rollout';
import type { TrajectorySide } from './trajectory';

/** A trajectory up to a token of it, with what a person puts there instead. */
export interface Continued {
  /** (T) the trajectory; those before `position` are kept. */
  tokens: Uint16Array;
  logProbs: Float32Array;
  entropies: Float32Array;
  /** (4,3) passages of its searches. */
  passages: Int32Array;
  /** Of the first token that is replaced. */
  position: number;
  /** At least one token that the policy may write, as if it had. */
  forced: readonly number[];
  attempt: number;
  replicate: number;
}

/**
 * Goes on from the middle of a step: tokens before `position` and the forced ones are a longer prompt, and sampling goes on
 * behind them with the random numbers that a cut by hand has there. Without anything forced it is what the policy would write.
 *
 * @returns one row; log-probabilities of forced tokens are 0, since the policy did not write them
 * @throws UserError where the position is no place of the policy's, or a token is not one that it may write
 */
export async function continueFrom(
  rollout: Roller,
  params: Slice,
  question: RolloutRow,
  from: Continued,
  options: Pick<RolloutOptions, 'runSeed' | 'update' | 'reward'>,
  shouldStop?: ShouldStop,
): Promise<TrajectorySide> {
  const kept = keptTokens(question, from, rollout.positions);
  const { final } = await rollout.run(
    params,
    [{ ...question, kept }],
    {
      ...options,
      replicate: from.replicate,
      purpose: PURPOSES.hand,
      temperature: 1,
      suffixTemperature: 1,
      review: null,
      blank: false,
    },
    shouldStop,
  );
  final.logProbs.set(from.logProbs.subarray(0, from.position));
  final.entropies.set(from.entropies.subarray(0, from.position));
  return final;
}

/** @throws UserError as `continueFrom` */
export function keptTokens({ world, chain }: RolloutRow, from: Continued, positions: number): KeptSteps {
  const { vocabulary } = world.schema;
  const { tokens, position, forced, attempt, replicate } = from;
  const prompt = questionTokens(world.schema, chain).length;
  const episode = new Episode(vocabulary, prompt);
  for (let t = prompt; t < position; t++) episode.push(tokens[t] ?? vocabulary.special.pad);
  const policyWrites = position >= prompt && episode.phase !== PHASE.information && episode.phase !== PHASE.done;
  if (!policyWrites) {
    throw new UserError('The policy writes no token at this place.', 'Choose one of a thought, a query or an answer.');
  }
  const fullSearches = episode.searches.length;
  for (const token of forced) {
    if (vocabulary.actorAllowed[token] !== 1 || episode.phase === PHASE.information || episode.phase === PHASE.done) {
      throw new UserError('The policy could not write these tokens here.', 'Choose other ones.');
    }
    episode.push(token);
  }
  if (episode.length >= positions) throw new UserError('There is no room for more tokens.', 'Choose an earlier place.');
  const steps = episode.steps.map(({ start }) => start);
  const { phase, segment, forcedLeft } = episode;
  return {
    tokens: Uint16Array.from([...tokens.subarray(0, position), ...forced]),
    stepStarts: Uint16Array.from(steps),
    passages: from.passages.subarray(0, fullSearches * PASSAGES_PER_SEARCH),
    attempt,
    replicate,
    open: { phase, reason: episode.reason, searches: episode.searches.length, forcedLeft, segment },
  };
}
