/** The paths of a rollout as Inspect has messages: the draft, and each cut of it as a path that leaves another one. */
import type { JsonObject } from './text/json';
import type { Rollout, RolloutSide } from './reading/record';
import { known } from './reading/writer';
import { evidenceOf, promptTurns, stepTurns } from './told-chat';
import type { StepTurn } from './told-chat';

export interface InspectMessage extends JsonObject {
  id: string;
  role: string;
}

/** A message of the model with what its call brought. */
export interface InspectTurn {
  turn: StepTurn;
  said: InspectMessage;
  found: InspectMessage | null;
}

export interface InspectPath {
  /** `draft`, `refiner`, `branch-2`. */
  id: string;
  name: string;
  side: RolloutSide;
  /** The path that it leaves; null for the first one, and for one with a beginning of its own. */
  parent: InspectPath | null;
  /** From its first step on, those of its parent before its cut included. */
  turns: readonly InspectTurn[];
  /** Number of turns that are its parent's. */
  shared: number;
  about: JsonObject;
}

export interface InspectPaths {
  prompt: readonly InspectMessage[];
  /** The first one is the draft; each comes after its parent. */
  paths: readonly InspectPath[];
  final: InspectPath;
}

/** @param line the row as it is kept */
export function inspectPaths(line: string, rollout: Rollout, model: string): InspectPaths {
  const prompt = promptTurns(line, rollout).map(({ role, content }, k) => {
    return { id: `prompt-${k + 1}`, role, content, ...(role === 'user' ? { source: 'input' } : {}) };
  });
  const { draft, final, cut, branches } = rollout;
  const first = path('draft', cut > 0 ? 'draft' : 'trajectory', draft, null, 1, model, {});
  const paths = [first];
  const refined =
    cut > 0 ? path('refiner', `refiner cut at step ${cut}`, final, first, cut, model, { cut, by: 'refiner' }) : first;
  if (refined !== first) paths.push(refined);
  const byNumber = new Map<number, InspectPath>([[0, first]]);
  for (const { branch, parent, cut: at, weights, side } of branches) {
    const by = weights === null ? null : 'person';
    const from = parent === null ? null : (byNumber.get(parent) ?? null);
    const name = by === null ? `branch ${branch} at step ${at}` : `hand cut ${branch} at step ${at}`;
    const made = path(`branch-${branch}`, name, side, from, at, model, known({ cut: at, by, weights }));
    byNumber.set(branch, made);
    paths.push(made);
  }
  return { prompt, paths, final: refined };
}

function path(
  id: string,
  name: string,
  side: RolloutSide,
  parent: InspectPath | null,
  cut: number,
  model: string,
  how: JsonObject,
): InspectPath {
  const turns = stepTurns(side);
  const shared = parent === null ? 0 : Math.min(cut - 1, parent.turns.length, turns.length);
  const own = turns.slice(shared).map((turn) => messagesOf(id, turn, model));
  const { em, reward, answer } = side;
  return {
    ...{ id, name, side, parent, shared },
    turns: [...(parent?.turns.slice(0, shared) ?? []), ...own],
    about: { ...how, ...known({ answer, exact_match: em, reward }) },
  };
}

function messagesOf(path: string, turn: StepTurn, model: string): InspectTurn {
  const { number, thought, content, query, results, step } = turn;
  const call = `${path}-call-${number}`;
  const said = {
    id: `${path}-${number}`,
    content: thought === '' ? content : [{ type: 'reasoning', reasoning: thought }, ...textPart(content)],
    source: 'generate',
    role: 'assistant',
    ...(query === null
      ? {}
      : { tool_calls: [{ id: call, function: 'search', arguments: { query }, type: 'function' }] }),
    model,
  };
  if (query === null) return { turn, said, found: null };
  const found = {
    ...{ id: `${path}-found-${number}`, content: results, metadata: evidenceOf(step) },
    ...{ role: 'tool', tool_call_id: call, function: 'search' },
  };
  return { turn, said, found };
}

function textPart(text: string): object[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

export function messagesAlong(prompt: readonly InspectMessage[], turns: readonly InspectTurn[]): InspectMessage[] {
  return [...prompt, ...turns.flatMap(({ said, found }) => (found === null ? [said] : [said, found]))];
}
