import { expect, type Page } from '@playwright/test';
import { violations, violationsInBothThemes } from '../lib/axe';
import { forward, LESSON, openLesson, pressAt } from '../lib/lessons';
import { test } from '../lib/recorded';
import { button } from '../lib/studio';

/** Takes the first of some, and locks it. */
async function choose(page: Page): Promise<void> {
  await pressAt(page, page.getByRole('radio').first(), 'Space');
  await pressAt(page, button(page, 'That is my answer'), 'Enter');
}

test('lesson 1 is read to its end by keyboard', async ({ page }) => {
  const { problems } = await openLesson(page, 'one-question', 'One question, step by step');
  for (const [step, asks] of [false, true, true, true, false, true].entries()) {
    if (asks) await choose(page);
    await forward(page, step + 2);
  }
  await expect(page.getByText('A trajectory is a chain of searches')).toBeVisible();
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  expect(problems).toEqual([]);
});

test('lesson 4 is read to its end by keyboard, and its code is added up', async ({ page }) => {
  const { problems } = await openLesson(page, 'cut', 'Where would you cut?');
  await forward(page, 2);
  for (let draft = 1; draft <= 10; draft++) {
    await pressAt(page, page.getByRole('slider', { name: 'Where would you cut?' }), 'ArrowRight', 'ArrowRight');
    await pressAt(page, button(page, 'That is my answer'), 'Enter');
    await expect(page.getByRole('table', { name: 'What each choice is worth' })).toContainText('cut at 1you');
    await expect(page.locator('.lesson-verdict')).toBeFocused();
    if (draft === 1) expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
    await forward(page, draft + 2);
  }
  await expect(page.getByText(/You beat the refiner in \d of 10 drafts/)).toBeVisible();
  const code = (await page.locator('code').textContent()) ?? '';
  expect(code).toMatch(/^CUT(-[0-9A-Z]{4}){3}$/);
  await forward(page, 13);
  await pressAt(page, page.getByRole('textbox', { name: 'Codes of the class' }));
  await page.keyboard.insertText(`Ada: ${code}\nBen: ${code.toLowerCase()}\nCleo forgot`);
  await expect(page.getByRole('definition').first()).toHaveText('2');
  await expect(page.getByText('Line 3 holds no code: “Cleo forgot”.')).toBeVisible();
  expect(await violations(page, { within: LESSON })).toEqual([]);
  await forward(page, 14);
  expect(problems).toEqual([]);
});

test('lesson 6 is read to its end by keyboard', async ({ page }) => {
  const { problems } = await openLesson(page, 'train', 'Train both');
  await forward(page, 2);
  await expect(button(page, 'That is my answer')).toBeDisabled();
  for (const update of [8, 16, 24, 32, 40]) {
    await pressAt(page, page.getByRole('slider', { name: `Exact match after update ${update}` }), 'PageUp');
  }
  expect(await violations(page, { within: LESSON })).toEqual([]);
  await pressAt(page, button(page, 'That is my answer'), 'Enter');
  await forward(page, 3);
  await pressAt(page, button(page, 'Play'), 'Enter');
  const numbers = page.getByRole('table');
  await expect(numbers.getByRole('row', { name: /what you drew/ })).toBeVisible();
  await expect(numbers.getByRole('row', { name: /Search-R2 with its refiner/ })).toBeVisible();
  await forward(page, 4);
  await choose(page);
  await forward(page, 5);
  await pressAt(page, page.getByRole('slider'), 'Home');
  await pressAt(page, button(page, 'That is my answer'), 'Enter');
  await expect(page.getByText('You said 0.')).toBeVisible();
  await forward(page, 6);
  expect(await violationsInBothThemes(page, LESSON)).toEqual([]);
  expect(problems).toEqual([]);
});
