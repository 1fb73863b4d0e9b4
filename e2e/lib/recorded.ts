/**
 * Tests on recorded runs: one browser context for all files of the project, since each begins with an empty cache. A test gets a
 * page of its own, and leaves nothing in the browser's storage for the next one to find. The browser wants no motion, so that
 * the example is whole and at rest; a test that wants it to move says so.
 */
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { openStudio, region, status, type Watch } from './studio';

export const test = base.extend<object, { shared: BrowserContext }>({
  shared: [
    async ({ browser }, use, { project }) => {
      const { baseURL, viewport } = project.use;
      const context = await browser.newContext({
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(viewport === undefined ? {} : { viewport }),
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      });
      await use(context);
      await context.close();
    },
    { scope: 'worker' },
  ],
  context: async ({ shared }, use) => use(shared),
  page: async ({ shared }, use) => {
    const page = await shared.newPage();
    await use(page);
    await page.close();
  },
});

/** The page with the whole example on screen. */
export async function openExample(page: Page, hash = ''): Promise<Watch> {
  const watched = await openStudio(page, hash);
  await expect(status(page)).toContainText('RECORDED');
  await expect(status(page)).toContainText('update 40');
  await expect(region(page, 'Inspector')).toContainText('Reward');
  return watched;
}
