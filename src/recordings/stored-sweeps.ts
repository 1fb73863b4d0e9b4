/** Sweeps of a recording's drafts that were computed before, for who cannot compute them: format cutpoint-sweeps (docs/formats.md). */
import { UserError } from '../lib/assert';
import { NEWER_HINT } from '../lib/versions';
import type { CutSweep } from '../trainer/protocol/protocol';
import { checkedObject } from './capsule/checked-json';
import type { Json } from './capsule/checked-json';

const FORMAT = 'cutpoint-sweeps/';
const VERSION = 1;
/** A draft has at most five steps; more replicates than this nobody stores. */
const MAX_REPLICATES = 1024;
const MAX_ROW = 65_535;

export interface StoredSweeps {
  /** Name of the adapter that computed them. */
  adapter: string;
  /** The update whose drafts they are of. */
  update: number;
  /** By the draft's row in its update. */
  drafts: ReadonlyMap<number, CutSweep>;
}

export function encodeSweeps({ adapter, update, drafts }: StoredSweeps): Json {
  return {
    ...{ format: `${FORMAT}${VERSION}`, adapter, update },
    drafts: Array.from(drafts, ([row, sweep]) => {
      const { update: weights, firstReplicate, replicates, rewards, em } = sweep;
      // Nine digits are what it takes to come back to the same float32.
      const numbers = Array.from(rewards, (reward) => Number(reward.toPrecision(9)));
      return { row, weights, firstReplicate, replicates, rewards: numbers, em: [...em] };
    }),
  };
}

/** @throws UserError for anything but whole sweeps that this version can read */
export function readSweeps(json: unknown, name: string): StoredSweeps {
  const unusable = (what: string, hint = 'Nothing was changed.'): UserError =>
    new UserError(`${name} is no usable file of sweeps: ${what}.`, hint);
  const file = checkedObject(json, unusable);
  const format = file.text('format');
  const version = Number(/^cutpoint-sweeps\/([1-9]\d{0,8})$/.exec(format)?.[1] ?? 0);
  if (version === 0) throw unusable('it does not say that it is one');
  if (version > VERSION) throw unusable(`it is ${format}, and this page reads ${FORMAT}${VERSION}`, NEWER_HINT);
  const drafts = file.objects('drafts').map((draft): [number, CutSweep] => {
    const replicates = draft.count('replicates', MAX_REPLICATES);
    const rewards = Float32Array.from(draft.numbers('rewards'));
    const em = Uint8Array.from(draft.counts('em'));
    if (replicates === 0 || rewards.length % replicates !== 0 || em.length !== rewards.length) {
      throw unusable('the numbers of a draft do not fit its replicates');
    }
    const update = draft.count('weights');
    return [
      draft.count('row', MAX_ROW),
      { update, firstReplicate: draft.count('firstReplicate'), replicates, rewards, em },
    ];
  });
  return { adapter: file.line('adapter'), update: file.count('update'), drafts: new Map(drafts) };
}
