/** The scale of src/ui/tokens.css holds everywhere, and another update moves in. */
import { expect, type Page } from '@playwright/test';
import { openExample, test } from '../lib/recorded';
import { button, region, trajectories, view } from '../lib/studio';

const SCALE = [13, 15, 18, 24];

/** Sizes of what holds text of its own, in pixels, each with one that has it. */
async function sizes(page: Page, within = 'body'): Promise<[number, string][]> {
  const found = await page.locator(within).evaluate((root) => {
    const seen = new Map<number, string>();
    for (const element of root.querySelectorAll('*')) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
      if (!own || !element.checkVisibility()) continue;
      seen.set(parseFloat(getComputedStyle(element).fontSize), `${element.tagName}.${element.getAttribute('class')}`);
    }
    return [...seen];
  });
  return found;
}

const strange = (found: [number, string][]) => found.filter(([size]) => !SCALE.includes(size));

test('every text has a size of the scale: questions 18, steps 15', async ({ page }) => {
  await openExample(page);
  await expect(region(page, 'Charts').locator('.chart svg text').first()).toBeVisible();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const name of ['Cut Lab', 'Ask it', 'Lessons', 'Studio']) {
      await view(page, name).click();
      await expect(view(page, name)).toHaveAttribute('aria-current', 'page');
      const found = await sizes(page);
      expect(found.length, name).toBeGreaterThan(1);
      expect(strange(found), `${name}, ${width} wide`).toEqual([]);
    }
    const sizeOf = (selector: string) =>
      page.locator(selector).evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).fontSize))]);
    expect(await sizeOf('.question-text, .hero-question')).toEqual(['18px']);
    expect(await sizeOf('.step-text')).toEqual(['15px']);
  }
  await button(page, 'Settings').click();
  await expect(region(page, 'Settings')).toBeVisible();
  expect(strange(await sizes(page, '.drawer'))).toEqual([]);
});

test('another update moves in, for who wants motion', async ({ page }) => {
  await openExample(page);
  await page.evaluate(() => {
    const { dataset } = document.body;
    Object.assign(dataset, { arrived: '0', moved: '0' });
    const list = document.querySelector('.rows');
    if (list === null) throw new Error('The page has no list.');
    new MutationObserver(() => {
      if (list.hasAttribute('data-arriving')) dataset.arrived = String(Number(dataset.arrived) + 1);
    }).observe(list, { attributeFilter: ['data-arriving'] });
    list.addEventListener('animationstart', ({ target }) => {
      if (target instanceof Element && target.matches('.rows-inner')) dataset.moved = String(Number(dataset.moved) + 1);
    });
  });
  for (const [motion, arrived, moved] of [
    ['reduce', '1', '0'],
    ['no-preference', '2', '1'],
    ['no-preference', '3', '2'],
  ] as const) {
    await page.emulateMedia({ reducedMotion: motion });
    await button(page, 'Earlier update').click();
    await expect(page.locator('body')).toHaveAttribute('data-arrived', arrived);
    await expect(trajectories(page)).not.toHaveAttribute('data-arriving');
    await expect(page.locator('body')).toHaveAttribute('data-moved', moved);
  }
});

test('probabilities are quiet until their row is asked for', async ({ page }) => {
  await openExample(page);
  const row = trajectories(page).locator('.item:has(.row-selected) + .item .row');
  const colour = () =>
    row
      .locator('.chance:not(.chance-chosen)')
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  await expect.poll(colour).toBe('rgba(0, 0, 0, 0)');
  await row.hover();
  await expect.poll(colour).not.toBe('rgba(0, 0, 0, 0)');
});
