import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates, weights } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const status = (page: Page) => page.getByRole('group', { name: 'Status' });

async function step(page: Page, update: number): Promise<void> {
  await button(page, 'Step').click();
  await untilUpdates(page, update);
  await untilState(page, 'paused');
}

const shown = (page: Page) =>
  page.evaluate(() => {
    const studio = window.cutpoint;
    const state = studio?.store.getState();
    return {
      recorded: state?.recording !== null,
      update: state?.update,
      updates: studio?.history.all.map((row) => row.update),
      batches: studio?.batches.all.map(({ batch }) => batch.update),
      evaluations: state?.evaluations.map(({ update }) => update),
    };
  });

test('the example plays before the engine is ready, and nothing of it is left once the run is live', async ({
  page,
}) => {
  // Noted by the page itself, as the test comes and goes.
  await page.addInitScript(() => {
    const look = setInterval(() => {
      if (!document.querySelector('[aria-label="Status"]')?.textContent.includes('RECORDED')) return;
      clearInterval(look);
      document.documentElement.dataset['first'] = window.cutpoint?.store.getState().runState ?? 'none';
    }, 20);
  });
  const { problems } = await openStudio(page);
  await expect(status(page)).toContainText('RECORDED');
  await expect(page.locator('html')).toHaveAttribute('data-first', /none|loading/);
  const early = (await shown(page)).update ?? 0;
  await expect.poll(async () => (await shown(page)).update).toBeGreaterThan(early);
  await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText('kept');
  await untilReady(page);
  expect(await shown(page)).toMatchObject({ recorded: true });

  await step(page, 1);
  await expect(status(page)).not.toContainText('RECORDED');
  expect(await shown(page)).toEqual({ recorded: false, update: 1, updates: [1], batches: [1], evaluations: [0] });
  expect((await events(page, 'metrics')).map(({ update }) => update)).toEqual([1]);
  expect(problems).toEqual([]);
});

test('stands still for those who want no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStudio(page);
  await expect(status(page)).toContainText('RECORDED');
  await expect(status(page)).toContainText('update 40');
});

test('a run saved as a capsule plays back and goes on exactly', async ({ page }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await step(page, 1);
  await step(page, 2);
  await page.getByText('Save', { exact: true }).first().click();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Recorded run').click()]);
  expect(download.suggestedFilename()).toBe('cutpoint-search-r2-microwiki-update-2.capsule');
  const bytes = await readFile(await download.path());
  expect(bytes.toString('latin1').startsWith('cutpoint-capsule/1\n')).toBe(true);
  const before = await weights(page);
  await step(page, 3);
  const after = await weights(page);
  const straight = (await events(page, 'metrics')).map(({ metrics }) => metrics);

  await page.reload();
  await page.getByLabel('Files to open').setInputFiles({ name: 'my.capsule', mimeType: '', buffer: bytes });
  const bar = page.getByRole('region', { name: 'Recording' });
  await expect(bar).toContainText('“my.capsule”: 2 updates of Search-R2');
  expect(await shown(page)).toMatchObject({ recorded: true, update: 2, updates: [1, 2], batches: [1, 2] });
  await expect(bar).toContainText('Play goes on with it from update 2');
  await expect(button(page, 'Step')).toBeEnabled({ timeout: 120_000 });
  await step(page, 3);
  expect(await shown(page)).toMatchObject({ recorded: false, update: 3, updates: [1, 2, 3], batches: [1, 2, 3] });
  expect(await weights(page)).toEqual(after);
  expect(after.weightsHash).not.toBe(before.weightsHash);
  expect(await page.evaluate(() => window.cutpoint?.history.all.map(({ metrics }) => metrics))).toEqual(straight);
  expect(problems).toEqual([]);
});

test('a damaged file changes nothing', async ({ page }) => {
  await openStudio(page);
  await expect(status(page)).toContainText('RECORDED');
  const buffer = Buffer.from('cutpoint-capsule/1\nnothing that was ever packed');
  await page.getByLabel('Files to open').setInputFiles({ name: 'broken.capsule', mimeType: '', buffer });
  await expect(page.getByRole('alert').filter({ hasText: 'broken.capsule' })).toContainText('damaged or was cut off');
  const newer = Buffer.from('cutpoint-capsule/7\n');
  await page.getByLabel('Files to open').setInputFiles({ name: 'newer.capsule', mimeType: '', buffer: newer });
  await expect(page.getByRole('alert').filter({ hasText: 'newer.capsule' })).toContainText('newer version of Cutpoint');
  await expect(page.getByRole('region', { name: 'Recording' })).toContainText('example');
});
