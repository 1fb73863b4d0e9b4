import { expect, test, type Page } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates, weights } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Locks that the page's worker holds while it trains: a browser does not freeze a hidden page that has one. */
const locks = (page: Page) =>
  page.evaluate(async () =>
    ((await navigator.locks.query()).held ?? [])
      .map((lock) => lock.name)
      .filter((name) => name === 'cutpoint-training'),
  );

/** Milliseconds from a click on the button until the engine's answer arrived. */
async function answerTime(page: Page, name: string, state: string): Promise<number> {
  return page.evaluate(
    ([name, wanted]) =>
      new Promise<number>((resolve) => {
        const found = [...document.querySelectorAll('button')].find((element) => element.textContent === name);
        const start = performance.now();
        const stop = window.cutpoint?.client.subscribe((event) => {
          if (event.type !== 'state' || event.state !== wanted) return;
          stop?.();
          resolve(performance.now() - start);
        });
        found?.click();
      }),
    [name, state],
  );
}

test('trains on our kernels, shows the engine’s own numbers, pauses at once and resets exactly', async ({ page }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  const first = await weights(page);
  expect(first.update).toBe(0);

  await button(page, 'Play').click();
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('LIVE');
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('SOFTWARE GPU');
  await expect.poll(() => locks(page)).toEqual(['cutpoint-training']);
  await untilUpdates(page, 5);
  const milliseconds = await answerTime(page, 'Pause', 'paused');
  console.log(`Pause answered after ${milliseconds.toFixed(0)} ms`);
  expect(milliseconds).toBeLessThan(500);
  await expect(button(page, 'Play')).toBeEnabled();
  await expect.poll(() => locks(page)).toEqual([]);

  // Whatever was under way is held: no update ends while the page rests.
  await page.waitForTimeout(1500);
  const trained = await weights(page);
  const metrics = await events(page, 'metrics');
  expect(trained.update).toBe(metrics.length);
  expect(trained.update).toBeGreaterThanOrEqual(5);
  expect(trained.weightsHash).not.toBe(first.weightsHash);

  // The tables behind the charts hold the engine's numbers, every digit.
  const charts = page.getByRole('region', { name: 'Charts' });
  for (const title of [
    'Exact match',
    'Reward',
    'Evidence',
    'Reviews',
    'KL to the base',
    'Entropy',
    'Clipped',
    'Cut position',
    'Equal groups',
    'Speed',
  ]) {
    await charts.getByRole('button', { name: `Table of ${title}` }).click();
    const table = charts.getByRole('group', { name: `Numbers of ${title}` });
    await expect(table.locator('tbody tr')).toHaveCount(metrics.length);
    const cells = await table
      .locator('td[data-metric]')
      .evaluateAll((all) =>
        all.map(
          (cell) =>
            [
              Number(cell.parentElement?.querySelector('th')?.textContent),
              cell.getAttribute('data-metric') ?? '',
              cell.getAttribute('data-value') ?? '',
            ] as const,
        ),
      );
    expect(cells.length).toBeGreaterThanOrEqual(metrics.length);
    for (const [update, metric, value] of cells) {
      const event = metrics.find((candidate) => candidate.update === update);
      const engine = metric === 'updatesPerMinute' ? 60_000 / (event?.updateMs ?? NaN) : event?.metrics[metric];
      expect(value, `${metric} of update ${update}`).toBe(engine === null ? '' : String(engine));
    }
  }

  // The newest trajectories are on screen, with their question.
  const batch = await page.evaluate(() => window.cutpoint?.batches.shown?.batch);
  expect(batch?.update).toBe(trained.update);
  await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText(batch?.questions[0] ?? 'no question');

  await button(page, 'Reset').click();
  await untilState(page, 'paused');
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().update)).toBe(0);
  expect(await weights(page)).toEqual(first);

  // The same run again: the first update computes the very same numbers.
  await button(page, 'Step').click();
  await untilUpdates(page, 1);
  const again = (await events(page, 'metrics')).at(-1);
  expect(again?.metrics).toEqual(metrics[0]?.metrics);
  expect(problems).toEqual([]);
});

test('starts what the settings say and goes on with it from the link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { problems } = await openStudio(page);
  await button(page, 'Copy link').click();
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('prompts=4');
  const config = await page.evaluate(() => window.cutpoint?.store.getState().config);
  const other = await context.newPage();
  await other.goto(link);
  expect(await other.evaluate(() => window.cutpoint?.store.getState().config)).toEqual(config);
  await other.close();
  expect(problems).toEqual([]);
});

test('says what a link got wrong and takes the nearest value', async ({ page }) => {
  await openStudio(
    page,
    '#v1&preset=search-r3&world=microwiki&seed=1&size=tiny&grupSize=4&prompts=99&warmStartBatches=2',
  );
  const notes = page.getByRole('status').filter({ hasText: 'grupSize' });
  await expect(notes).toContainText('groupSize');
  await expect(notes).toContainText('search-r2');
  await expect(notes).toContainText('64');
});

test('fits a telephone while it trains', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { problems } = await openStudio(page);
  await untilReady(page);
  await button(page, 'Step').click();
  await untilUpdates(page, 1);
  await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText('update 1');
  for (const region of ['Trajectories', 'Inspector', 'Refiner board', 'Evaluation', 'Charts', 'Timeline']) {
    await expect(page.getByRole('region', { name: region })).toBeVisible();
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
});
