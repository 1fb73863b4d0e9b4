/** Lessons 2, 3 and 5 on their recordings, from beginning to end by keyboard alone. */
import { expect, type Page } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { forward, LESSON, openLesson, pressAt } from '../lib/lessons';
import { test } from '../lib/recorded';
import { button } from '../lib/studio';

const lock = (page: Page): Promise<void> => pressAt(page, button(page, 'That is my answer'), 'Enter');

async function slide(page: Page, ...keys: string[]): Promise<void> {
  await pressAt(page, page.getByRole('slider'), ...keys);
  await lock(page);
}

test('lesson 2: a reward is guessed, looked into and built', async ({ page }) => {
  const { problems } = await openLesson(page, 'worth', 'What is it worth?');
  const verdict = page.locator('.lesson-verdict');
  await expect(page.locator('.worth-formula')).toHaveCount(0);
  await slide(page, 'End');
  await expect(verdict).toContainText('You said 2.00. The reward is 1.67');
  await forward(page, 2);
  await pressAt(page, page.getByRole('button', { name: /^Step 3 counts 0/ }), 'Enter');
  await expect(page.locator('.shown-step[data-current]')).toContainText('repeated');
  await expect(page.locator('.worth-says')).toHaveText(/^Step 3 counts 0: no passage supports/);
  await forward(page, 3);
  await slide(page);
  await expect(verdict).toContainText('You have it. It is worth 1.00');
  await forward(page, 4);
  const bench = page.locator('.lesson-ask');
  await pressAt(page, bench.getByRole('button', { name: /^Repeat: / }).first(), 'Enter');
  await expect(bench).toContainText('Reward 1.50; wanted 2.00');
  for (const reward of ['1.67', '2.00']) {
    await pressAt(page, bench.getByRole('button', { name: /^Take out: / }).nth(2), 'Enter');
    await expect(bench).toContainText(`Reward ${reward}`);
  }
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  await lock(page);
  await forward(page, 5);
  await slide(page, 'Home');
  await expect(verdict).toContainText('You have it. It is worth 0.00');
  await forward(page, 6);
  await pressAt(page, bench.getByRole('radio').first(), 'ArrowDown');
  await expect(bench).toContainText('Reward 0.67; wanted 1.00');
  await pressAt(page, bench.getByRole('button', { name: /^Take out: / }).last(), 'Enter');
  await lock(page);
  await forward(page, 7);
  await expect(page.getByText('The reward pays for a right answer')).toBeVisible();
  expect(problems).toEqual([]);
});

test('lesson 3: which of eight become likelier is guessed, then seen', async ({ page }) => {
  const { problems } = await openLesson(page, 'siblings', 'Better than its siblings');
  const tries = page.getByRole('list', { name: 'Eight tries at one question' });
  await forward(page, 2);
  await expect(tries).not.toContainText('probability');
  await pressAt(page, page.getByRole('checkbox').first(), 'Space');
  await lock(page);
  await expect(tries.getByRole('listitem').first()).toContainText(/probability × 1\.\d\d/);
  await forward(page, 3);
  await slide(page, 'End');
  await expect(tries).toContainText('advantage +');
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  await forward(page, 4);
  await pressAt(page, page.getByRole('radio').first(), 'ArrowDown');
  await lock(page);
  await expect(page.getByText('So it is.')).toBeVisible();
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  await forward(page, 5);
  await pressAt(page, page.getByRole('radio').first(), 'Space');
  await lock(page);
  await expect(page.getByText('Not so.')).toBeVisible();
  await forward(page, 6);
  await expect(page.getByText('The actor learns from differences')).toBeVisible();
  expect(problems).toEqual([]);
});

test('lesson 5: a threshold is moved, and its curve seen', async ({ page }) => {
  const { problems } = await openLesson(page, 'threshold', 'Accept or cut?');
  const picture = page.locator('.drafts figcaption');
  await forward(page, 2);
  for (const step of [3, 4]) {
    await slide(page, 'ArrowRight');
    await expect(page.getByText('you said 1.', { exact: false }).first()).toBeVisible();
    await forward(page, step);
  }
  await pressAt(page, page.getByRole('slider'), 'Home');
  await expect(picture).toContainText('Threshold −5:');
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  await lock(page);
  await forward(page, 5);
  await pressAt(page, page.getByRole('radio').first(), 'Space');
  await lock(page);
  await expect(picture).toContainText('Threshold always cut:');
  await forward(page, 6);
  await expect(page.getByRole('table').getByRole('row', { name: /^−5, yours 96/ })).toBeVisible();
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  await forward(page, 7);
  expect(problems).toEqual([]);
});
