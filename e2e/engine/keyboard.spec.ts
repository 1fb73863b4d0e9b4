/** A whole session with nothing but keys, each control found by its role and name: play, hold, cut, ask, save, open. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { button, openReady, region, SHIPPED_RUN, status, untilState, untilUpdates, view } from '../lib/studio';

/** More than any view has stops. */
const MOST_STOPS = 400;

const hasFocus = (control: Locator): Promise<boolean> =>
  control.evaluate((element) => element === document.activeElement);

/** Goes on by Tab, from wherever the focus is, until this has it; once around the page if need be. */
async function goTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeEnabled();
  for (let stop = 0; stop < MOST_STOPS && !(await hasFocus(control)); stop += 1) await page.keyboard.press('Tab');
  await expect(control).toBeFocused();
}

async function press(page: Page, control: Locator): Promise<void> {
  await goTo(page, control);
  await page.keyboard.press('Enter');
}

/** What was pressed and is gone has not taken the focus with it. */
async function expectFocus(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
}

test('a session by keyboard: play, hold, cut, ask, save, open', async ({ page }) => {
  const { problems } = await openReady(page, SHIPPED_RUN);
  await press(page, button(page, 'Play'));
  await untilUpdates(page, 2);
  await press(page, button(page, 'Pause'));
  await untilState(page, 'paused');
  await expectFocus(page);

  await press(page, button(page, 'Earlier update'));
  await expect(status(page)).toContainText('HELD');
  await press(page, button(page, 'Live'));
  await expect(status(page)).not.toContainText('HELD');
  await expectFocus(page);

  await press(page, button(page, 'Open in Cut Lab'));
  const lab = region(page, 'Cut Lab');
  await expect(lab).toContainText('n = 16');
  await expectFocus(page);
  await goTo(page, lab.getByRole('slider', { name: 'Your cut' }));
  await page.keyboard.press('Home');
  await press(page, lab.getByRole('button', { name: /^Cut at/ }));
  // The scissors cut by themselves when they rest, so a slow machine has two branches by now.
  const branches = lab.getByRole('region', { name: 'Branches' });
  await expect(branches.getByRole('button', { name: 'Cut again' })).not.toHaveCount(0);
  await expectFocus(page);

  await press(page, view(page, 'Ask it'));
  const ask = region(page, 'Ask it');
  await press(page, ask.getByRole('button', { name: 'Ask', exact: true }));
  await expect(ask.getByRole('article')).not.toHaveCount(0);
  await expectFocus(page);

  await press(page, view(page, 'Studio'));
  const menu = page.locator('.file-menu');
  await press(page, page.locator('summary').filter({ hasText: /^File$/ }));
  const saved = page.waitForEvent('download');
  await press(page, menu.getByRole('button', { name: 'Trajectories (CSV)', exact: true }));
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/);
  await expectFocus(page);

  await press(page, page.locator('summary').filter({ hasText: /^File$/ }));
  const chooser = page.waitForEvent('filechooser');
  await press(page, menu.getByRole('button', { name: 'Open', exact: true }));
  const row = { question: 'Who?', golden_answers: ['Ada'], response: '<answer>Ada</answer>' };
  const buffer = Buffer.from(`${JSON.stringify(row)}\n`);
  await (await chooser).setFiles({ name: 'mine.jsonl', mimeType: 'application/json', buffer });
  await expect(status(page)).toContainText('mine.jsonl');
  expect(problems).toEqual([]);
});
