/** Files that verl's, TRL's and SkyRL's own code wrote (scripts/proofs/write_rollouts.py), read as a person's file is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from './file/read-file';
import type { SourceFile } from './file/read-file';

const GOLDS = ['Berkeley', 'Berkeley, California'];
const QUESTION = 'In which city was the author of The Dispossessed born?';

function fixture(name: string): SourceFile {
  const bytes = readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
  return { name, size: bytes.length, stream: () => new Blob([bytes]).stream() };
}

describe('files of verl, TRL and SkyRL', () => {
  it('verl, Search-R1 tags: EM agrees with the score of its reward function', async () => {
    const file = await readRolloutFiles([fixture('verl_search_r1.jsonl')]);
    expect(file).toMatchObject({ name: 'verl_search_r1.jsonl', skipped: 0, cutOff: null });
    const [good, bad] = [rolloutAt(file, 0), rolloutAt(file, 1)];
    expect(good).toMatchObject({ question: QUESTION, golds: GOLDS, step: 40, cut: 0, reviewed: false });
    expect(good.final).toMatchObject({ em: 1, reward: 1, rewardGiven: true, answer: 'Berkeley', endReason: null });
    expect(good.final.steps.map(({ text, useful }) => [text, useful])).toEqual([
      ['author of The Dispossessed', 0],
      ['Ursula K. Le Guin born', 1],
      ['Berkeley', null],
    ]);
    expect(good.final.steps[1]?.passages.map(({ title, evidence }) => [title, evidence])).toEqual([
      ['Ursula K. Le Guin', 'new'],
      ['Portland', 'irrelevant'],
    ]);
    expect(bad.final).toMatchObject({ em: 0, reward: 0, coverage: 0 });
    // One group of two: (R - 1/2) / std, std = 1 / sqrt 2.
    expect(Array.from(file.table.groups)).toEqual([0, 0]);
    expect(file.table.advantages[0]).toBeCloseTo(Math.SQRT1_2, 5);
  });

  it('verl, its default trainer: one group, and of the outputs of a session the last one', async () => {
    const file = await readRolloutFiles([fixture('verl_v1.jsonl')]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect([...file.table.steps]).toEqual([42, 42]);
    expect([...file.table.lines]).toEqual([2, 3]);
    expect([...file.table.groups]).toEqual([0, 0]);
    expect(file.table.advantages[0]).toBeCloseTo(Math.SQRT1_2, 5);
    expect(rolloutAt(file, 0)).toMatchObject({ question: QUESTION, golds: GOLDS, final: { em: 1, reward: 1 } });
    expect(rolloutAt(file, 0).final.steps).toHaveLength(3);
    expect(rolloutAt(file, 1).final).toMatchObject({ em: 0, reward: 0, answer: 'Portland, Oregon' });
  });

  it.each([
    ['verl', 'verl_search_r2.jsonl', [0, 1, 2, 3]],
    ['TRL', 'trl_search_r2.jsonl', [0, 1]],
  ])('%s with the recipe’s trainer: draft, cut and final of each session', async (_, name, groups) => {
    const file = await readRolloutFiles([fixture(name)]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect([...new Set(file.table.groups)]).toEqual(groups);
    const rows = Array.from(file.table.lines, (_line, place) => rolloutAt(file, place));
    expect(rows).toHaveLength(16);
    for (const { reviewed, cut, draft, final, advantage } of rows) {
      expect([reviewed, advantage === null, draft === final]).toEqual([true, false, cut === 0]);
      // The cut keeps the steps before it.
      const kept = (side: typeof draft) => side.steps.slice(0, Math.max(0, cut - 1));
      expect(kept(final)).toEqual(kept(draft));
      // R = EM (1 + r), with the useful searches that the file names.
      const useful = final.steps.flatMap(({ useful: one }) => one ?? []);
      const process = useful.reduce((sum, one) => sum + one, 0) / Math.max(1, useful.length);
      expect(final.reward).toBeCloseTo((final.em ?? 0) * (1 + process), 6);
    }
    expect(rows.some(({ draft, final }) => draft.em === 0 && final.em === 1)).toBe(true);
  });

  it('SkyRL, a dumped evaluation: scores of tokens are added up, and a limit of length is told', async () => {
    const file = await readRolloutFiles([fixture('skyrl.jsonl')]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect(rolloutAt(file, 0)).toMatchObject({ question: QUESTION, golds: GOLDS, truncated: false });
    expect(rolloutAt(file, 0).final).toMatchObject({ em: 1, reward: 1, rewardGiven: true, answer: 'Berkeley' });
    expect(rolloutAt(file, 1)).toMatchObject({ truncated: true, final: { em: 0, reward: 0 } });
  });

  it('TRL: the Parquet file that it writes holds the rows of its lines', async () => {
    const rows = async (name: string): Promise<unknown[]> => {
      const file = await readRolloutFiles([fixture(name)]);
      return [0, 1].map((row) => rolloutAt(file, row));
    };
    expect(await rows('trl_tools.parquet')).toEqual(await rows('trl_tools.jsonl'));
  });

  it('verl, tool calls in a chat template', async () => {
    const file = await readRolloutFiles([fixture('verl_tools.jsonl')]);
    const { final } = rolloutAt(file, 0);
    expect(final.steps.map(({ kind, text, thought }) => [kind, text, thought])).toEqual([
      ['search', 'author of The Dispossessed', 'Who wrote it?'],
      ['search', 'Le Guin born', ''],
      ['answer', 'Berkeley', ''],
    ]);
    expect(final.steps[1]?.passages).toHaveLength(2);
    expect(rolloutAt(file, 1).final).toMatchObject({ em: 0, answer: 'Oakland' });
  });

  it('TRL, tool messages: rewards added up, its advantages kept', async () => {
    const file = await readRolloutFiles([fixture('trl_tools.jsonl')]);
    const good = rolloutAt(file, 0);
    expect(good).toMatchObject({ question: QUESTION, golds: GOLDS, step: 12, advantage: 0.7071 });
    expect(good.final).toMatchObject({ em: 1, reward: 1.25, answer: 'Berkeley, California' });
    expect(good.final.steps).toMatchObject([
      { kind: 'search', text: 'Le Guin birthplace', useful: 1, passages: [{ title: 'Ursula K. Le Guin' }] },
      { kind: 'answer' },
    ]);
    expect(rolloutAt(file, 1).final).toMatchObject({ em: 0, answer: 'It was Portland.', reward: 0.25 });
    expect(file.table.advantages[1]).toBeCloseTo(-0.7071);
  });

  it('reads several files as one, sorted by step', async () => {
    const names = ['verl_tools.jsonl', 'trl_tools.jsonl', 'verl_search_r1.jsonl'];
    const file = await readRolloutFiles(names.map(fixture));
    expect(file.name).toBe('3 files');
    expect(Array.from(file.table.steps)).toEqual([12, 12, 40, 40, 41, 41]);
    expect(rolloutAt(file, 4).final.answer).toBe('Berkeley');
  });
});
