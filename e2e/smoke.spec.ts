import { expect, test } from '@playwright/test';

test('the page opens without an error and has a WebGPU adapter', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('./');
  await expect(page).toHaveTitle(/Cutpoint/);
  const architecture = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.architecture);
  expect(architecture).toBe('swiftshader');
  expect(problems).toEqual([]);
});
