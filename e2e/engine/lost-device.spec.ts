/** The browser's GPU process crashes while the engine trains: the run goes on exactly; soon again, a smaller one is offered. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { button, events, openReady, region, step, untilState, untilUpdates, weights } from '../lib/studio';

// A browser gives a page that lost its device twice no other for two minutes: here what the page does then is of interest.
test.use({ launchOptions: async ({ launchOptions }, use) => use(withoutPatience(launchOptions)) });
const withoutPatience = <T extends { args?: string[] }>(options: T): T => ({
  ...options,
  args: [...(options.args ?? []), '--disable-domain-blocking-for-3d-apis', '--disable-gpu-process-crash-limit'],
});

async function crash(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}

/** The numbers of the updates on the page, in order. */
const numbers = (page: Page) =>
  page.evaluate(() => window.cutpoint?.history.all.map(({ update, metrics }) => ({ update, metrics })));

test('a crash of the GPU process, and another one within a minute', async ({ page, browser }) => {
  await openReady(page);
  for (const update of [1, 2, 3, 4]) await step(page, update);
  const straight = (await events(page, 'metrics')).map(({ update, metrics }) => ({ update, metrics }));
  const fourth = await weights(page);
  await button(page, 'Reset').click();
  await untilState(page, 'paused');

  await page.evaluate(() => window.cutpoint?.client.send({ type: 'play', until: 4 }));
  await untilUpdates(page, 2);
  await crash(browser);
  await expect(page.getByRole('alert').filter({ hasText: 'goes on from update 0 by itself' })).toBeVisible();
  await untilUpdates(page, 4);
  await untilState(page, 'paused');
  expect(await numbers(page)).toEqual(straight);
  expect(await weights(page)).toEqual(fourth);

  await crash(browser);
  const told = page.getByRole('alert').filter({ hasText: 'lost twice within a minute (its process ended)' });
  await expect(told).toContainText('The run rests at update 4; Play goes on.');
  await untilState(page, 'paused');
  expect(await numbers(page)).toEqual(straight);
  await step(page, 5);

  await told.getByRole('button', { name: 'Start the smaller run' }).click();
  await untilState(page, 'paused');
  const { prompts, groupSize } = await page.evaluate(() => {
    const { config } = window.cutpoint?.store.getState() ?? {};
    return { prompts: config?.prompts, groupSize: config?.groupSize };
  });
  expect([prompts, groupSize]).toEqual([2, 2]);
  await step(page, 1);
  // The one before lies behind the charts, and in the list.
  expect(await page.evaluate(() => window.cutpoint?.store.getState().lastRun?.metrics.length)).toBe(5);
  await page.getByText('File', { exact: true }).click();
  await page.locator('.file-menu').getByRole('button', { name: 'Runs', exact: true }).click();
  // With the one that nothing disturbed; what was saved last of the other depends on how fast the machine is.
  const kept = region(page, 'Runs')
    .getByRole('listitem')
    .filter({ hasText: /update [45]\b/ });
  await expect(kept).toHaveCount(2);
});
