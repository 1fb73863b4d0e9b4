import { expect, test, type Page } from '@playwright/test';
import {
  button,
  openStudio,
  SHIPPED_RUN,
  status,
  step,
  trajectories,
  untilUpdates,
  view,
  pressInFileMenu,
} from '../lib/studio';

/** What is selected and held on a page, and in Cut Lab the draft and the place of the scissors. */
const place = (page: Page) =>
  page.evaluate(() => {
    const state = window.cutpoint?.store.getState();
    const { selection, heldUpdate: held, lab } = state ?? {};
    return { selection, held, draft: lab?.draft?.rows[0], scissors: lab?.step };
  });

test('a link brings another page to the same step and cut of the same update, once it has trained to it', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const { problems } = await openStudio(page, SHIPPED_RUN);
  await step(page, 1);
  const list = trajectories(page);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  // The address follows, and so does the copied link.
  const { selection } = await place(page);
  expect(selection).not.toBeNull();
  await expect.poll(() => page.url()).toContain(`update=1&row=${selection?.row}`);
  await button(page, 'Copy link').click();
  expect(await copied()).toBe(page.url());
  await pressInFileMenu(page, 'The run alone');
  await expect.poll(copied).not.toContain('update=');

  // In Cut Lab it is the place of the scissors, here one where they do not lie by themselves.
  await view(page, 'Cut Lab').click();
  const scissors = page.getByRole('slider', { name: 'Your cut' });
  const lying = Number(await scissors.getAttribute('aria-valuenow'));
  await scissors.press(lying === 1 ? 'End' : 'Home');
  await expect.poll(async () => (await place(page)).scissors).not.toBe(lying);
  const here = await place(page);
  await expect.poll(() => page.url()).toContain(`&cut=${here.scissors}`);
  const link = page.url();
  expect(link).toContain(`view=cutLab&update=1&row=${selection?.row}`);

  // The lock of Reset, which would be free on a page that has trained, comes with the link too.
  const other = await context.newPage();
  await page.close();
  await openStudio(other, `${link}&teacher=1`);
  await expect(other.getByRole('status').filter({ hasText: 'reached only by training to it' })).toContainText(
    'update 1',
  );
  await button(other, 'Play').click();
  await untilUpdates(other, 2);
  await expect.poll(() => place(other)).toEqual({ ...here, held: 1 });
  await expect(status(other)).toContainText('HELD 1');
  await expect.poll(() => other.url()).toContain(`view=cutLab&update=1&row=${selection?.row}`);
  await button(other, 'Pause').click();
  await expect(button(other, 'Step')).toBeEnabled();
  await expect(button(other, 'Reset')).toBeDisabled();
  expect(problems).toEqual([]);
});
