/** A rollout as a chat with calls and results, whatever its file wrote: what is saved for programs of other formats. */
import type { Rollout, RolloutPassage, RolloutSide, RolloutStep, RolloutToken } from './reading/record';
import { wholeOf } from './whole';

export interface PromptTurn {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A step: what the model thought and said, and what its search found. */
export interface StepTurn {
  /** From 1. */
  number: number;
  thought: string;
  /** An answer, or what was left unfinished; '' where it searched. */
  content: string;
  query: string | null;
  results: string;
  step: RolloutStep;
  /** Those that the model wrote in it, where they are known one by one. */
  tokens: readonly RolloutToken[];
}

/** What the model went on from: the file's own prompt, of our own trajectories the question. */
export function promptTurns(line: string, { question, final }: Rollout): PromptTurn[] {
  const told = final.judgedBy === 'world' ? [] : wholeOf(line, 'final').messages;
  const turns = told
    .filter(({ writer }) => writer === 'prompt')
    .map(({ role, parts }): PromptTurn => ({
      role: roleOf(role),
      content: parts.map(({ text }) => text).join('\n\n'),
    }));
  return turns.some(({ role }) => role === 'user') ? turns : [...turns, { role: 'user', content: question }];
}

function roleOf(role: string): PromptTurn['role'] {
  if (/^(system|developer)$/i.test(role)) return 'system';
  return /^(assistant|gpt|model)$/i.test(role) ? 'assistant' : 'user';
}

export function stepTurns({ steps, tokens }: RolloutSide): StepTurn[] {
  return steps.map((step, k) => {
    const { kind, thought, text, passages, start, end } = step;
    return {
      number: k + 1,
      thought,
      content: kind === 'search' || text === thought ? '' : text,
      query: kind === 'search' ? text : null,
      results: passages.map(resultText).join('\n'),
      step,
      tokens: (tokens ?? []).slice(start, end).filter(({ written }) => written),
    };
  });
}

/** As Search-R1 writes it. */
function resultText({ title, text }: RolloutPassage, k: number): string {
  return title === '' ? `Doc ${k + 1}: ${text}` : `Doc ${k + 1}(Title: "${title.replaceAll('"', "'")}") ${text}`;
}

/** What is known of the passages of a search. */
export function evidenceOf({ passages, useful, share }: RolloutStep): object {
  return {
    useful,
    share,
    passages: passages.map(({ title, evidence }) => ({ title, evidence })),
  };
}
