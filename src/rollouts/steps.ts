/** Events put together to steps: thought, then a search with its results or an answer. */
import type { RolloutEvent } from './events';
import { readPassages } from './passages';
import type { RawPassage } from './passages';

export interface RawStep {
  kind: 'search' | 'answer' | 'unfinished';
  thought: string;
  text: string;
  start: number;
  end: number;
  passages: RawPassage[];
}

export interface RawSide {
  steps: RawStep[];
  answer: string | null;
  endReason: string | null;
}

export function readSteps(events: readonly RolloutEvent[]): RawSide {
  const steps: RawStep[] = [];
  /** Searches without results so far: several may be called at once. */
  const waiting: RawStep[] = [];
  let thoughts: RolloutEvent[] = [];
  const begin = (kind: RawStep['kind'], event: RolloutEvent, text: string): RawStep => {
    const thought = thoughts.map((said) => said.text).join('\n');
    const step = { kind, thought, text, start: thoughts[0]?.start ?? event.start, end: event.end, passages: [] };
    thoughts = [];
    steps.push(step);
    return step;
  };
  for (const event of events) {
    if (event.kind === 'think') thoughts.push(event);
    else if (event.kind === 'search') waiting.push(begin('unfinished', event, event.text));
    else if (event.kind === 'answer') begin('answer', event, event.text);
    else {
      const search =
        waiting.shift() ?? steps.findLast(({ kind }) => kind === 'search') ?? begin('unfinished', event, '');
      search.kind = 'search';
      search.passages.push(...readPassages(event.content ?? event.text));
      search.end = Math.max(search.end, event.end);
    }
  }
  const rest = thoughts[0];
  // Words after the answer are no step of their own.
  if (rest && steps.at(-1)?.kind !== 'answer') begin('unfinished', { ...rest, end: (thoughts.at(-1) ?? rest).end }, '');
  // Of several answers the last one counts, as in Search-R1's reward.
  const answer = steps.findLast(({ kind }) => kind === 'answer')?.text ?? boxed(steps);
  return { steps, answer, endReason: endReason(steps, events, answer) };
}

/** \boxed{..} in the last thought, where there is no other answer. */
function boxed(steps: RawStep[]): string | null {
  const step = steps.at(-1);
  if (step?.kind !== 'unfinished') return null;
  const found = /\\boxed\{([^{}]*)\}/.exec(step.thought)?.[1];
  if (found === undefined) return null;
  step.kind = 'answer';
  step.text = found.trim();
  return step.text;
}

function endReason(steps: readonly RawStep[], events: readonly RolloutEvent[], answer: string | null): string | null {
  if (answer === null) return steps.at(-1)?.text ? 'search without results' : 'no answer';
  if (answer.trim() === '') return 'empty answer';
  return events.findLast(({ kind }) => kind === 'answer')?.closed === false ? 'answer cut short' : null;
}
