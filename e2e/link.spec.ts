import { expect, test, type Page } from '@playwright/test';
import { openStudio, SMALL_RUN, untilReady, untilState, untilUpdates } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('a link brings another page to the same step of the same update, once it has trained to it', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { problems } = await openStudio(page);
  await button(page, 'Step').click();
  await untilUpdates(page, 1);
  await untilState(page, 'paused');
  const list = page.getByRole('group', { name: 'List of trajectories' });
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const shown = () => page.evaluate(() => window.cutpoint?.store.getState().selection);
  const selection = await shown();
  expect(selection).not.toBeNull();
  // The address follows, and so does the copied link.
  await expect.poll(() => page.url()).toContain(`update=1&row=${selection?.row}`);
  await button(page, 'Copy link').click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  await page.getByLabel('Which link to copy').click();
  await button(page, 'The run alone').click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).not.toContain('update=');

  const other = await context.newPage();
  await page.close();
  await other.goto(link);
  await expect(other.getByRole('status').filter({ hasText: 'reached only by training to it' })).toContainText(
    'update 1',
  );
  await button(other, 'Play').click();
  await untilUpdates(other, 2);
  const there = await other.evaluate(() => {
    const state = window.cutpoint?.store.getState();
    return { selection: state?.selection, held: state?.heldUpdate };
  });
  expect(there).toEqual({ selection, held: 1 });
  await expect(other.getByRole('group', { name: 'Status' })).toContainText('HELD 1');
  expect(problems).toEqual([]);
});

test('a link hides and locks what its table says', async ({ page }) => {
  const { problems } = await openStudio(page, `${SMALL_RUN}&teacher=1&lock=speed`);
  await expect(button(page, 'Open')).toBeDisabled();
  await expect(button(page, 'Reset')).toBeDisabled();
  await expect(page.getByRole('combobox', { name: 'Speed' })).toBeDisabled();
  await button(page, 'Settings').click();
  const settings = page.getByRole('region', { name: 'Settings' });
  await expect(settings.getByLabel('World', { exact: true })).toBeDisabled();
  await expect(settings.getByRole('radio').first()).toBeDisabled();
  expect(page.url()).toContain('&teacher=1&lock=speed');

  // A page of its own: going on in the first one would break off what it still fetches.
  const frame = await page.context().newPage();
  const embedded = await openStudio(frame, `${SMALL_RUN}&embed=1`);
  for (const name of ['Settings', 'Open', 'Copy link', 'Cut Lab']) await expect(button(frame, name)).toHaveCount(0);
  await expect(button(frame, 'Play')).toBeVisible();
  const whole = await frame.getByRole('link', { name: 'Open Cutpoint' }).getAttribute('href');
  expect(whole).not.toContain('embed');
  expect(problems).toEqual([]);
  expect(embedded.problems).toEqual([]);
});

test('Cut Lab opens from a link with the scissors where they were', async ({ page }) => {
  await openStudio(page, `${SMALL_RUN}&view=cutLab&update=1&row=3&side=draft&step=1&cut=1`);
  await untilReady(page);
  await button(page, 'Step').click();
  await untilUpdates(page, 1);
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().lab.draft?.rows[0])).toBe(3);
  expect(await page.evaluate(() => window.cutpoint?.store.getState().lab.step)).toBe(1);
  await expect.poll(() => page.url()).toContain('view=cutLab&update=1&row=3');
});
