/** Random actions while the engine trains: none throws, strands the focus, leaves a state that lies or ends the engine. */
import { expect, test } from '@playwright/test';
import { letLoose, withoutDialogs } from '../lib/monkey';
import { button, openReady, SHIPPED_RUN, untilState, untilUpdates } from '../lib/studio';

/** More of them, and others, by hand: docs/reliability.md says how many were tried. */
const COUNT = Number(process.env.CUTPOINT_MONKEY_ACTIONS ?? 40);
const SEED = Number(process.env.CUTPOINT_MONKEY_SEED ?? 1);

test('nothing that a person could do at random breaks the page while it trains', async ({ page }) => {
  // What is chosen at random may be a run of many seconds an update.
  test.setTimeout(300_000 + COUNT * 4000);
  await withoutDialogs(page);
  const { problems } = await openReady(page, SHIPPED_RUN);
  await button(page, 'Play').click();
  await untilUpdates(page, 1);
  const { actions, faults } = await letLoose(page, { seed: SEED, count: COUNT, problems });
  expect(faults).toEqual([]);
  expect(actions).toHaveLength(COUNT);
  const failures = await page.evaluate(() => {
    const { runState, problems: told } = window.cutpoint?.store.getState() ?? {};
    return runState === 'failed' ? told?.map(({ message }) => message) : [];
  });
  expect(failures).toEqual([]);

  // It goes on being an engine: another run begins, and trains.
  await page.evaluate(
    (link) => {
      window.location.hash = link;
    },
    SHIPPED_RUN.replace('search-r2', 'search-r1'),
  );
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().config.preset)).toBe('search-r1');
  await untilState(page, 'paused');
  await page.evaluate(() => window.cutpoint?.client.send({ type: 'step' }));
  await untilUpdates(page, 1);
});
