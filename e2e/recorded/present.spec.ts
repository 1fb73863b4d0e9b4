/** Slow motion, present mode and pages that a link has changed, on the example: no WebGPU, the keyboard alone. */
import { expect, type Page } from '@playwright/test';
import { violations, violationsInBothThemes } from '../lib/axe';
import { advance, toStart } from '../lib/lesson-places';
import { pressAt } from '../lib/lessons';
import { openExample, test } from '../lib/recorded';
import { button, openStudio, pressInFileMenu, region, trajectories } from '../lib/studio';

/** The sentence and both places that name a phase, read in one go. */
const told = (page: Page) =>
  page.evaluate(() => ({
    sentence: document.querySelector('.stage-sentence')?.textContent ?? '',
    phase: document.querySelector('.phases [aria-current]')?.textContent ?? '',
    status: document.querySelector('.status-activity')?.textContent ?? '',
    where: document.querySelector('.stage-where')?.textContent ?? '',
    text: document.querySelector('.stage')?.textContent ?? '',
  }));

/** Texts that are drawn smaller, with their size in pixels. */
const smallTexts = (page: Page, least: number) =>
  page.evaluate((pixels) => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || node.textContent?.trim() === '' || parent.closest('.visually-hidden, script, style'))
        continue;
      if (!parent.checkVisibility({ visibilityProperty: true })) continue;
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size < pixels) found.push(`${node.textContent ?? ''}: ${size}`);
    }
    return found;
  }, least);

test('present mode tells one trajectory by the keyboard, large enough for a projector', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const { problems } = await openStudio(page, '?present=1');
  await expect(page.locator('.stage-sentence')).toContainText('A question for the actor');
  const seen = [await told(page)];
  for (;;) {
    const now = seen.at(-1);
    expect(now?.phase, now?.sentence).toBe(now?.status);
    expect(await smallTexts(page, 18), now?.sentence).toEqual([]);
    // Nothing of it lies below the screen of a projector.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(
      0,
    );
    if (await button(page, 'Next').isDisabled()) break;
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => told(page).then(({ sentence }) => sentence)).not.toBe(now?.sentence);
    seen.push(await told(page));
  }
  expect([...new Set(seen.map(({ phase }) => phase))]).toEqual([
    ...['1 roll out', '2 review', '3 cut and regenerate', '4 reward', '5 advantage', '6 update'],
  ]);
  // The example tells a saved draft: neither its outcome nor its numbers stand anywhere before their phase.
  const before = (phase: string) =>
    seen.filter((one) => one.phase < phase).map(({ text }) => text.replace(/[1-6] [a-z ]+/g, ''));
  expect(before('4').join(' ')).not.toMatch(/right|wrong|EM|R =/);
  expect(before('3').join(' ')).not.toContain('discarded');
  expect(await violationsInBothThemes(page)).toEqual([]);

  // Another trajectory, another question, another update; each begins with its question.
  const first = (await told(page)).where;
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => told(page)).not.toMatchObject({ where: first });
  expect((await told(page)).phase).toBe('1 roll out');
  const question = await page.locator('.stage-question h2').textContent();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.locator('.stage-question h2')).not.toHaveText(question ?? '');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('update 39');
  // By the clock.
  await page.keyboard.press('h');
  await expect(page.locator('.stage-sentence')).toContainText('Step 1');
  await page.keyboard.press('h');
  await expect(button(page, 'Go on')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(region(page, 'Trajectories')).toBeVisible();
  await expect(page.locator('.present')).toHaveCount(0);
  await expect.poll(() => page.url()).not.toContain('present');
  await pressInFileMenu(page, 'Present');
  await expect.poll(() => page.url()).toContain('&present=1');
  expect(problems).toEqual([]);
});

test('slow motion is a stage in the place of the list, and no panel tells the end', async ({ page }) => {
  const { problems } = await openExample(page);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('slow motion');
  const stage = page.getByRole('group', { name: 'Stage', exact: true });
  await expect(stage).toBeVisible();
  await expect(trajectories(page)).toHaveCount(0);
  await button(page, 'Hold').click();
  await stage.focus();
  for (;;) {
    // Looked at in one go.
    const seen = await page.evaluate(() => {
      const hidden = ['.filter-number', '.group-bar > span', '.verdicts td:last-child', '.inspector-body'].map(
        (name) => {
          const panel = document.querySelector(name);
          return panel && getComputedStyle(panel).visibility;
        },
      );
      return {
        phase: document.querySelector('.phases [aria-current]')?.textContent,
        status: document.querySelector('.status-activity')?.textContent,
        hidden: [...new Set(hidden)],
      };
    });
    expect(seen.status).toBe(seen.phase);
    expect(seen.hidden, seen.phase).toEqual([/advantage|update/.test(seen.phase ?? '') ? 'visible' : 'hidden']);
    if (await button(page, 'Next').isDisabled()) break;
    const at = await page.locator('.stage-count').textContent();
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('.stage-count')).not.toHaveText(at ?? '');
  }
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('full speed');
  await expect(trajectories(page)).toBeVisible();
  expect(problems).toEqual([]);
});

test('a frame of 640 by 480 has the list, a locked page says what is locked, an unknown key is named', async ({
  page,
}) => {
  await page.setViewportSize({ width: 640, height: 480 });
  await openExample(page, '?embed=1');
  const whole = () =>
    trajectories(page).evaluate((list) => {
      const sight = list.getBoundingClientRect();
      const rows = [...list.querySelectorAll('.row')].map((row) => row.getBoundingClientRect());
      return rows.filter(({ top, bottom }) => top >= sight.top && bottom <= Math.min(sight.bottom, innerHeight)).length;
    });
  await expect.poll(whole).toBeGreaterThan(0);

  await page.setViewportSize({ width: 1280, height: 720 });
  await openStudio(page, '?teacher=1&lock=speed,present&presnt=1');
  await expect(page.getByRole('status').filter({ hasText: 'presnt' })).toContainText('Did you mean');
  await page.getByText('Locked', { exact: true }).click();
  for (const name of ['all settings', 'Reset', 'the speed', 'opening files', 'present mode']) {
    await expect(page.locator('.locked').getByText(name, { exact: true })).toBeVisible();
  }
  await openStudio(page, '?present=1&lock=present');
  await expect(page.locator('.stage-sentence')).toBeVisible();
  await expect(button(page, 'Leave')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status').filter({ hasText: 'locked by the link' })).toBeVisible();
  await expect(page.locator('.present')).toBeVisible();
});

test('present mode shows a lesson as large, and Escape leaves it where it stands', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const { problems } = await openStudio(page, '#v1&view=lessons&present=1');
  await expect(button(page, 'Leave')).toBeVisible();
  await pressAt(page, page.getByRole('button', { name: /What is it worth/ }), 'Enter');
  for (const lesson of ['worth', 'threshold', 'train', 'wrong']) {
    await page.goto(`./#v1&view=lessons&lesson=${lesson}&present=1`);
    await expect(page.locator('.lesson-step')).toContainText('Step 1 of');
    await toStart(page);
    do {
      expect(await smallTexts(page, 18), lesson).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, lesson).toBeLessThanOrEqual(0);
    } while (await advance(page));
  }
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/present=1/);
  await expect(page).toHaveURL(/view=lessons&step=\d&lesson=wrong/);
  await expect(button(page, 'Settings')).toBeVisible();
  expect(problems).toEqual([]);
});
