/** A telephone: what is seen first, what a thumb hits, and a step that opens where the thumb is. */
import { expect, type Page } from '@playwright/test';
import { openExample, test } from '../lib/recorded';
import { button, region, trajectories, view } from '../lib/studio';

const SCREEN = { width: 390, height: 844 };
const LEAST = 40;
/** Signs within a text stand as close as its lines: they are pressed where they are read. */
const WITHIN_TEXT = '.term, .factor, .lesson-link';

/** What can be pressed and is smaller than a thumb needs. A box to tick is pressed by its label. */
const small = (page: Page) =>
  page.evaluate(
    ([least, withinText]) =>
      [...document.querySelectorAll('button, a[href], summary, input, select, textarea')].flatMap((element) => {
        if (element.matches(withinText) || !element.checkVisibility()) return [];
        const target = element.matches('[type=radio], [type=checkbox]')
          ? (element.closest('label') ?? element)
          : element;
        const { width, height } = target.getBoundingClientRect();
        if (width === 0 || (width > least - 0.5 && height > least - 0.5)) return [];
        return [`${element.outerHTML.slice(0, 80)}: ${width} x ${height}`];
      }),
    [LEAST, WITHIN_TEXT] as const,
  );

test('targets are large enough for a thumb', async ({ page }) => {
  await page.setViewportSize(SCREEN);
  await openExample(page);
  for (const name of ['Cut Lab', 'Ask it', 'Lessons', 'Studio']) {
    await view(page, name).click();
    await expect(view(page, name)).toHaveAttribute('aria-current', 'page');
    expect(await small(page), name).toEqual([]);
  }
  await page.getByText('Filter', { exact: true }).click();
  await page.getByText('File', { exact: true }).click();
  expect(await small(page), 'filter and files').toEqual([]);
  await button(page, 'Settings').click();
  await expect(region(page, 'Settings')).toBeVisible();
  await page
    .locator('.setting-group')
    .evaluateAll((groups) => groups.forEach((group) => group.setAttribute('open', '')));
  expect(await small(page), 'settings').toEqual([]);
});

test('the first trajectory is on the first screen, and a step opens from below', async ({ page }) => {
  await page.setViewportSize(SCREEN);
  const { problems } = await openExample(page);
  // Rows above are scrolled out of the list, under the heading of the question.
  const top = () =>
    trajectories(page).evaluate((list) => {
      const under = list.querySelector('.question')?.getBoundingClientRect().bottom ?? 0;
      const tops = [...list.querySelectorAll('.row')].map((row) => row.getBoundingClientRect().top);
      return Math.min(...tops.filter((y) => y >= under - 1));
    });
  await expect.poll(top).toBeLessThan(SCREEN.height);

  const inspector = region(page, 'Inspector');
  const sheet = page.locator('.sheet');
  const step = trajectories(page).locator('[data-current="true"]');
  const open = async () => {
    await step.click();
    await expect(sheet).toBeFocused();
  };
  await expect(sheet).toHaveCount(0);
  await open();
  await expect(inspector).toContainText('Passages found');
  await expect(inspector).toBeInViewport();
  expect(await sheet.evaluate((element) => element.getBoundingClientRect().bottom)).toBe(SCREEN.height);
  expect(await small(page), 'sheet').toEqual([]);

  // An explanation above it is closed before it is.
  await inspector.getByRole('button', { name: 'Density' }).click();
  await expect(page.getByRole('dialog', { name: 'density' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(sheet).toBeVisible();

  const closed = async () => {
    await expect(sheet).toHaveCount(0);
    await expect(step).toBeFocused();
  };
  await page.keyboard.press('Escape');
  await closed();
  await open();
  await button(page, 'Close').click();
  await closed();

  // A finger pulls it down: a little is not enough.
  await open();
  const grip = await button(page, 'Close').boundingBox();
  const [x, y] = [195, (grip?.y ?? 0) + 20];
  for (const [down, stays] of [
    [40, true],
    [160, false],
  ] as const) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + down, { steps: 4 });
    await page.mouse.up();
    await (stays ? expect(sheet).toBeVisible() : closed());
  }
  expect(problems).toEqual([]);
});
