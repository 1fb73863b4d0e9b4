/** Files of real LLMs in the page: no WebGPU is needed, and a run would only slow the reading. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { openStudio } from './lib/studio';

const search = (query: string, found: string) =>
  `<think>Look for ${query}.</think><search>${query}</search><information>Doc 1(Title: "T") ${found}</information>`;
const row = (k: number, filler = '') =>
  JSON.stringify({
    prompt: `Question: Where was author ${k >> 2} born?\n`,
    golden_answers: ['Berkeley'],
    step: 10 + (k % 2),
    draft: `${search('author', `By somebody.${filler}`)}<answer>Portland</answer>`,
    final:
      k % 4 === 0
        ? `${search('author', `By somebody.${filler}`)}${search('birthplace', 'Born in Berkeley.')}<answer>Berkeley</answer>`
        : `${search('author', `By somebody.${filler}`)}<answer>Portland</answer>`,
  });

test('shows a rollout file beside the run, with before and after, and goes back', async ({ page }) => {
  const { problems } = await openStudio(page);
  const open = page.locator('input[type=file]');
  const lines = Array.from({ length: 40 }, (_, k) => row(k));
  lines[5] = '{broken';
  await open.setInputFiles({ name: 'llm.jsonl', mimeType: '', buffer: Buffer.from(lines.join('\n')) });
  const bar = page.getByRole('region', { name: 'Recorded trajectories' });
  await expect(bar).toContainText('RECORDED');
  await expect(bar).toContainText('39 trajectories');
  await bar.getByText('1 line was skipped').click();
  await expect(bar).toContainText('line 6: not JSON');

  // The row on screen is a saved one: its steps, its evidence and the reward that follows from them.
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect(inspector).toContainText('birthplace');
  await expect(inspector).toContainText('Born in Berkeley.');
  await expect(inspector).toContainText('1.50');
  const filter = page.getByRole('region', { name: 'Questions and filter' });
  await filter.getByRole('radio', { name: /^saved/ }).check();
  await expect(filter).toContainText('10 listed');
  await page.getByRole('combobox', { name: 'Training step' }).selectOption('11');
  await expect(filter).toContainText('19 listed');
  await page.getByRole('combobox', { name: 'Training step' }).selectOption('all');

  await page.getByRole('button', { name: 'Cut Lab', exact: true }).click();
  const lab = page.getByRole('region', { name: 'Cut Lab' });
  await expect(lab).toContainText('only from the model that wrote this');
  await expect(lab.getByRole('region', { name: 'Refiner' })).toContainText('cut at step 2');
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  await page.getByRole('button', { name: 'Back to the run' }).click();
  await expect(bar).toBeHidden();
  expect(problems).toEqual([]);
});

test('reads what TRL wrote', async ({ page }) => {
  await openStudio(page);
  const buffer = readFileSync('src/rollouts/fixtures/trl_tools.jsonl');
  await page.locator('input[type=file]').setInputFiles({ name: 'trl.jsonl', mimeType: '', buffer });
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Le Guin birthplace');
});

test('keeps 20 MB browsable, and lets go of a reading', async ({ page }) => {
  await openStudio(page);
  const filler = ' Lorem ipsum dolor sit amet.'.repeat(30);
  const big = Buffer.from(Array.from({ length: 10_000 }, (_, k) => row(k, filler)).join('\n'));
  expect(big.length).toBeGreaterThan(17_000_000);
  await page.evaluate(() => {
    // As soon as the bar is there: the file may be read in a moment.
    const watch = new MutationObserver(() => {
      const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Cancel');
      if (!button) return;
      watch.disconnect();
      button.click();
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
  await page.locator('input[type=file]').setInputFiles({ name: 'big.jsonl', mimeType: '', buffer: big });
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().rollouts.reading ?? null)).toBeNull();
  await expect(page.getByRole('region', { name: 'Recorded trajectories' })).toBeHidden();

  await page.locator('input[type=file]').setInputFiles({ name: 'big.jsonl', mimeType: '', buffer: big });
  await expect(page.getByRole('region', { name: 'Recorded trajectories' })).toContainText('10,000 trajectories');
  const list = page.getByRole('group', { name: 'List of trajectories' });
  await list.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect(list).toContainText('author 2499');
  // Only what is in sight is in the document, wherever the list stands and however it is sorted and filtered.
  const inDocument = async () => expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await inDocument();
  const filter = page.getByRole('region', { name: 'Questions and filter' });
  await filter.getByRole('radio', { name: /^saved/ }).check();
  await expect(filter).toContainText('2500 listed');
  await filter.getByRole('combobox', { name: 'Sort by' }).selectOption('worst');
  await inDocument();
  await filter.getByRole('radio', { name: /^all/ }).check();
  // Rows hold lists of their own.
  const rows = list.locator('> ol > li');
  await expect(rows.first()).toContainText('R 0.00');
  await list.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect(rows.last()).toHaveAttribute('aria-posinset', '10000');
  await expect(rows.last()).toContainText('R 1.50');
  await inDocument();
  await page.getByRole('searchbox').fill('author 1234 ');
  await expect(page.getByRole('region', { name: 'Questions and filter' })).toContainText('4 listed');
});
