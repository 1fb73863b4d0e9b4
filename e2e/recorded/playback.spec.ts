/** The example that ships, in a browser that cannot train. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { BatchViews } from '../../src/recordings/batch-views';
import { decodeCapsule } from '../../src/recordings/capsule/capsule';
import { listRows, WHOLE_LIST } from '../../src/store/state/row-list';
import { placeOf } from '../../src/recordings/stored-batch';
import { fixed } from '../../src/ui/format';
import { listItems } from '../../src/ui/panels/trajectories/list-items';
import { drop, openFile } from '../lib/files';
import { openExample, test } from '../lib/recorded';
import { button, openStudio, region, SMALL_RUN, status, trajectories } from '../lib/studio';

for (const [what, hash] of [
  ['the defaults', ''],
  ['a link to another run', '#v1&preset=search-r1&world=atlas&seed=3'],
] as const) {
  test(`${what}: says what the browser needs and shows a recorded run`, async ({ page }) => {
    const { problems } = await openExample(page, hash);
    await expect(page.getByRole('alert').filter({ hasText: 'WebGPU' })).toContainText('Only training needs it');
    await expect(button(page, 'Play')).toBeDisabled();

    // It can be scrubbed, filtered and inspected.
    const bar = region(page, 'Recording');
    await bar.getByRole('button', { name: 'Play back again' }).click();
    await bar.getByRole('button', { name: 'Show all' }).click();
    await expect(status(page)).toContainText('update 40');
    const timeline = page.getByRole('slider', { name: 'Update on screen' });
    await timeline.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(status(page)).toContainText('HELD 39');
    await expect(region(page, 'Trajectories')).toContainText('update 39');
    await button(page, 'Newest').click();
    await expect(status(page)).not.toContainText('HELD');
    await expect(region(page, 'Trajectories')).toContainText('update 40');
    await expect(region(page, 'Inspector')).toContainText('Reward');
    await page.getByRole('searchbox').fill('country');
    await expect(region(page, 'Questions and filter')).toContainText('listed');
    expect(problems).toEqual([]);
  });
}

/** Of the playback: how far it is, and whether it moves. */
const playback = (page: Page) =>
  page.evaluate(() => {
    const state = window.cutpoint?.store.getState();
    return { update: state?.update ?? NaN, playing: state?.recording?.playing };
  });

test('moves by itself, stops where it is told to and goes on there', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await openStudio(page, '');
  await expect(status(page)).toContainText('RECORDED');
  const { update: early } = await playback(page);
  await expect.poll(async () => (await playback(page)).update).toBeGreaterThan(early);
  await expect(region(page, 'Trajectories')).toContainText('kept');
  const bar = region(page, 'Recording');
  await bar.getByRole('button', { name: 'Stop playback' }).click();
  const stopped = await playback(page);
  expect(stopped.playing).toBe(false);
  // Heard in the page: looked at from here, a busy machine may be an update further.
  const next = page.evaluate(
    (from) =>
      new Promise<number | undefined>((resolve) => {
        const unsubscribe = window.cutpoint?.store.subscribe(({ update }) => {
          if (update === from) return;
          unsubscribe?.();
          resolve(update);
        });
      }),
    stopped.update,
  );
  await bar.getByRole('button', { name: 'Play back', exact: true }).click();
  expect(await next).toBe(stopped.update + 1);
});

test('list and Inspector come to show the update that is on screen, row by row', async ({ page }) => {
  await openExample(page);
  const { batches, world } = await decodeCapsule(await readFile('public/capsules/example.capsule'), 'The example');
  const rows = trajectories(page).locator('> ol > li:has(.row)');
  // As it opens, and one that has to be drawn over another.
  for (const back of [0, 1]) {
    if (back > 0) await button(page, 'Earlier update').click();
    const update = await page.evaluate(() => window.cutpoint?.batches.shown?.batch.update);
    const stored = batches.find(({ batch }) => batch.update === update);
    if (!stored) throw new Error(`The example has no trajectories of update ${update}`);
    const views = new BatchViews(stored, world);
    const items = listItems(listRows(stored, null, WHOLE_LIST).places, stored, 'question');
    const wanted = async () =>
      (await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-posinset'))))).map((position) => {
        const { draft, final, cut } = views.at(items[position - 1]?.place ?? -1);
        const steps = cut > 0 ? [...draft.steps, ...final.steps.slice(cut - 1)] : final.steps;
        return [`R ${fixed(final.reward)}`, ...steps.map(({ label }) => label)];
      });
    const seen = () =>
      rows.evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('.row-reward, .step-text')].map(({ textContent }) => textContent)),
      );
    await expect(async () => {
      const now = await seen();
      expect(now.length).toBeGreaterThan(3);
      expect(now).toEqual(await wanted());
    }).toPass({ timeout: 20_000 });
    // The most telling row is in sight.
    await expect
      .poll(() =>
        trajectories(page).evaluate((list) => {
          const row = list.querySelector('.row-selected')?.getBoundingClientRect();
          const { top, bottom } = list.getBoundingClientRect();
          return row !== undefined && row.top >= top && row.bottom <= bottom;
        }),
      )
      .toBe(true);
    const telling = views.at(placeOf(stored, stored.tellingRow));
    const facts = region(page, 'Inspector').locator('.facts').first();
    await expect(facts.locator('dd').first()).toHaveText(views.answerOf(telling));
  }
});

test('stands still for those who want no motion', async ({ page }) => {
  await openStudio(page, SMALL_RUN);
  await expect(status(page)).toContainText('RECORDED');
  // At once: it would get there in the end.
  expect(await playback(page)).toEqual({ update: 40, playing: false });
  await expect(status(page)).toContainText('update 40');
});

test('opens a capsule that is dropped on the page', async ({ page }) => {
  await openExample(page);
  await drop(page, 'dropped.capsule', await readFile('public/capsules/example.capsule'));
  const bar = region(page, 'Recording');
  await expect(bar).toContainText('“dropped.capsule”: 40 updates of Search-R2');
  await bar.getByRole('button', { name: 'Play back again' }).click();
  await expect(bar.getByRole('button', { name: 'Stop playback' })).toBeVisible();
});

test('a damaged capsule, and one of a newer version, change nothing', async ({ page }) => {
  await openExample(page);
  await openFile(page, 'broken.capsule', 'cutpoint-capsule/1\nnothing that was ever packed');
  await expect(page.getByRole('alert').filter({ hasText: 'broken.capsule' })).toContainText('damaged or was cut off');
  await openFile(page, 'newer.capsule', 'cutpoint-capsule/7\n');
  await expect(page.getByRole('alert').filter({ hasText: 'newer.capsule' })).toContainText('newer version of Cutpoint');
  // What was said before is a press away, and so is what is on screen.
  await page.getByRole('button', { name: 'Message 1 of 3: next' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'broken.capsule' })).toBeVisible();
  await page.getByRole('button', { name: 'Message 2 of 3: next' }).click();
  await expect(region(page, 'Recording')).toContainText('example');
});
