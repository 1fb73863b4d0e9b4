/** Our own lines: the one writer, for the command line and for the page (docs/formats.md, `cutpoint-trajectory`). */
import { OWN_FORMAT, ownSteps, word } from './reading/read-own';

export interface OwnPassage {
  id: number;
  text: string;
  source: string;
  class: string | undefined;
}

export interface OwnSide {
  tokens: readonly string[];
  /** Of each token under the policy that wrote it, 0 where the environment did. */
  logProbs: readonly number[];
  entropies: readonly number[];
  stepStarts: readonly number[];
  searches: readonly { useful: number; share: number; passages: readonly OwnPassage[] }[];
  end: string | undefined;
  em: number;
  reward: number;
  coverage: number;
}

export interface OwnTrajectory {
  update: number;
  /** Logical row. */
  row: number;
  world: string;
  question: string;
  answer: string;
  draft: OwnSide;
  review: object;
  /** null where the draft is final. */
  final: OwnSide | null;
  advantage: number;
  reviewAdvantage: number;
  /** Cuts that a person made. */
  branches?: readonly OwnBranch[];
}

export interface OwnBranch {
  branch: number;
  /** 0 for the draft. */
  parent: number;
  cut: number;
  /** Tokens that a person put at a position within that step. */
  forced: { position: number; tokens: readonly string[] } | null;
  replicate: number;
  revision: number;
  weights: number;
  side: OwnSide;
}

/** A line without its line break, of the oldest version that can show it. `more` holds what only one of the writers knows. */
export function ownLine({ draft, final, branches = [], ...rest }: OwnTrajectory, more: object = {}): string {
  return JSON.stringify({
    format: `${OWN_FORMAT}${branches.length > 0 ? 3 : 2}`,
    ...rest,
    ...more,
    messages: messagesOf(rest.question, final ?? draft),
    draft: ownSide(draft),
    final: final === null ? null : ownSide(final),
    ...(branches.length > 0 && { branches: branches.map(({ side, ...how }) => ({ ...how, side: ownSide(side) })) }),
  });
}

/** A side as it is written: with its steps and the mask of what the policy wrote. */
export function ownSide(side: OwnSide): object {
  return { ...side, mask: maskOf(side.tokens), steps: ownSteps(side.tokens, side.stepStarts) };
}

/** 1 for what the policy wrote after the question, 0 for the rest: what is trained on. */
function maskOf(tokens: readonly string[]): number[] {
  const begin = tokens.indexOf('<think>');
  let inserted = false;
  return tokens.map((token, position) => {
    if (token === '<information>') inserted = true;
    const written = !inserted && begin >= 0 && position >= begin;
    if (token === '</information>') inserted = false;
    return Number(written);
  });
}

/** The final trajectory as a chat: what the policy wrote, and each search's passages as the answer of a tool. */
export function messagesOf(question: string, { tokens, stepStarts, searches }: OwnSide): object[] {
  const messages: object[] = [{ role: 'user', content: question }];
  let search = 0;
  stepStarts.forEach((start, k) => {
    const step = tokens.slice(start, stepStarts[k + 1]);
    const results = step.indexOf('<information>');
    const written = results < 0 ? step : step.slice(0, results);
    messages.push({ role: 'assistant', content: written.map(word).join(' ') });
    if (results < 0) return;
    const found = searches[search++]?.passages ?? [];
    messages.push({ role: 'tool', content: found.map(({ text }, i) => `Doc ${i + 1}: ${text}`).join('\n') });
  });
  return messages;
}
