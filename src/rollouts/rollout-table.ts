/** Rollouts as rows of a table: what a list shows of each, by column (docs/formats.md, Rollouts as a table). */
import { faultsOf, GROUNDED, UNKNOWN } from './file/row-faults';
import type { Rollout } from './reading/record';
import { remarkPlace } from './reading/remarks';
import type { Remark } from './reading/remarks';
import type { RowTable } from './file/row-table';

export const ROLLOUT_COLUMNS = [
  { name: 'row', type: 'INT32' },
  { name: 'step', type: 'INT32' },
  { name: 'question', type: 'STRING' },
  { name: 'gold_answers', type: 'STRING' },
  { name: 'answer', type: 'STRING' },
  { name: 'exact_match', type: 'INT32' },
  { name: 'reward', type: 'DOUBLE' },
  { name: 'reward_given', type: 'INT32' },
  { name: 'advantage', type: 'DOUBLE' },
  { name: 'searches', type: 'INT32' },
  { name: 'length', type: 'INT32' },
  { name: 'ended', type: 'STRING' },
  { name: 'first_useless', type: 'INT32' },
  { name: 'first_flawed', type: 'INT32' },
  { name: 'answer_in_passages', type: 'INT32' },
  { name: 'cut', type: 'INT32' },
  { name: 'exact_match_draft', type: 'INT32' },
  { name: 'reward_draft', type: 'DOUBLE' },
  { name: 'labels', type: 'STRING' },
  { name: 'notes', type: 'STRING' },
] as const;
export type RolloutRow = Readonly<Record<(typeof ROLLOUT_COLUMNS)[number]['name'], number | string | null>>;

/** @param row number that names it; @param advantage that of the list, which may be computed from the group */
export function rolloutRow(rollout: Rollout, row: number | null, advantage: number | null): RolloutRow {
  const { question, golds, step, draft, final, cut, reviewed } = rollout;
  const { useless, flawed, grounded, ending } = faultsOf(rollout);
  const { steps } = final;
  const known = (at: number): number | null => (at === UNKNOWN ? null : at);
  return {
    ...{ row, step, question, gold_answers: JSON.stringify(golds), answer: final.answer },
    ...{ exact_match: final.em, reward: final.reward, reward_given: Number(final.rewardGiven), advantage },
    searches: steps.filter(({ kind }) => kind === 'search').length,
    // Calls of one message share its place: the last step need not end last.
    length: steps.reduce((end, one) => Math.max(end, one.end), 0) - (steps[0]?.start ?? 0),
    ...{ ended: ending, first_useless: known(useless), first_flawed: known(flawed) },
    answer_in_passages: grounded === GROUNDED.yes ? 1 : grounded === GROUNDED.no ? 0 : null,
    cut: reviewed ? cut : null,
    exact_match_draft: reviewed ? draft.em : null,
    reward_draft: reviewed ? draft.reward : null,
    ...remarkColumns(rollout),
  };
}

/** What a person said, in words: "good; step 2: wrong query". null where nobody did. */
export function remarkColumns({ remarks = [], cut }: Pick<Rollout, 'remarks' | 'cut'>) {
  const place = (remark: Remark): string => (remark.step === null ? '' : `${remarkPlace(remark, cut > 0)}: `);
  const labels = remarks.flatMap((one) => one.labels.map((label) => `${place(one)}${label}`));
  const notes = remarks.flatMap((one) => (one.note.trim() === '' ? [] : [`${place(one)}${one.note.trim()}`]));
  return {
    labels: labels.length > 0 ? labels.join('; ') : null,
    notes: notes.length > 0 ? notes.join('\n') : null,
  };
}

/** (N) which of the file's trajectories each row of the table is, from 1. */
export function rowNumbers({ offsets }: Pick<RowTable, 'offsets'>): Uint32Array {
  const numbers = new Uint32Array(offsets.length);
  Array.from(offsets.keys())
    .sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0))
    .forEach((row, k) => (numbers[row] = k + 1));
  return numbers;
}
