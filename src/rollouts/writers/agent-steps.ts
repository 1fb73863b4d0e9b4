/** Agents whose rollouts are steps of what was done and what was seen: ReAct, LangChain's intermediate steps, SWE-agent, smolagents. */
import { COMPLETION_KEYS, messagesOf } from '../reading/fields';
import { isMessages } from '../reading/messages';
import { first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

const KEYS = ['intermediate_steps', 'trajectory', 'steps', 'history', 'actions', 'rollout', 'trace', 'transcript'];
const SEEN = [
  'observation',
  'observations',
  'result',
  'tool_output',
  'tool_result',
  'search_results',
  'documents',
  'docs',
];
const DONE = ['action', 'tool_calls', 'tool_call', 'tool', 'search_query', 'query', 'act'];
const THOUGHT = ['thought', 'thoughts', 'reasoning', 'model_output', 'think', 'response'];

const isStep = (step: unknown): boolean =>
  isObject(step) && !('role' in step) && first(step, SEEN) !== undefined && first(step, DONE) !== undefined;
/** LangChain: what was done, then what was seen. */
const isPair = (step: unknown): boolean =>
  isArray(step) && step.length === 2 && isObject(step[0]) && 'tool' in step[0] && 'tool_input' in step[0];

function stepsIn(row: JsonObject): { key: string; steps: readonly unknown[] } | null {
  for (const key of KEYS) {
    const steps = row[key];
    if (isArray(steps) && steps.length > 0 && (steps.every(isPair) || (steps.every(isObject) && steps.some(isStep)))) {
      return { key, steps };
    }
  }
  return null;
}

export const agentSteps: Writer = {
  name: 'steps of an agent',
  keys: [],
  // SWE-agent writes a chat beside them.
  mine: (row) => stepsIn(row) !== null && !isMessages(messagesOf(row)),
  rows: (row) => {
    const found = stepsIn(row);
    if (found === null) return [row];
    const messages = found.steps.flatMap((step) =>
      isArray(step)
        ? turnsOf({ ...(isObject(step[0]) ? step[0] : {}), observation: step[1] })
        : turnsOf(isObject(step) ? step : {}),
    );
    const key = [...COMPLETION_KEYS, 'final_answer', 'predicted_answer'].find((one) => typeof row[one] === 'string');
    const last = key === undefined ? [] : [{ role: 'assistant', content: row[key] }];
    return [{ ...without(row, [found.key, key ?? '']), messages: [...messages, ...last] }];
  },
};

function turnsOf(step: JsonObject): JsonObject[] {
  const thought = text(first(step, THOUGHT)) ?? text(step['log']);
  const [done, seen] = [first(step, DONE), first(step, SEEN)];
  const reasoning = known({ reasoning_content: thought });
  if (done === undefined) return thought === null ? [] : [{ role: 'assistant', content: '', ...reasoning }];
  const given = first(step, ['tool_input', 'action_input', 'arguments', 'args', 'tool_args']);
  const name = text(step['tool']) ?? (given === undefined ? null : text(done));
  const calls =
    name !== null ? [{ name, arguments: given ?? '' }] : isArray(done) ? done : isObject(done) ? [done] : null;
  const called =
    calls === null
      ? { role: 'assistant', content: `<tool_call>${text(done) ?? ''}</tool_call>`, ...reasoning }
      : { role: 'assistant', content: '', tool_calls: calls, ...reasoning };
  return [called, ...(seen === undefined || seen === '' ? [] : [{ role: 'tool', content: seen }])];
}
