import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { openStudio, untilReady, untilState, untilUpdates } from './lib/studio';

const run = promisify(execFile);

/** From the weights that ship, whose drafts have several steps. */
const LINK = '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';

interface Branch {
  step: number;
  update: number;
  tokens: number[];
}

test('the scissors dragged to every step after a live update give the tokens, id for id, that Node gives with the same weights and random key', async ({
  page,
}) => {
  const { problems } = await openStudio(page, LINK);
  await untilReady(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 1);
  await untilState(page, 'paused');

  // The draft with the most steps has the most places to cut at.
  const rows = page.getByRole('group', { name: 'List of trajectories' });
  await rows.focus();
  await page.evaluate(() => {
    const studio = window.cutpoint;
    const counts = [...(studio?.batches.newest?.batch.draft.stepCounts ?? [])];
    const row = counts.indexOf(Math.max(...counts));
    studio?.store.setState({ selection: { row, side: 'final', step: 1 } });
  });
  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  const lab = page.getByRole('region', { name: 'Cut Lab' });
  await expect(lab).toContainText('n = 16');
  const changed = lab.getByRole('region', { name: 'What the update changed' });
  await expect(changed).toContainText('written tokens');
  await changed.getByRole('button', { name: 'Table of what the update changed' }).click();
  await expect(changed.getByRole('columnheader', { name: 'clipped' })).toBeVisible();
  const scissors = lab.getByRole('slider', { name: 'Your cut' });
  const steps = Number(await scissors.getAttribute('aria-valuemax'));
  const row = await page.evaluate(() => window.cutpoint?.store.getState().lab.root?.rows[0] ?? -1);
  expect(steps).toBeGreaterThan(1);

  const inBrowser: Branch[] = [];
  const newest = (): Promise<Branch | null> =>
    page.evaluate(() => {
      const last = (window.heard ?? []).map(({ event }) => event).findLast((event) => event.type === 'branch');
      if (last?.type !== 'branch') return null;
      const { step, update, side } = last.branch;
      return { step, update, tokens: [...side.tokens.subarray(0, side.lengths[0] ?? 0)] };
    });
  // Where they lie comes last: a drag that ends where it began cuts nothing.
  const lying = Number(await scissors.getAttribute('aria-valuenow'));
  const others = Array.from({ length: steps }, (_, k) => k + 1).filter((step) => step !== lying);
  for (const step of [...others, lying]) {
    await scissors.scrollIntoViewIfNeeded();
    const track = await lab.locator('.scissors-track').boundingBox();
    if (!track) throw new Error('the scissors have no track');
    const place = (at: number): number => track.x + Math.max(2, (track.width * (at - 1)) / steps);
    const y = track.y + track.height / 2;
    await page.mouse.move(place(Number(await scissors.getAttribute('aria-valuenow'))), y);
    await page.mouse.down();
    await page.mouse.move(place(step), y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await newest())?.step).toBe(step);
    const made = await newest();
    if (made) inBrowser.push(made);
  }
  expect(problems).toEqual([]);
  await page.close();

  const { stdout } = await run(process.execPath, ['scripts/cli.mjs', 'cut-tokens', LINK, '1', String(row)], {
    env: { ...process.env, CUTPOINT_ADAPTER: 'swiftshader' },
    timeout: 240_000,
  });
  const inNode: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(inBrowser).toHaveLength(steps);
  expect(inNode).toMatchObject({
    adapter: { architecture: 'swiftshader' },
    branches: inBrowser.toSorted((a, b) => a.step - b.step),
  });
});
