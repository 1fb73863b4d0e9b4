import { expect, test, type Page } from '@playwright/test';
import { violations } from '../lib/axe';
import { runInNode } from '../lib/node';
import { events, openReady, region, SHIPPED_RUN, step, weights } from '../lib/studio';

interface Branch {
  step: number;
  update: number;
  tokens: number[];
}

/** The newest branch that the engine regenerated. */
const newestBranch = (page: Page): Promise<Branch | null> =>
  page.evaluate(() => {
    const last = (window.heard ?? []).findLast((event) => event.type === 'branch');
    if (last?.type !== 'branch') return null;
    const { step, update, side } = last.branch;
    return { step, update, tokens: [...side.tokens.subarray(0, side.lengths[0] ?? 0)] };
  });

async function untilCut(page: Page, at: number): Promise<Branch> {
  await expect.poll(async () => (await newestBranch(page))?.step).toBe(at);
  const made = await newestBranch(page);
  if (made === null) throw new Error('there is no branch');
  return made;
}

test('the scissors at every step after a live update give the tokens, id for id, that Node gives with the same weights and random key, and training goes on as if nothing had been asked', async ({
  page,
}) => {
  const { problems } = await openReady(page, SHIPPED_RUN);
  await step(page, 1);
  const before = await weights(page);

  // The draft with the most steps has the most places to cut at.
  await page.evaluate(() => {
    const studio = window.cutpoint;
    const counts = [...(studio?.batches.newest?.batch.draft.stepCounts ?? [])];
    const row = counts.indexOf(Math.max(...counts));
    studio?.store.setState({ selection: { row, side: 'final', step: 1 } });
  });
  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  await expect(page).toHaveURL(/view=cutLab/);
  const lab = region(page, 'Cut Lab');
  await expect(lab).toContainText('n = 16');
  const changed = lab.getByRole('region', { name: 'What the update changed' });
  await expect(changed).toContainText('written tokens');
  await changed.getByRole('button', { name: 'Table of what the update changed' }).click();
  await expect(changed.getByRole('columnheader', { name: 'clipped' })).toBeVisible();
  const scissors = lab.getByRole('slider', { name: 'Your cut' });
  const steps = Number(await scissors.getAttribute('aria-valuemax'));
  const row = await page.evaluate(() => window.cutpoint?.store.getState().lab.root?.rows[0] ?? -1);
  expect(steps).toBeGreaterThan(1);

  // By keyboard to the last step, where a drag comes last: one that ends where it began cuts nothing.
  await scissors.press('Home');
  await expect(scissors).toHaveAttribute('aria-valuenow', '1');
  await scissors.press('End');
  await expect(scissors).toHaveAttribute('aria-valuenow', String(steps));
  const branch = lab.getByRole('region', { name: 'Your branch' });
  const inBrowser: Branch[] = [];
  for (let at = 1; at <= steps; at++) {
    await scissors.scrollIntoViewIfNeeded();
    const track = await lab.locator('.scissors-track').boundingBox();
    if (!track) throw new Error('the scissors have no track');
    const place = (of: number): number => track.x + Math.max(2, (track.width * (of - 1)) / steps);
    const y = track.y + track.height / 2;
    await page.mouse.move(place(Number(await scissors.getAttribute('aria-valuenow'))), y);
    await page.mouse.down();
    await page.mouse.move(place(at), y, { steps: 5 });
    await page.mouse.up();
    inBrowser.push(await untilCut(page, at));
    await expect(branch).toContainText(`cut at step ${at}, weights of update 1`);
  }
  // By its button once more, with random numbers of its own.
  await lab.getByRole('button', { name: new RegExp(`^Cut at ${steps}`) }).click();
  const last = async () => (await events(page, 'branch')).at(-1)?.branch;
  await expect.poll(last).toMatchObject({ update: 1, step: steps, replicate: 1 });

  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page), 'narrow').toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await weights(page)).toEqual(before);
  await step(page, 2);
  expect(problems).toEqual([]);
  await page.close();

  const inNode = await runInNode('cut-tokens', SHIPPED_RUN, '1', String(row));
  expect(inNode).toMatchObject({
    ...{ adapter: { architecture: 'swiftshader' }, weightsHash: before.weightsHash },
    branches: inBrowser,
  });
});
