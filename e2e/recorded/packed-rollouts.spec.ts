/** Files of rollouts that are packed, and one too large to be held: its text lies on disk. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { violations } from '../lib/axe';
import { openFile } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio, region, trajectories } from '../lib/studio';

const FIXTURES = new URL('../../src/rollouts/fixtures/', import.meta.url);

for (const { name, question, said } of [
  { name: 'trl_tools.parquet', question: 'In which city was the author of The Dispossessed born?', said: 'Berkeley' },
  { name: 'inspect.eval', question: 'Where was the author of X born?', said: 'She was born in Rome.' },
]) {
  test(`opens ${name}`, async ({ page }) => {
    const { problems } = await openStudio(page, '');
    await openFile(page, name, readFileSync(new URL(name, FIXTURES)));
    await expect(region(page, 'Recorded trajectories')).toContainText('2 trajectories');
    await expect(trajectories(page)).toContainText(question);
    await expect(region(page, 'Inspector')).toContainText(said);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
}

test('shows, scrolls and searches a file whose text it does not hold', async ({ page }) => {
  const { problems } = await openStudio(page, '');
  const found = `Doc 1(Title: "T") ${'It is a long passage. '.repeat(200)}`;
  const row = (k: number) =>
    JSON.stringify({
      question: `What is the number of town ${k}?`,
      completion: `<search>town number ${k}</search><information>${found}Town ${k}.</information><answer>${k}</answer>`,
      ...{ gold: String(k), step: 1 },
    });
  const rows = 9000;
  await openFile(page, 'large.jsonl', Array.from({ length: rows }, (_, k) => row(k)).join('\n'));
  const filter = region(page, 'Questions and filter');
  await expect(filter).toContainText(`${rows} listed`);
  const list = trajectories(page);
  await expect(list).toContainText('town number 1');
  await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(list).toContainText(`town number ${rows - 1}`);
  await page.getByRole('searchbox').fill('Town number 8123');
  await expect(filter).toContainText('1 listed');
  await expect(list).toContainText('town number 8123');
  await list.getByRole('button', { name: /town number 8123/ }).click();
  await expect(region(page, 'Inspector')).toContainText('Town 8123.');
  await button(page, 'Back to the run').click();
  expect(problems).toEqual([]);
});
