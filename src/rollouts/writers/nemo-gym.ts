/** NeMo Gym: a request and a response of OpenAI's Responses interface. */
import { responseItems } from './chat';
import { nameOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

export const nemoGym: Writer = {
  name: 'NeMo Gym',
  keys: ['responses_create_params', 'response'],
  rows: ({ responses_create_params: request, response, ...rest }) => {
    const task = nameOf(rest['_ng_task_index']);
    return [
      {
        ...rest,
        messages: [...responseItems(objectOf(request)['input']), ...responseItems(objectOf(response)['output'])],
        ...(task === null ? {} : { group: task }),
      },
    ];
  },
};
