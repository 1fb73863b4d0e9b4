import { expect, test, type Page } from '@playwright/test';
import { violationsInBothThemes } from '../lib/axe';
import { chartNumbers } from '../lib/charts';
import { runInNode } from '../lib/node';
import {
  button,
  events,
  openStudio,
  region,
  SMALL_RUN,
  status,
  step,
  untilReady,
  untilState,
  untilUpdates,
  weights,
} from '../lib/studio';

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

test('trains on our kernels as Node does, shows the engine’s own numbers, pauses at once and resets exactly', async ({
  page,
}) => {
  const { problems } = await openStudio(page, SMALL_RUN);
  await expect(page).toHaveTitle(/Cutpoint/);
  const architecture = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.architecture);
  expect(architecture).toBe('swiftshader');
  await untilReady(page);
  const first = await weights(page);
  expect(first.update).toBe(0);

  await button(page, 'Play').click();
  await expect(status(page)).toContainText('LIVE');
  await expect(status(page)).toContainText('SOFTWARE GPU');
  await expect.poll(() => locks(page)).toEqual(['cutpoint-training']);

  // The doctor holds the run in the middle of an update, and lets it go on.
  await untilUpdates(page, 1);
  await button(page, 'Settings').click();
  await region(page, 'Settings').getByRole('button', { name: 'Doctor' }).click();
  const doctor = page.getByRole('dialog', { name: 'Doctor' });
  const report = doctor.getByRole('textbox', { name: 'Report' });
  await expect(doctor.getByRole('status')).toHaveText('All is well.', { timeout: 240_000 });
  await expect(report).toHaveValue(/^Cutpoint doctor: all is well\n/);
  const [, passed, tests] = /references: (\d+) of (\d+) passed/.exec(await report.inputValue()) ?? [];
  expect(Number(passed)).toBeGreaterThan(38);
  expect(tests).toBe(passed);
  await expect(report).toHaveValue(/Run +paused at update \d+ \(search-r2, tiny, 4 x 4 rows on microwiki\)/);
  await expect(report).toHaveValue(/architecture swiftshader/);
  await doctor.getByRole('button', { name: 'Close' }).click();
  await region(page, 'Settings').getByRole('button', { name: 'Close' }).click();
  const held = (await events(page, 'metrics')).length;
  await untilUpdates(page, held + 1);
  const milliseconds = await answerTime(page, 'Pause', 'paused');
  console.log(`Pause answered after ${milliseconds.toFixed(0)} ms`);
  expect(milliseconds).toBeLessThan(500);
  await expect(button(page, 'Play')).toBeEnabled();
  await expect.poll(() => locks(page)).toEqual([]);

  // The tables behind the charts hold the engine's numbers, every digit.
  const trained = await weights(page);
  const metrics = await events(page, 'metrics');
  expect(trained.update).toBe(metrics.length);
  expect(trained.update).toBeGreaterThanOrEqual(held + 1);
  expect(trained.weightsHash).not.toBe(first.weightsHash);
  for (const [update, metric, value] of await chartNumbers(page, metrics.length)) {
    const event = metrics.find((candidate) => candidate.update === update);
    const engine = metric === 'updatesPerMinute' ? 60_000 / (event?.updateMs ?? NaN) : event?.metrics[metric];
    expect(value, `${metric} of update ${update}`).toBe(engine === null ? '' : String(engine));
  }

  // The newest trajectories are on screen, with their question.
  const shown = () => page.evaluate(() => window.cutpoint?.batches.shown?.batch);
  await expect.poll(async () => (await shown())?.update).toBe(trained.update);
  await expect(region(page, 'Trajectories')).toContainText((await shown())?.questions[0] ?? 'no question');
  // Whatever was under way when it paused is held: no update has ended since.
  expect(await weights(page)).toEqual(trained);
  expect(await events(page, 'metrics')).toHaveLength(metrics.length);

  await button(page, 'Reset').click();
  await untilState(page, 'paused');
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().update)).toBe(0);
  expect(await weights(page)).toEqual(first);

  // The same run again, without a doctor: every update computes the very same numbers.
  await step(page, 1);
  const inBrowser = await weights(page);
  for (let update = 2; update <= held + 1; update++) await step(page, update);
  const again = (await events(page, 'metrics')).slice(metrics.length);
  expect(again.map((event) => event.metrics)).toEqual(metrics.slice(0, held + 1).map((event) => event.metrics));

  // As it is now, anyone can read it, on a telephone too.
  await expect(region(page, 'Trajectories')).toContainText(`update ${held + 1}`);
  await expect(region(page, 'Inspector')).toContainText('Reward');
  expect(await violationsInBothThemes(page), 'wide').toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(region(page, 'Trajectories')).toContainText(`update ${held + 1}`);
  for (const name of ['Trajectories', 'Inspector', 'Refiner board', 'Evaluation', 'Charts', 'Timeline']) {
    await expect(region(page, name)).toBeVisible();
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
  await page.close();

  expect(await runInNode('weights-hash', SMALL_RUN)).toMatchObject({
    adapter: { architecture: 'swiftshader' },
    ...inBrowser,
  });
});
