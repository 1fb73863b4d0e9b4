/** Files of real LLMs in the page. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { violations } from '../lib/axe';
import { openFile } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio, region, trajectories, view } from '../lib/studio';

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
  const { problems } = await openStudio(page, '');
  const lines = Array.from({ length: 40 }, (_, k) => row(k));
  lines[5] = '{broken';
  await openFile(page, 'llm.jsonl', lines.join('\n'));
  const bar = region(page, 'Recorded trajectories');
  await expect(bar).toContainText('RECORDED');
  await expect(bar).toContainText('39 trajectories');
  await bar.getByText('1 line was skipped').click();
  await expect(bar).toContainText('line 6: not JSON');

  // The row on screen is a saved one: its steps, its evidence and the reward that follows from them.
  const inspector = region(page, 'Inspector');
  await expect(inspector).toContainText('birthplace');
  await expect(inspector).toContainText('Born in Berkeley.');
  await expect(inspector).toContainText('1.50');
  const filter = region(page, 'Questions and filter');
  await filter.getByRole('radio', { name: /^saved/ }).check();
  await expect(filter).toContainText('10 listed');
  await page.getByRole('combobox', { name: 'Training step' }).selectOption('11');
  // What it is filtered by stays: no row of this step was saved.
  await expect(filter).toContainText('0 listed');
  await filter.getByRole('radio', { name: /^all/ }).check();
  await expect(filter).toContainText('19 listed');
  await page.getByRole('combobox', { name: 'Training step' }).selectOption('all');

  await view(page, 'Cut Lab').click();
  const lab = region(page, 'Cut Lab');
  await expect(lab).toContainText('only from the model that wrote this');
  await expect(lab.getByRole('region', { name: 'Refiner' })).toContainText('cut at step 2');
  await view(page, 'Studio').click();
  await button(page, 'Back to the run').click();
  await expect(bar).toBeHidden();
  expect(problems).toEqual([]);
});

test('reads what TRL wrote', async ({ page }) => {
  await openStudio(page, '');
  await openFile(page, 'trl.jsonl', readFileSync('src/rollouts/fixtures/trl_tools.jsonl'));
  await expect(region(page, 'Inspector')).toContainText('Le Guin birthplace');
});

test('shows the numbers of tokens and the branches that a file of verifiers has', async ({ page }) => {
  const { problems } = await openStudio(page, '');
  await openFile(page, 'traces.jsonl', readFileSync('src/rollouts/fixtures/verifiers_tokens.jsonl'));
  const inspector = region(page, 'Inspector');
  await expect(inspector).toContainText('1, from step 2: Paris (wrong)');
  await expect(inspector).toContainText('Ratio: trainer_logprobs over logprobs.');
  const token = inspector.getByText('#21', { exact: true });
  await token.click();
  await token.hover();
  await expect(inspector).toContainText(
    '#21: log p −0.700 · entropy 0.900 · ratio 1.221 · base −1.500 (+0.800) · advantage +0.400',
  );
  expect(await violations(page), 'coloured').toEqual([]);
  await button(page, 'Table of tokens').click();
  await expect(inspector.getByRole('table').getByRole('row').nth(1)).toHaveText('#21−0.700.901.22−1.50+0.40');
  await view(page, 'Cut Lab').click();
  const branches = region(page, 'Branches in the file');
  await expect(branches.getByRole('row').nth(1)).toContainText('the trajectory, step 2');
  expect(await violations(page), 'branches').toEqual([]);
  expect(problems).toEqual([]);
});

test('keeps 20 MB browsable, and lets go of a reading', async ({ page }) => {
  await openStudio(page, '');
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
  await openFile(page, 'big.jsonl', big);
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().rollouts.reading ?? null)).toBeNull();
  await expect(region(page, 'Recorded trajectories')).toBeHidden();

  await openFile(page, 'big.jsonl', big);
  await expect(region(page, 'Recorded trajectories')).toContainText('10,000 trajectories');
  const list = trajectories(page);
  // A list that has just come to show other rows scrolls once by itself, to the selected one.
  await expect(async () => {
    await list.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await expect(list).toContainText('author 2499', { timeout: 1000 });
  }).toPass();
  // Only what is in sight is in the document, wherever the list stands and however it is sorted and filtered.
  const inDocument = async () => expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  await inDocument();
  const filter = region(page, 'Questions and filter');
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
  await expect(region(page, 'Questions and filter')).toContainText('4 listed');
});
