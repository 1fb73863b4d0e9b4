/**
 * miles (and slime): `trajectory/N.jsonl`, N being the rollout's number. What it writes of the tokens beside it
 * (`../containers/token-table.ts`) is in the row already.
 */
import { finite } from '../text/json';
import type { JsonObject } from '../text/json';
import { countsIn, numbersIn, withTokens } from '../reading/token-columns';
import { nameOf, stepInName } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const miles: Writer = {
  name: 'miles',
  keys: ['sample_index', 'group_index', 'reward'],
  rows: (row, file) => {
    // Its evaluations have numbers and groups of their own.
    const evaluation = /(?:^|[/\\])eval_(\d+)\.[a-z.]+$/i.exec(file)?.[1];
    const step = row['step'] ?? row['rollout_id'] ?? (evaluation === undefined ? stepInName(file) : Number(evaluation));
    const group = nameOf(row['group_index']);
    const { tokens, loss_mask: mask, rollout_log_probs: logProbs, ...rest } = row;
    const numbers = tokensOf(tokens, mask, logProbs, finite(row['response_length']));
    return [
      {
        ...rest,
        group: evaluation === undefined || group === null ? group : `evaluation ${group}`,
        ...(step === null ? {} : { step }),
        ...numbers,
      },
    ];
  },
};

/** Of a sample's tokens the last `response_length` are the response; its mask and log-probabilities are of those alone. */
function tokensOf(tokens: unknown, mask: unknown, logProbs: unknown, response: number | null): JsonObject {
  const all = countsIn(tokens);
  const [masked, numbers] = [countsIn(mask), numbersIn(logProbs)];
  const length = response ?? masked?.length ?? numbers?.length;
  if (all === null || length === undefined || length < 1 || length > all.length) return {};
  return withTokens({
    ids: all.slice(-length),
    mask: masked?.length === length ? masked : null,
    logProbs: numbers?.length === length ? numbers : null,
    names: { logProbs: 'rollout_log_probs' },
  });
}
