/** Where the focus goes when what had it can be pressed no more. */
import { expect, type Locator, type Page } from '@playwright/test';
import { openExample, test } from '../lib/recorded';
import { button, region } from '../lib/studio';

/** Longer than the page's own clock looks again. */
const A_LOOK = 1200;

/** What a busy page may do between two looks of that clock: the browser takes the focus when it draws the button disabled. */
async function disable(control: Locator, forGood: boolean): Promise<void> {
  await control.evaluate(async (element, stays) => {
    if (!(element instanceof HTMLButtonElement)) throw new TypeError('no button');
    // The clock may look just then, and the surroundings have the focus.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      element.focus();
      element.disabled = true;
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      const isLost = document.activeElement === document.body;
      element.disabled = isLost && stays;
      if (isLost) return;
    }
    throw new Error('the focus was never lost');
  }, forGood);
}

const onNothing = (page: Page): Promise<boolean> => page.evaluate(() => document.activeElement === document.body);

test('what cannot be pressed for a moment has the focus again, and its surroundings when that lasts', async ({
  page,
}) => {
  await openExample(page);
  const copy = button(page, 'Copy link');
  await copy.focus();
  await disable(copy, false);
  await expect(copy).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(copy).not.toBeFocused();
  expect(await onNothing(page)).toBe(false);
  await page.keyboard.press('Shift+Tab');
  await expect(copy).toBeFocused();

  await disable(copy, true);
  await expect.poll(() => onNothing(page)).toBe(false);
  expect(await copy.evaluate((element) => document.activeElement?.contains(element))).toBe(true);
});

test('what is left by hand is left', async ({ page }) => {
  await openExample(page);
  await button(page, 'Copy link').focus();
  await region(page, 'Charts').getByRole('heading').first().click();
  await page.waitForTimeout(A_LOOK);
  expect(await onNothing(page)).toBe(true);
});
