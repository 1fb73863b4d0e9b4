/** ATIF, the Agent Trajectory Interchange Format of Harbor: one object, its steps by user, agent and system. */
import { isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { partsText } from './chat';
import { countsIn, numbersIn, withTokens } from '../reading/token-columns';
import { KEPT_LINE, keptRow } from '../reading/kept-line';
import { REMARKS } from '../reading/remarks';
import { known, listOf, numberOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const atif: Writer = {
  name: 'ATIF',
  keys: ['agent', 'steps'],
  mine: ({ steps }) => listOf(steps).some((step) => isObject(step) && typeof step['source'] === 'string'),
  rows: (row) => {
    const steps = listOf(row['steps']).filter(isObject);
    const messages = steps.flatMap(stepMessages);
    const extra = objectOf(row['extra']);
    const kept = keptRow(extra[KEPT_LINE], messages);
    if (kept !== null) return [kept];
    const told = without(extra, [KEPT_LINE, 'labels']);
    const { reward, ground_truth: truth } = { ...objectOf(row['final_metrics']), ...extra, ...row };
    return [
      {
        messages,
        ...known({ step: numberOf(extra['training_step']), [REMARKS]: extra['labels'] }),
        // Right answers are among it, under whatever name.
        ...(Object.keys(told).length > 0 ? { extra_info: told } : {}),
        ...(reward === undefined ? {} : { reward }),
        ...(truth === undefined ? {} : { ground_truth: truth }),
        group: text(row['task']) ?? undefined,
        ...tokensOf(steps),
      },
    ];
  },
};

/** Of what the agent wrote alone: a step's metrics have the completion's tokens, and one log-probability for each. */
function tokensOf(steps: readonly JsonObject[]): JsonObject {
  const written = steps.map((step) => {
    const metrics = objectOf(step['metrics']);
    const [ids, logProbs] = [countsIn(metrics['completion_token_ids']), numbersIn(metrics['logprobs'])];
    return { step, ids, logProbs, length: ids?.length ?? logProbs?.length ?? 0 };
  });
  const total = written.reduce((sum, { length }) => sum + length, 0);
  const ids = written.flatMap((one) => one.ids ?? []);
  return withTokens({
    ids: ids.length === total ? ids : null,
    mask: new Array<number>(total).fill(1),
    logProbs: written.some(({ logProbs }) => logProbs !== null)
      ? written.flatMap(({ logProbs, length }) => Array.from({ length }, (_, k) => logProbs?.[k] ?? null))
      : null,
    messages: written.flatMap(({ step, length }) => stepMessages(step).map((_, k) => (k === 0 ? length : 0))),
    names: { logProbs: 'logprobs' },
  });
}

/** What a step says, as messages. */
export function stepMessages(step: JsonObject): JsonObject[] {
  const content = partsText(step['message']);
  const calls = listOf(step['tool_calls']).filter(isObject);
  const results = listOf(objectOf(step['observation'])['results']).filter(isObject);
  const role = step['source'] === 'agent' ? 'assistant' : step['source'];
  return [
    {
      role,
      content,
      ...(text(step['reasoning_content']) === null ? {} : { reasoning_content: step['reasoning_content'] }),
      ...(calls.length > 0 ? { tool_calls: calls.map(callOf) } : {}),
    },
    ...results.map((result) => ({
      role: 'tool',
      tool_call_id: result['source_call_id'],
      content: Array.isArray(result['content']) ? partsText(result['content']) : (result['content'] ?? ''),
    })),
  ];
}

function callOf({ tool_call_id: id, function_name: name, arguments: given }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: given } };
}
