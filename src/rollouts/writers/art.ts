/** OpenPipe ART: `trajectories/train/0012.parquet`, calls as JSON within text. */
import { plainMessages } from './chat';
import { nameOf, objectOf, stepInName } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { parsed } from '../text/json';

export const art: Writer = {
  name: 'OpenPipe ART',
  keys: ['group_index', 'trajectory_index', 'reward', 'messages'],
  rows: (row, file) => {
    const { metadata: given, messages, ...rest } = row;
    const step = row['step'] ?? stepInName(file);
    const metadata = objectOf(typeof given === 'string' ? parsed(given) : given);
    return [
      {
        ...rest,
        metadata,
        messages: plainMessages(messages),
        group: nameOf(row['group_index']),
        ...(step === null ? {} : { step }),
      },
    ];
  },
};
