/** NeMo-RL: `train_data_stepN.jsonl`, `val_data_stepN.jsonl`. `content` is the chat: messages, their texts in turn, or one text. */
import { finite, isArray, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import { plainMessages } from './chat';
import { countsIn, numbersIn, withTokens } from '../reading/token-columns';
import type { Numbers } from '../reading/token-columns';
import type { Writer } from '../reading/writer';

export const nemoRl: Writer = {
  name: 'NeMo-RL',
  keys: ['content', 'rewards'],
  mine: ({ content, idx, token_ids: ids }) =>
    idx !== undefined || ids !== undefined || (isArray(content) && content.every(isObject)),
  rows: (row) => {
    const { content, rewards, advantages } = row;
    // Of what it has for every token only the advantage is used, which is the same at each that the policy wrote.
    const numbers = isArray(advantages) ? advantages.map(finite).filter((value) => value !== null && value !== 0) : [];
    const advantage = isArray(advantages) ? (numbers.at(-1) ?? (advantages.length > 0 ? 0 : null)) : finite(advantages);
    const rest: JsonObject = { reward: rewards, ...(advantage === null ? {} : { advantage }) };
    const said = isArray(content) ? { messages: chatOf(content) } : splitText(String(content));
    return [{ ...rest, ...said, ...tokensOf(row) }];
  },
};

/** One value for each token of prompt and answer, padded to the longest row of the batch. */
function tokensOf(row: JsonObject): JsonObject {
  const length = finite(row['input_lengths']) ?? Infinity;
  const ids = countsIn(row['token_ids'], length);
  if (ids === null) return {};
  const column = (key: string): Numbers | null => {
    const numbers = numbersIn(row[key], length);
    return numbers?.length === ids.length ? numbers : null;
  };
  const mask = countsIn(row['token_loss_mask'], length);
  return withTokens({
    ...{ ids, mask: mask?.length === ids.length ? mask : null },
    ...{ logProbs: column('generation_logprobs'), current: column('prev_logprobs') },
    advantages: column('advantages'),
    names: { logProbs: 'generation_logprobs', current: 'prev_logprobs' },
  });
}

function chatOf(content: readonly unknown[]): JsonObject[] {
  if (content.every(isObject)) return plainMessages(content);
  // The question first, then the model and what answers it in turn.
  const roles = ['tool', 'assistant'];
  return content.map((said, k) => ({ role: k === 0 ? 'user' : roles[k % 2], content: said }));
}

/** One text: the model begins where the template first gives it the word. */
function splitText(content: string): JsonObject {
  const start = /(?:<\|im_start\|>|\n)assistant\n|<\|start_header_id\|>assistant<\|end_header_id\|>\s*/.exec(content);
  const at = start ? start.index + start[0].length : 0;
  return { prompt: content.slice(0, at), completion: content.slice(at) };
}
