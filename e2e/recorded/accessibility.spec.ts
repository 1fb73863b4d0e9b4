import { expect, type Locator, type Page } from '@playwright/test';
import { violations, violationsInBothThemes } from '../lib/axe';
import { openFile } from '../lib/files';
import { openExample, test } from '../lib/recorded';
import { button, openStudio, pressInFileMenu, region, view } from '../lib/studio';

const VIEWS = ['Cut Lab', 'Ask it', 'Lessons', 'Studio'];
/** Whatever is behind it has been looked at. */
const DRAWER = '.drawer';

async function openSettings(page: Page): Promise<void> {
  await button(page, 'Settings').click();
  // Its code comes with the first opening.
  await expect(region(page, 'Settings')).toBeVisible();
  await page
    .locator('.setting-group')
    .evaluateAll((groups) => groups.forEach((group) => group.setAttribute('open', '')));
}

test('axe finds nothing wrong with any view and drawer in either theme', async ({ page }) => {
  const { problems } = await openExample(page);
  for (const name of VIEWS) {
    await view(page, name).click();
    await expect(view(page, name)).toHaveAttribute('aria-current', 'page');
    expect(await violationsInBothThemes(page), name).toEqual([]);
  }
  await openSettings(page);
  expect(await violationsInBothThemes(page, DRAWER), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await pressInFileMenu(page, 'Runs');
  await expect(region(page, 'Runs')).toBeVisible();
  expect(await violationsInBothThemes(page, DRAWER), 'runs').toEqual([]);
  expect(problems).toEqual([]);
});

test('axe finds nothing wrong with any view and drawer on a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openExample(page);
  for (const name of VIEWS) {
    await view(page, name).click();
    await expect(view(page, name)).toHaveAttribute('aria-current', 'page');
    expect(await violations(page), name).toEqual([]);
  }
  await openSettings(page);
  expect(await violations(page, { within: DRAWER }), 'settings').toEqual([]);
});

test('axe finds nothing wrong with the dialog of one’s own world, whatever is in it', async ({ page }) => {
  await openStudio(page, '');
  await button(page, 'Settings').click();
  await region(page, 'Settings').getByLabel('World', { exact: true }).selectOption('make');
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  const facts = dialog.getByRole('textbox', { name: 'Facts' });
  const good = ['a', 'b', 'c', 'd']
    .flatMap((x) => [`${x},lives in,city of ${x}`, `city of ${x},lies in,land`])
    .join('\n');
  for (const [text, seen] of [
    ['', 'One fact a line'],
    [`${good}\nlost`, 'Line 9: 1 column instead of 3'],
    [good, '8 facts'],
  ] as const) {
    await facts.fill(text);
    await expect(dialog).toContainText(seen);
    expect(await violationsInBothThemes(page, 'dialog'), seen).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page, { within: 'dialog' }), 'narrow').toEqual([]);
});

test('axe finds nothing wrong with the branches of a file', async ({ page }) => {
  await openStudio(page, '');
  const step = ['<think>', 'relation:capital', '</think>', '<answer>', 'city:Arden', '</answer>'];
  const tokens = ['<question>', 'country:Aldovia', 'relation:capital', ...step];
  const numbers = { logProbs: tokens.map(() => 0), entropies: tokens.map(() => 0), stepStarts: [3], searches: [] };
  const side = { tokens, ...numbers, end: 'finished', em: 1, reward: 1, coverage: 0 };
  const line = {
    ...{ format: 'cutpoint-trajectory/3', update: 4, row: 0, question: 'What is the capital of Aldovia?' },
    ...{ answer: 'city:Arden', draft: side, review: { cut: 0, logProbs: [0] }, final: null, advantage: 0 },
    branches: [{ branch: 1, parent: 0, cut: 1, forced: null, replicate: 0, revision: 1, weights: 4, side }],
  };
  await openFile(page, 'cut.jsonl', JSON.stringify(line));
  await view(page, 'Cut Lab').click();
  const branches = region(page, 'Cut by hand');
  await expect(branches.getByRole('row').nth(1)).toContainText('draft, step 1');
  await expect(branches).toContainText('Arden');
  expect(await violations(page)).toEqual([]);
});

test('at 200 % zoom and in forced colours every drawer fits, and its lines are drawn', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await page.emulateMedia({ forcedColors: 'active' });
  const { problems } = await openExample(page);
  const expectFits = async (what: Locator): Promise<void> => {
    await expect(what).toBeVisible();
    const box = await what.evaluate((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { inside: left >= 0 && right <= innerWidth, scrolls: element.scrollWidth > element.clientWidth };
    });
    expect(box).toEqual({ inside: true, scrolls: false });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  };
  const help = page.getByRole('alert').filter({ hasText: 'What to do' });
  await help.getByText('What to do').click();
  await help.getByRole('button', { name: 'Doctor' }).click();
  await expectFits(page.getByRole('dialog', { name: 'Doctor' }));
  await page.keyboard.press('Escape');
  await view(page, 'Lessons').click();
  await expectFits(page.getByRole('main'));
  await openSettings(page);
  await expectFits(region(page, 'Settings'));
  await region(page, 'Settings').getByLabel('World', { exact: true }).selectOption('make');
  await expectFits(page.getByRole('dialog', { name: 'Your own world' }));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  const rows = [1, 2].flatMap((step) => ['a', 'b'].map((question) => ({ question, step, completion: 'x', reward: 1 })));
  await openFile(page, 'two.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  await button(page, 'Compare steps or files').click();
  const sets = region(page, 'Two steps or files');
  await expectFits(sets);
  // A cell without text has the line of the one beside it.
  const lines = await sets
    .getByRole('row', { name: /^groups/ })
    .first()
    .getByRole('cell')
    .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).borderBottomColor));
  expect(new Set(lines).size).toBe(1);
  expect(problems).toEqual([]);
});
