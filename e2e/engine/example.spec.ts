import { expect, test } from '@playwright/test';
import {
  button,
  events,
  openStudio,
  pressInFileMenu,
  region,
  SHIPPED_RUN,
  shown,
  status,
  step,
  untilReady,
  view,
} from '../lib/studio';

test('the example plays before the engine is ready; the run starts from the weights that ship, which already search, and nothing of the example is left in it', async ({
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
  const { problems } = await openStudio(page, SHIPPED_RUN);
  await expect(status(page)).toContainText('RECORDED');
  await expect(page.locator('html')).toHaveAttribute('data-first', /none|loading/);
  const early = (await shown(page)).update ?? 0;
  await expect.poll(async () => (await shown(page)).update).toBeGreaterThan(early);
  await expect(region(page, 'Trajectories')).toContainText('kept');
  await untilReady(page);
  expect(await shown(page)).toMatchObject({ recorded: true });
  expect(await events(page, 'warmStart')).toEqual([]);
  // The whole of it, with evaluations that the run has not made.
  await region(page, 'Recording').getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => shown(page)).toMatchObject({ update: 40, evaluations: [0, 10, 20, 30, 40] });

  await step(page, 1);
  await expect(status(page)).not.toContainText('RECORDED');
  expect(await shown(page)).toEqual({ recorded: false, update: 1, updates: [1], batches: [1], evaluations: [0] });
  const metrics = await events(page, 'metrics');
  expect(metrics.map(({ update }) => update)).toEqual([1]);
  expect(metrics[0]?.metrics['searches']).toBeGreaterThan(0.5);
  await expect(region(page, 'Inspector')).toContainText('Passages found');

  // Asked for again, it can be cut by hand: with its own weights, which are fetched then.
  await pressInFileMenu(page, 'Runs');
  await button(page, 'Show the example').click();
  await view(page, 'Cut Lab').click();
  await button(page, 'Load its weights').click();
  const sweep = () =>
    page.evaluate(() => {
      const { sweep: found } = window.cutpoint?.store.getState().lab ?? {};
      return found && { update: found.update, replicates: found.replicates };
    });
  await expect.poll(sweep, { timeout: 120_000 }).toEqual({ update: 40, replicates: 16 });
  expect(await shown(page)).toMatchObject({ recorded: false, update: 40 });
  expect(problems).toEqual([]);
});
