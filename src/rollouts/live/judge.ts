/**
 * Which searches helped, by a judge model under the paper's instruction (in our words): it sees question, right answer and the
 * passages of each search, and names the number of searches that give something new toward the answer.
 */
import { UserError } from '../../lib/assert';
import { isArray, isObject, text } from '../text/json';
import { objectOf } from './live-server';
import type { Post } from './live-server';

export interface Judged {
  useful: number;
  of: number;
}

/** The paper's own setting. */
const SAMPLING = { temperature: 0, top_p: 0.95, max_tokens: 3000 };

export function judgePrompt(question: string, golds: readonly string[], collections: readonly string[]): string {
  const numbered = collections.map((passages, k) => `Collection ${k + 1}:\n${passages}`);
  return [
    'You see a question, its right answer, and collections of passages in the order in which they were found. A collection is useful if it gives information or clues toward the right answer, even in part. It is not useful if it is irrelevant, or only repeats what earlier collections gave. Answer with the number of useful collections alone.',
    `Question: ${question}`,
    `Right answer: ${golds.join(' or ')}`,
    ...numbered,
  ].join('\n\n');
}

/** @throws UserError where the judge refuses, or names no such number */
export async function judge(post: Post, prompt: string, of: number, signal: AbortSignal): Promise<Judged> {
  const { data } = await objectOf(await post('judge/models', null, signal), 'judge/models');
  const [model] = isArray(data) ? data.filter(isObject).map(({ id }) => text(id)) : [];
  const body = { ...(model ? { model } : {}), messages: [{ role: 'user', content: prompt }], ...SAMPLING };
  const { choices } = await objectOf(await post('judge/chat', body, signal), 'judge/chat');
  const [choice] = isArray(choices) ? choices.filter(isObject) : [];
  const message = isObject(choice?.['message']) ? choice['message'] : {};
  // Models that think do so first: the last number counts.
  const said = text(message['content']) ?? '';
  const number = /(\d+)\D*$/.exec(said.split('</think>').at(-1) ?? '')?.[1];
  const useful = Number(number);
  if (number !== undefined && useful <= of) return { useful, of };
  throw new UserError(`The judge named no number from 0 to ${of}. It said: ${said.slice(0, 80)}`);
}
