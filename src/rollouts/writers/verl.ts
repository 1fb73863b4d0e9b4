/**
 * verl's default trainer (`use_v1`): `uid` is `{prompt}_{session}_{output}`, another in every row; the prompt's part is the group.
 * Of a session's outputs the last one is the whole.
 */
import { text } from '../text/json';
import { SkippedRow } from '../reading/record';
import { SUPERSEDES } from '../reading/writer';
import type { Writer } from '../reading/writer';

const UID = /^(.+)_\d+_\d+$/;
/** Where sessions give several outputs, the trainer fills its last mini-batch with rows of nothing, and dumps them too. */
const PADDING = /^pad[0-9a-f]{32}_/;

export const verl: Writer = {
  name: 'verl',
  keys: ['input', 'output', 'score', 'step', 'uid'],
  mine: (row) => UID.test(text(row['uid']) ?? ''),
  rows: (row) => {
    const uid = text(row['uid']) ?? '';
    if (PADDING.test(uid) && row['output'] === '') throw new SkippedRow('verl filled its batch with it: no rollout');
    return [{ ...row, uid: uid.replace(UID, '$1'), [SUPERSEDES]: uid.replace(/_\d+$/, '') }];
  },
};
