/** Search-o1 and WebThinker: an array whose keys begin with a capital. */
import { text } from '../text/json';
import { objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const searchO1: Writer = {
  name: 'Search-o1',
  keys: ['Question', 'Output'],
  rows: ({ Question: prompt, Output: completion, Metrics: metrics, ...rest }) => {
    const { em } = objectOf(metrics);
    // The whole prompt, in which the question has lines of its own.
    const asked = /^[\s\S]*Question:\s*([\s\S]*?)\s*(?:<\|im_end\|>|$)/.exec(text(prompt) ?? '')?.[1];
    return [
      { ...rest, prompt, completion, ...(asked ? { question: asked } : {}), ...(em === undefined ? {} : { em }) },
    ];
  },
};
