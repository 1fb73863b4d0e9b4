/** What can be done in Studio without an engine, on the example. */
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { decodeCapsule } from '../../src/recordings/capsule/capsule';
import { UPDATES_PER_MINUTE } from '../../src/recordings/metric-history';
import { violations, violationsInBothThemes } from '../lib/axe';
import { chartNumbers } from '../lib/charts';
import { download } from '../lib/files';
import { openExample, test } from '../lib/recorded';
import { button, region, status, trajectories } from '../lib/studio';

test('finds, filters and walks over trajectories by keyboard', async ({ page }) => {
  await openExample(page);
  const list = trajectories(page);
  const filter = region(page, 'Questions and filter');
  // Every count is the number of rows that its filter lists. By question the list has headings, too.
  await filter.getByRole('combobox', { name: 'Sort by' }).selectOption('worst');
  const counts: number[] = [];
  for (const choice of await filter.getByRole('radio').all()) {
    await choice.check();
    const label = (await choice.locator('xpath=..').textContent()) ?? '';
    const number = Number(/\d+$/.exec(label)?.[0]);
    await expect(filter.locator('.filter-count')).toHaveText(`${number} listed`);
    if (number === 0) await expect(page.getByText('No trajectory of this update')).toBeVisible();
    else await expect(list.locator('> ol > li').first()).toHaveAttribute('aria-setsize', String(number));
    counts.push(number);
  }
  // Not all of them are all or nothing.
  expect(new Set(counts).size).toBeGreaterThan(3);
  await filter.getByRole('radio', { name: /^all/ }).check();
  await filter.getByRole('searchbox').fill('no such words');
  await expect(page.getByText('No trajectory of this update')).toBeVisible();
  await button(page, 'Show all').click();
  await expect(filter.locator('.filter-count')).toHaveText('64 listed');

  // What the keyboard stands on is held, and so is the step.
  const shown = () => page.evaluate(() => window.cutpoint?.store.getState().selection);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(list.locator('[data-current="true"]')).toBeFocused();
  await expect(region(page, 'Trajectories').getByRole('button', { name: 'Follow' })).toBeVisible();
  const first = await shown();
  await page.keyboard.press('ArrowDown');
  await expect.poll(shown).not.toEqual(first);
  const second = await shown();
  expect(second?.row).not.toBe(first?.row);
  await page.keyboard.press('ArrowRight');
  await expect.poll(shown).toEqual({ ...second, step: 2 });
  await expect(list.locator('[data-current="true"]')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect.poll(shown).toEqual(first);
});

test('the heading that stays on top is that of the rows under it', async ({ page }) => {
  await openExample(page);
  const list = trajectories(page);
  const next = list.locator('li:not(.item-stuck):has(h3)').first();
  await expect(async () => {
    await list.evaluate((element) => element.scrollBy(0, 100));
    await expect(next).toBeVisible({ timeout: 200 });
  }).toPass();
  const question = (await next.locator('h3').textContent()) ?? '';
  const stuck = list.locator('.item-stuck h3');
  await expect(stuck).not.toHaveText(question);
  // Nearly at the top, where the list may stop when it follows: the one before would lie over it.
  await next.evaluate((item) => {
    const scroller = item.closest('.rows');
    scroller?.scrollBy(0, item.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12);
  });
  await expect(stuck).toHaveText(question);
});

test('the tables behind the charts hold the recorded numbers, every digit', async ({ page }) => {
  await openExample(page);
  const { metrics } = await decodeCapsule(await readFile('public/capsules/example.capsule'), 'The example');
  expect(metrics).toHaveLength(40);
  for (const [update, metric, value] of await chartNumbers(page, metrics.length)) {
    const row = metrics.find((one) => one.update === update);
    const speed = row !== undefined && row.updateMs > 0 ? 60_000 / row.updateMs : null;
    const recorded = metric === UPDATES_PER_MINUTE ? speed : row?.metrics[metric];
    expect(value, `${metric} of update ${update}`).toBe(recorded === null ? '' : String(recorded));
  }
});

test('a chart holds an update by keyboard and can be taken along', async ({ page }) => {
  await openExample(page);
  const charts = region(page, 'Charts');
  const figure = charts.getByRole('figure', { name: 'Reward' });
  await figure.scrollIntoViewIfNeeded();
  await charts.getByRole('slider', { name: /^Reward/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(status(page)).toContainText('HELD');
  for (const [kind, begins] of [
    ['CSV', 'update,rewardMean\r\n1,'],
    ['SVG', '<svg xmlns='],
    ['PNG', '\u0089PNG'],
  ] as const) {
    await charts.getByLabel('Save Reward').click();
    const { name, buffer } = await download(page, figure.getByRole('button', { name: kind }));
    expect(buffer.toString('latin1').startsWith(begins), kind).toBe(true);
    expect(name).toBe(`cutpoint-reward-update-40.${kind.toLowerCase()}`);
  }
});

test('the doctor says what is missing, to copy', async ({ page }) => {
  const { problems } = await openExample(page);
  const help = page.getByRole('alert').filter({ hasText: 'What to do' });
  await help.getByText('What to do').click();
  await help.getByRole('button', { name: 'Doctor' }).click();
  const doctor = page.getByRole('dialog', { name: 'Doctor' });
  const report = doctor.getByRole('textbox', { name: 'Report' });
  await expect(doctor.getByRole('status')).toHaveText('Something is wrong: the report says what.');
  await expect(report).toHaveValue(/^Cutpoint doctor: NO DEVICE\n/);
  await expect(report).toHaveValue(/Missing +WebGPU is there, but it offers no adapter/);
  await expect(report).toHaveValue(/Chrome\//);
  await doctor.getByRole('button', { name: 'Copy' }).click();
  await expect(doctor.getByRole('status')).toHaveText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await report.inputValue());
  expect(await violationsInBothThemes(page, 'dialog')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page, { within: 'dialog' }), 'narrow').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(doctor).toBeHidden();
  expect(problems).toEqual([]);
});

test('fits screens from a telephone to a wall: nothing overflows, and no step reaches into the next', async ({
  page,
}) => {
  const { problems } = await openExample(page);
  for (const width of [360, 768, 1024, 1250, 2560]) {
    await page.setViewportSize({ width, height: 844 });
    for (const name of ['Trajectories', 'Inspector', 'Refiner board', 'Evaluation', 'Charts', 'Timeline']) {
      await expect(region(page, name)).toBeVisible();
    }
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(wide).toBeLessThanOrEqual(0);
    // The probability of a cut and the evidence of a step, against what is beside them.
    const reach = () =>
      trajectories(page)
        .locator('.step')
        .evaluateAll((steps) => {
          const reaching = steps.map((step) => {
            const signs = [...step.querySelectorAll('.density, .step-text, .chance')];
            const right = Math.max(
              ...signs.map(
                (sign) => Math.max(0, sign.scrollWidth - sign.clientWidth) + sign.getBoundingClientRect().right,
              ),
            );
            return right - step.getBoundingClientRect().right;
          });
          return reaching.length > 3 ? Math.max(...reaching) : Infinity;
        });
    await expect.poll(reach, `at a width of ${width}`).toBeLessThanOrEqual(1);
  }
  expect(problems).toEqual([]);
});

test('a sign says what it means, by key and by press', async ({ page }) => {
  await openExample(page);
  const missed = page.getByRole('dialog', { name: 'Missed' });
  await region(page, 'Refiner board').getByRole('button', { name: 'missed', exact: true }).press('Enter');
  await expect(missed).toContainText('Good is down.');
  await page.keyboard.press('Escape');
  await expect(missed).toBeHidden();
  // Signs in rows are many, and no buttons: the Key has them for the keyboard.
  await trajectories(page).locator('[data-term="advantage"]').first().click();
  await expect(page.getByRole('dialog', { name: 'Advantage' })).toContainText('than the others of its group');
  await page.keyboard.press('Escape');
  await button(page, 'Key').click();
  await region(page, 'Trajectories').getByRole('button', { name: 'exact match' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Exact match' })).toContainText('Good is up.');
});

test('the first screen reads a saved draft aloud as soon as there is one, and says how much is learnt', async ({
  page,
}) => {
  await openExample(page);
  // Without waiting: the Inspector comes a frame after the list, and this before both.
  const told = (await region(page, 'In short').textContent()) ?? '';
  expect(told).toContain('saved by a cut in update');
  expect(told).toMatch(
    /The draft searched for .*: wrong, it is .*The refiner cut it at step \d.*The actor .*: right\./,
  );
  const { evaluations, ceiling } = await page.evaluate(() => {
    const state = window.cutpoint?.store.getState();
    return { evaluations: state?.evaluations ?? [], ceiling: state?.world?.ceilings.perfectReaderEm ?? NaN };
  });
  const percent = (value: number | null | undefined) => `${((value ?? NaN) * 100).toFixed(0)} %`;
  const [base, now] = [evaluations[0], evaluations.at(-1)].map((one) => percent(one?.metrics['emGreedy']));
  expect(base).not.toBe(now);
  expect(told).toContain(`base ${base} → now ${now} · a perfect reader ${percent(ceiling)}`);
});
