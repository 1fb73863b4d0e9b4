/**
 * The paper's refiner by its prompt (arXiv 2602.03647, its Table 12, in our words): numbered steps with their tool output, and
 * which is the first that is flawed, 0 for none.
 */
import { UserError } from '../../lib/assert';
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { objectOf } from './live-server';
import type { Post } from './live-server';
import type { LiveRollout } from './open-rollout';
import { promptScores, topOf } from './probe';
import type { Abilities } from './probe';
import { textFormat } from './text-format';

export interface Chances {
  /** Of accept, then of each cut; they sum to 1. */
  chances: number[];
  /** Log-probabilities of the given integers, those of the likeliest next tokens, or shares of samples. */
  by: 'text' | 'next' | 'samples';
}

const SAMPLES = 16;
const MARKS = /<\|im_start\|>\w*\n?|<\|im_end\|>\n?/g;
const CUE = 'Index of the first problematic step (0 for none):';

export function reviewPrompt({ question, beginnings, prompt, chat }: LiveRollout, said: string): string {
  // The marks between messages are ours.
  const plain = (piece: string): string => (chat === null ? piece : piece.replace(MARKS, '')).trim();
  const starts = beginnings(said).map(({ text: before }) => Math.max(0, before.length - prompt.length));
  const { insertions } = textFormat(said);
  const steps = starts.map((start, k) => {
    const end = starts[k + 1] ?? said.length;
    const found = insertions.find(({ from }) => from > start && from <= end);
    const own = plain(said.slice(start, found?.from ?? end));
    const tool = found ? `\nTOOL:\n${plain(said.slice(found.from, found.to))}` : '';
    return `ASSISTANT_STEP_${k + 1}:\n${own}${tool}`;
  });
  const instruction =
    'You are a careful reviewer of reasoning. Look through the numbered steps below and find the earliest one that is flawed. ' +
    `Answer with one integer from 0 to ${steps.length}: the number of that step, or 0 when every step is fine.`;
  return [instruction, `USER:\n${question}`, ...steps, CUE].join('\n\n');
}

/**
 * Probability of accept and of each cut.
 *
 * @throws UserError where the server refuses, or says no integer of these
 */
export async function review(
  post: Post,
  { model, promptLists, promptLogProbs, topLogProbs, sampling }: Abilities,
  prompt: string,
  steps: number,
  signal: AbortSignal,
): Promise<Chances> {
  const integers = Array.from({ length: steps + 1 }, (_, k) => String(k));
  const ask = async (rest: object): Promise<{ raw: JsonObject }[]> => {
    const body = { model, prompt, max_tokens: 1, temperature: 1, ...sampling, ...rest };
    const { choices } = await objectOf(await post('model/completions', body, signal), 'model/completions');
    return isArray(choices) ? choices.filter(isObject).map((raw) => ({ raw })) : [];
  };
  if (promptLogProbs) {
    const prompts = integers.map((integer) => `${prompt} ${integer}`);
    const scoring = { echo: true, logprobs: 1, max_tokens: 0 };
    const scored = promptLists
      ? await ask({ prompt: prompts, ...scoring })
      : (await Promise.all(prompts.map((one) => ask({ prompt: one, ...scoring })))).flat();
    const logProbs = scored.map((choice) => scoreBehind(choice, prompt.length));
    if (logProbs.length === integers.length && logProbs.every((one) => one !== null)) {
      return { chances: shares(logProbs.map((one) => Math.exp(one))), by: 'text' };
    }
  }
  const top = topLogProbs ? topOf((await ask({ logprobs: 20 }).catch(fewer(ask)))[0]) : null;
  if (top) {
    const found = integers.map((integer) =>
      top.filter(([token]) => token.trim() === integer).reduce((sum, [, value]) => sum + Math.exp(value), 0),
    );
    if (found.some((share) => share > 0)) return { chances: shares(found), by: 'next' };
  }
  const said = await Promise.all(
    Array.from(
      { length: SAMPLES },
      async (_, k) => text((await ask({ max_tokens: 8, seed: k + 1 }))[0]?.raw['text']) ?? '',
    ),
  );
  const counts = integers.map((integer) => said.filter((one) => /\d+/.exec(one)?.[0] === integer).length);
  if (counts.every((count) => count === 0)) {
    throw new UserError(
      `Asked for the first flawed step, the model named none of 0 to ${steps}. It said: ${(said[0] ?? '').slice(0, 80)}`,
      'A model that follows instructions is needed to review.',
    );
  }
  return { chances: shares(counts), by: 'samples' };
}

/** Some give five at most. */
function fewer<T>(ask: (rest: object) => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    if (error instanceof UserError) return ask({ logprobs: 5 });
    throw error;
  };
}

/** Of the tokens from a place on; null where no token begins there. */
function scoreBehind(choice: { raw: JsonObject }, from: number): number | null {
  const behind = promptScores(choice)?.filter(({ offset }) => offset >= from) ?? [];
  const [first] = behind;
  // The space belongs to the integer's own token, or is one.
  if (first === undefined || first.offset > from + 1) return null;
  return behind.reduce<number | null>(
    (sum, { logProb }) => (sum === null || logProb === null ? null : sum + logProb),
    0,
  );
}

function shares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}

/**
 * What it does: the likeliest cut, where that is likelier than accepting by the margin; else 0.
 *
 * @param margin nats
 */
export function decide([accept = 0, ...cuts]: readonly number[], margin: number): number {
  const best = Math.max(0, ...cuts);
  return best > 0 && Math.log(best) - Math.log(accept) >= margin ? cuts.indexOf(best) + 1 : 0;
}
