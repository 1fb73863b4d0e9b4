/** Lessons 7 and 8 and what leads to lessons, on recordings: no WebGPU, the keyboard alone. */
import { expect, type Locator, type Page } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { forward, pressAt } from '../lib/lessons';
import { openExample, test } from '../lib/recorded';
import { button, openStudio, region } from '../lib/studio';

async function answer(page: Page, target: Locator, ...keys: string[]): Promise<void> {
  await pressAt(page, target, ...keys);
  await pressAt(page, button(page, 'That is my answer'), 'Enter');
  await expect(page.locator('.lesson-verdict')).not.toBeEmpty();
}

test('lesson 7 is read to its end by keyboard', async ({ page }) => {
  const { problems } = await openStudio(page, '#v1&view=lessons&lesson=study');
  await expect(region(page, 'Is it worth it?')).toContainText('Step 1 of 6');
  await forward(page, 2);
  await answer(
    page,
    page.getByRole('button', { name: 'Perfect refiner, place 4 of 4' }),
    'ArrowUp',
    'ArrowUp',
    'ArrowUp',
  );
  await expect(page.locator('.lesson-picture')).toContainText('Perfect refiner (you: place 1)');
  await forward(page, 3);
  await answer(page, page.getByRole('slider'), 'ArrowLeft');
  await forward(page, 4);
  await answer(page, page.getByRole('checkbox', { name: /^Process reward/ }), 'Space');
  await expect(page.locator('.lesson-picture')).toContainText('[');
  expect(await violationsInBothThemes(page, '.lesson')).toEqual([]);
  await forward(page, 5);
  await answer(page, page.getByRole('radio').first(), 'ArrowDown', 'ArrowDown');
  await forward(page, 6);
  await expect(button(page, 'Next lesson: When it goes wrong')).toBeEnabled();
  expect(problems).toEqual([]);
});

test('lesson 8 is read to its end by keyboard, and shows the card of each run', async ({ page }) => {
  const { problems } = await openStudio(page, '#v1&view=lessons&lesson=wrong');
  await expect(region(page, 'When it goes wrong')).toContainText('Step 1 of 8');
  const cards = [
    'The policy runs away from its base',
    'Most groups teach nothing',
    'It is paid for evidence, not for answers',
  ];
  for (const [at, card] of cards.entries()) {
    await forward(page, 2 * at + 2);
    await expect(page.locator('.failure')).toHaveCount(0);
    await answer(page, page.getByRole('radio').first(), 'Space');
    await forward(page, 2 * at + 3);
    await answer(page, page.getByRole('radio').first(), 'Space');
    await expect(page.locator('.failure')).toContainText(card);
  }
  expect(await violationsInBothThemes(page, '.lesson')).toEqual([]);
  await forward(page, 8);
  await expect(button(page, 'All lessons').last()).toBeEnabled();
  expect(problems).toEqual([]);
});

test('a first visit is offered lesson 1 in one line, and never again once that is put away', async ({ page }) => {
  await openExample(page);
  const offer = button(page, 'Lesson 1: one question, step by step');
  await expect(region(page, 'Check-up')).toContainText('nothing wrong in the last 10 updates');
  await pressAt(page, button(page, 'No lesson, thank you'), 'Enter');
  await expect(offer).toHaveCount(0);
  await page.reload();
  await expect(region(page, 'Inspector')).toContainText('Reward');
  await expect(offer).toHaveCount(0);
  await page.evaluate(() => window.localStorage.removeItem('cutpoint-welcomed'));
  await page.reload();
  await pressAt(page, offer, 'Enter');
  await expect(region(page, 'One question, step by step')).toContainText('Step 1 of');
  await page.evaluate(() => window.localStorage.removeItem('cutpoint-welcomed'));
});
