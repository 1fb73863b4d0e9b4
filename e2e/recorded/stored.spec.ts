/** What Cut Lab and Ask it have to offer without an engine: what is stored, and what to press for the rest. */
import { expect } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { openExample, test } from '../lib/recorded';
import { button, region, status, view } from '../lib/studio';

test('Cut Lab shows the stored sweeps of the example, and every view says what to press for more', async ({ page }) => {
  const { problems } = await openExample(page);
  await view(page, 'Cut Lab').click();
  const lab = region(page, 'Cut Lab');
  await expect(lab).toContainText(/Refiner: regret \d\.\d\d, rank \d of \d choices\./);
  await expect(lab).toContainText('Stored: computed before by llvmpipe');
  await expect(lab.getByRole('img', { name: /^Cut at 1: \d\.\d\d, 95% interval/ })).toBeVisible();
  expect(await violationsInBothThemes(page)).toEqual([]);

  // Of other updates nothing is stored: a press leads to those that have it.
  await view(page, 'Studio').click();
  await button(page, 'Earlier update').click();
  await expect(status(page)).toContainText('HELD 39');
  await view(page, 'Cut Lab').click();
  await lab.getByRole('button', { name: 'Show update 40' }).click();
  await expect(lab).toContainText('regret');

  await view(page, 'Ask it').click();
  await region(page, 'Ask it').getByRole('button', { name: 'How to get WebGPU' }).click();
  await expect(button(page, 'Try again')).toBeVisible();
  await expect(page.locator('#webgpu-note > summary')).toBeFocused();
  expect(problems).toEqual([]);
});
