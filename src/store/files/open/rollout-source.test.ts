import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/assert';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import { idleStudio, playedStudio } from '../../../testing/page/open-studio';
import { expectSchema, expectTextSchema } from '../../../testing/schemas/expect-schema';
import { STEP } from '../../run/actions';
import type { PiecedFile } from '../../state/file-types';
import type { Studio } from '../../state/studio-state';
import { shelve } from '../../view/rollout-views';
import { chooseRolloutStep } from './open-rollouts';
import { saveCsv, saveParquet, saveTrajectories, saveZippedTrajectories } from '../save/save-trajectories';

const search = (found: string) => `<search>q</search><information>${found}</information>`;
const LINES = [
  { question: '=1+1', gold: 'Bonn', step: 2, completion: `${search('Bonn')}<answer>Bonn</answer>`, reward: -1 },
  { question: 'r', gold: ['Oslo', 'Christiania'], step: 1, completion: '<answer>@x,\n"y"</answer>', uid: 'g' },
  { question: 'r', step: 1, draft: search('x'), final: '<answer>Rome</answer>', cut: 1, uid: 'g' },
  { question: 'r', gold: 'Oslo', step: 1, completion: '<think>hm', finish_reason: 'length' },
].map((row) => JSON.stringify(row));

/** A studio with the file on screen. */
async function opened(lines: readonly string[] = LINES): Promise<Studio> {
  const { studio } = idleStudio();
  const blob = new Blob([lines.join('\n')]);
  const file = await readRolloutFiles([{ name: 'my.run.jsonl.gz', size: blob.size, stream: () => blob.stream() }]);
  const { shelf, about } = shelve(file);
  studio.rollouts.shelf = shelf;
  studio.store.setState({ rollouts: { reading: null, file: about, other: null, following: null, wanted: null } });
  return studio;
}

async function whole({ name, pieces }: PiecedFile): Promise<{ name: string; blob: Blob }> {
  const parts = [];
  for await (const piece of pieces) parts.push(piece);
  return { name, blob: new Blob(parts) };
}

const linesOf = async (saving: Promise<PiecedFile>) =>
  (await (await whole(await saving)).blob.text()).trimEnd().split('\n');
const list = (studio: Studio, change: object) =>
  studio.store.setState((state) => ({ list: { ...state.list, ...change } }));

/** RFC 4180, by a reader of its own. */
function readCsv(text: string): Record<string, string>[] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r\n)/g)].map(([, cell = '', end]) => ({
    cell: cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
    last: end !== ',',
  }));
  const rows: string[][] = [[]];
  for (const { cell, last } of cells) {
    rows.at(-1)?.push(cell);
    if (last) rows.push([]);
  }
  const [names = [], ...values] = rows.slice(0, -1);
  return values.map((row) => Object.fromEntries(names.map((name, k) => [name, row[k] ?? ''])));
}

describe('saving an opened file', () => {
  it('writes its own lines: those that are listed in their order, or all as they stand in it', async () => {
    const studio = await opened();
    expect(await linesOf(saveTrajectories(studio))).toEqual([LINES[1], LINES[2], LINES[3], LINES[0]]);
    list(studio, { sort: 'worst' });
    expect(await linesOf(saveTrajectories(studio))).toEqual([LINES[0], LINES[1], LINES[3], LINES[2]]);
    list(studio, { facets: { searches: '0' }, find: 'hm' });
    expect(await linesOf(saveTrajectories(studio))).toEqual([LINES[3]]);
    expect((await saveTrajectories(studio)).name).toBe('my.run-listed.jsonl');
    expect((await saveZippedTrajectories(studio)).name).toBe('my.run-listed.jsonl.gz');
    studio.store.setState({ onlyListed: false });
    expect(await linesOf(saveTrajectories(studio))).toEqual(LINES);
    expect((await saveTrajectories(studio)).name).toBe('my.run-all.jsonl');
    studio.store.setState({ onlyListed: true });
    list(studio, { find: '' });
    chooseRolloutStep(studio, 2);
    list(studio, { facets: {} });
    expect(await linesOf(saveTrajectories(studio))).toEqual([LINES[0]]);
    list(studio, { find: 'nowhere' });
    await expect(saveTrajectories(studio)).rejects.toThrow(UserError);
  });

  it('writes a table of what the list shows', async () => {
    const studio = await opened();
    const { name, blob } = await whole(await saveParquet(studio));
    expect(name).toBe('my.run-listed.parquet');
    const rows = await parquetReadObjects({ file: await blob.arrayBuffer() });
    expectSchema('rollout-table', rows);
    expect(rows.map((one) => Number(one['row']))).toEqual([2, 3, 4, 1]);
    expect(rows[3]).toEqual({
      ...{ row: 1, step: 2, question: '=1+1', gold_answers: '["Bonn"]', answer: 'Bonn', exact_match: 1 },
      ...{
        reward: -1,
        reward_given: 1,
        advantage: null,
        searches: 1,
        length: `${search('Bonn')}<answer>Bonn</answer>`.length,
      },
      ...{ ended: 'answered', first_useless: 0, first_flawed: 0, answer_in_passages: 1 },
      ...{ cut: null, exact_match_draft: null, reward_draft: null, labels: null, notes: null, line: LINES[0] },
    });
    expect(rows[1]).toMatchObject({ cut: 1, exact_match: null, reward: null, reward_draft: null, gold_answers: '[]' });
    expect(rows[2]).toMatchObject({ ended: 'truncated', answer: null, answer_in_passages: null, first_flawed: 1 });
  });

  it('writes the same as CSV, in which no text is a formula', async () => {
    const studio = await opened();
    const { name, blob } = await whole(await saveCsv(studio));
    expect(name).toBe('my.run-listed.csv');
    const rows = readCsv(await blob.text());
    expect(rows).toHaveLength(4);
    expect(rows[3]).toMatchObject({ question: "'=1+1", reward: '-1', cut: '' });
    expect(rows[0]).toMatchObject({ answer: `'@x,\n"y"` });
    const known = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')));
    expect(known[1]).toMatchObject({ cut: '1' });
    const nulls = {
      ...{ exact_match: null, reward: null, advantage: null },
      cut: null,
      exact_match_draft: null,
      reward_draft: null,
      answer: null,
      answer_in_passages: null,
      ...{ labels: null, notes: null },
    };
    expectTextSchema(
      'rollout-table',
      known.map((row) => ({ ...nulls, first_useless: null, first_flawed: null, ...row, line: '{}' })),
    );
  });
});

describe('saving the run', () => {
  it('takes the listed rows of the update on screen where that is asked for', async () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    expect(state().onlyListed).toBeNull();
    const all = await linesOf(saveTrajectories(studio));
    list(studio, { filter: 'malformed' });
    expect(await linesOf(saveTrajectories(studio))).toEqual(all);
    studio.store.setState({ onlyListed: true });
    const listed = await linesOf(saveTrajectories(studio));
    expect(listed.length).toBeLessThan(all.length);
    expect(all).toEqual(expect.arrayContaining(listed));
    expect((await saveTrajectories(studio)).name).toMatch(/-listed\.jsonl$/);
    const rows = readCsv(await (await whole(await saveCsv(studio))).blob.text());
    expect(rows).toHaveLength(listed.length);
    expect(rows.map(({ row }) => Number(row))).toEqual(listed.map((line) => Number(/"row":(\d+)/.exec(line)?.[1])));
  });
});
