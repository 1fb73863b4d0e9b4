/** Random actions on the recorded page: none throws, strands the focus or leaves a state that lies. */
import { expect } from '@playwright/test';
import { letLoose, withoutDialogs } from '../lib/monkey';
import { openExample, test } from '../lib/recorded';

/** More of them, and others, by hand: docs/reliability.md says how many were tried. */
const COUNT = Number(process.env.CUTPOINT_MONKEY_ACTIONS ?? 200);
const SEED = Number(process.env.CUTPOINT_MONKEY_SEED ?? 1);

test('nothing that a person could do at random breaks the recorded page', async ({ page }) => {
  test.setTimeout(60_000 + COUNT * 1000);
  await withoutDialogs(page);
  const { problems } = await openExample(page);
  const { actions, faults } = await letLoose(page, { seed: SEED, count: COUNT, problems });
  expect(faults).toEqual([]);
  expect(actions).toHaveLength(COUNT);
});
