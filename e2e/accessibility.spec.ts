import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openStudio, untilReady, untilUpdates } from './lib/studio';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

test('axe finds nothing wrong, in either theme, on a wide and a narrow screen', async ({ page }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  expect(await violations(page), 'before the first update').toEqual([]);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 1);
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Reward');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
  }
  await page.getByRole('button', { name: 'Settings' }).click();
  await page
    .locator('.setting-group')
    .evaluateAll((groups) => groups.forEach((group) => group.setAttribute('open', '')));
  expect(await violations(page), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page), 'narrow').toEqual([]);
  for (const view of ['Cut Lab', 'Ask it', 'Lessons']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
    expect(await violations(page), view).toEqual([]);
  }
  expect(problems).toEqual([]);
});
