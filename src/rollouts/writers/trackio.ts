/** Traces of trackio: what belongs to the training stands in `metadata`. */
import { first, isArray, isObject } from '../text/json';
import { plainMessages } from './chat';
import { known } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const trackio: Writer = {
  name: 'trackio',
  keys: ['messages', 'metadata'],
  mine: ({ messages, metadata }) =>
    isArray(messages) && isObject(metadata) && first(metadata, ['step', 'reward', 'ground_truth']) !== undefined,
  rows: ({ messages, metadata, ...rest }) => {
    const inner = isObject(metadata) ? known(metadata) : {};
    return [{ ...inner, ...known(rest), messages: plainMessages(messages) }];
  },
};
