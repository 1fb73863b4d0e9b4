/** How a lesson is read by keyboard alone. */
import { expect, type Locator, type Page } from '@playwright/test';
import { button, openStudio, region, type Watch } from './studio';

export const LESSON = '.lesson';

export async function openLesson(page: Page, lesson: string, title: string): Promise<Watch> {
  const watched = await openStudio(page, `#v1&view=lessons&lesson=${lesson}`);
  await expect(region(page, title)).toContainText('Step 1 of');
  return watched;
}

/** Goes on by Tab until it has the focus, then presses keys there. */
export async function pressAt(page: Page, target: Locator, ...keys: string[]): Promise<void> {
  await expect(target).toBeEnabled();
  for (let tabs = 0; tabs < 60; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
  for (const key of keys) await page.keyboard.press(key);
}

export async function forward(page: Page, step: number): Promise<void> {
  await pressAt(page, button(page, 'Forward'), 'Enter');
  await expect(page.getByRole('heading', { name: `Step ${step} of` })).toBeFocused();
}
