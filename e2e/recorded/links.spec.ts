import { expect } from '@playwright/test';
import { test } from '../lib/recorded';
import { button, openStudio, region, SMALL_RUN } from '../lib/studio';

test('says what a link got wrong and takes the nearest value', async ({ page }) => {
  await openStudio(
    page,
    '#v1&preset=search-r3&world=microwiki&seed=1&size=tiny&grupSize=4&prompts=99&warmStartBatches=2',
  );
  const notes = page.getByRole('status').filter({ hasText: 'grupSize' });
  await expect(notes).toContainText('groupSize');
  await expect(notes).toContainText('search-r2');
  await expect(notes).toContainText('64');
});

test('a copied link brings another page to the same settings', async ({ page, context }) => {
  await openStudio(page, SMALL_RUN);
  await button(page, 'Copy link').click();
  await expect(page.getByRole('status').filter({ hasText: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('prompts=4');
  const configOf = (one: typeof page) => one.evaluate(() => window.cutpoint?.store.getState().config);
  const config = await configOf(page);
  expect(config).toMatchObject({ prompts: 4, groupSize: 4, entropyBonus: 0.01 });
  const other = await context.newPage();
  await other.goto(link);
  expect(await configOf(other)).toEqual(config);
  await other.close();
});

test('a link hides and locks what its table says', async ({ page, context }) => {
  await openStudio(page, `${SMALL_RUN}&teacher=1&lock=speed`);
  await page.getByText('File', { exact: true }).click();
  await expect(button(page, 'Open')).toBeDisabled();
  await expect(page.getByRole('combobox', { name: 'Speed' })).toBeDisabled();
  await button(page, 'Settings').click();
  const settings = region(page, 'Settings');
  await expect(settings.getByLabel('World', { exact: true })).toBeDisabled();
  await expect(settings.getByRole('radio').first()).toBeDisabled();
  expect(page.url()).toContain('&teacher=1&lock=speed');

  const frame = await context.newPage();
  await openStudio(frame, `${SMALL_RUN}&embed=1`);
  await expect(button(frame, 'Play')).toBeVisible();
  for (const name of ['Settings', 'Open', 'Copy link', 'Cut Lab']) await expect(button(frame, name)).toHaveCount(0);
  const whole = await frame.getByRole('link', { name: 'Open Cutpoint' }).getAttribute('href');
  expect(whole).not.toContain('embed');
  // The same by a query, which moves behind the #: the whole page is not embedded again by what is left of it.
  await openStudio(frame, '?embed=1');
  await expect(button(frame, 'Settings')).toHaveCount(0);
  await expect.poll(() => new URL(frame.url()).search).toBe('');
  expect(frame.url()).toContain('&embed=1');
  await expect(region(frame, 'Trajectories')).toBeVisible();
  await expect(region(frame, 'In short')).toHaveCount(0);
  await frame.close();
});
