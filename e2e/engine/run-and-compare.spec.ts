import { expect, test } from '@playwright/test';
import { violations } from '../lib/axe';
import { button, events, openReady, region, SHIPPED_RUN, status, step, untilState, untilUpdates } from '../lib/studio';

test('runs as many updates as are asked for, and puts another run’s answer to the same question beside this one’s', async ({
  page,
}) => {
  const { problems } = await openReady(page, SHIPPED_RUN);
  const menu = page.getByLabel('Run a set number of updates');
  await menu.focus();
  await page.keyboard.press('Enter');
  const number = page.getByRole('textbox', { name: 'How many updates' });
  await expect(number).toBeFocused();
  await number.fill('ten');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('Write a whole number from 1 to 100,000.');
  expect(await events(page, 'metrics')).toEqual([]);
  await number.fill('2');
  await page.keyboard.press('Enter');
  await expect(number).toBeHidden();
  await expect(status(page)).toContainText('to update 2');
  await untilUpdates(page, 2);
  await untilState(page, 'paused');
  await expect(status(page)).not.toContainText('to update');
  expect((await events(page, 'metrics')).map(({ update }) => update)).toEqual([1, 2]);

  // The same run once more, as another one: its first update asks the same questions.
  await button(page, 'Reset').click();
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().update)).toBe(0);
  await step(page, 1);
  await page.getByRole('button', { name: /^Show the last run/ }).click();
  const strip = page.getByRole('figure', { name: 'Cut position' });
  await strip.scrollIntoViewIfNeeded();
  await expect(strip.locator('.strip-ghost path').first()).toBeAttached();

  await button(page, 'Open in Cut Lab').click();
  const beside = region(page, 'Beside another trajectory');
  const choice = beside.getByRole('combobox', { name: 'Compare with' });
  const others = choice.locator('optgroup[label="Same question, the other run"] option');
  await expect(others.first()).toBeAttached();
  const row = await page.evaluate(() => window.cutpoint?.store.getState().lab.root?.rows[0] ?? -1);
  await choice.selectOption(`behind 1 ${String(row)}`);
  // The same weights and random numbers: the two are the same to the last word.
  await expect(beside).toContainText('Settings the same');
  await expect(beside.getByRole('region', { name: 'On screen' })).toContainText('No passage that the other has not.');
  await expect(beside.getByText('≠')).toHaveCount(0);
  await beside.getByRole('button', { name: 'Set this one aside' }).click();
  await page
    .getByRole('group', { name: 'Trajectory', exact: true })
    .getByRole('button', { name: /Next|Previous/ })
    .last()
    .click();
  await choice.selectOption(`aside 1 ${String(row)}`);
  await expect(beside.getByRole('region', { name: 'search-r2, seed 1' })).toContainText('update 1');
  await expect(region(page, 'What the update changed')).toContainText('written tokens');
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
});
