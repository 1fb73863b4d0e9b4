import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openStudio, untilReady, untilUpdates } from './lib/studio';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

test('axe finds nothing wrong, in either theme, on a wide and a narrow screen', async ({ page }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  expect(await violations(page), 'before the first update').toEqual([]);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 1);
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Reward');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
  }
  await page.getByRole('button', { name: 'Settings' }).click();
  await page
    .locator('.setting-group')
    .evaluateAll((groups) => groups.forEach((group) => group.setAttribute('open', '')));
  expect(await violations(page), 'settings').toEqual([]);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page), 'narrow').toEqual([]);
  for (const view of ['Cut Lab', 'Ask it', 'Lessons']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
    expect(await violations(page), view).toEqual([]);
  }
  expect(problems).toEqual([]);
});

test('axe finds nothing wrong with the dialog of one’s own world, whatever is in it', async ({ page }) => {
  const { problems } = await openStudio(page);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('region', { name: 'Settings' }).getByLabel('World', { exact: true }).selectOption('make');
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  const facts = dialog.getByRole('textbox', { name: 'Facts' });
  const good = ['a', 'b', 'c', 'd']
    .flatMap((x) => [`${x},lives in,city of ${x}`, `city of ${x},lies in,land`])
    .join('\n');
  for (const [text, seen] of [
    ['', 'Paste facts'],
    [`${good}\nlost`, 'Line 9: 1 column instead of 3'],
    [good, '8 facts'],
  ] as const) {
    await facts.fill(text);
    await expect(dialog).toContainText(seen);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${seen}, ${colorScheme}`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page), 'narrow').toEqual([]);
  expect(problems).toEqual([]);
});

test('axe finds nothing wrong with the branches of a file', async ({ page }) => {
  await openStudio(page);
  const step = ['<think>', 'relation:capital', '</think>', '<answer>', 'city:Arden', '</answer>'];
  const tokens = ['<question>', 'country:Aldovia', 'relation:capital', ...step];
  const numbers = { logProbs: tokens.map(() => 0), entropies: tokens.map(() => 0), stepStarts: [3], searches: [] };
  const side = { tokens, ...numbers, end: 'finished', em: 1, reward: 1, coverage: 0 };
  const line = {
    ...{ format: 'cutpoint-trajectory/3', update: 4, row: 0, question: 'What is the capital of Aldovia?' },
    ...{ answer: 'city:Arden', draft: side, review: { cut: 0, logProbs: [0] }, final: null, advantage: 0 },
    branches: [{ branch: 1, parent: 0, cut: 1, forced: null, replicate: 0, revision: 1, weights: 4, side }],
  };
  const buffer = Buffer.from(JSON.stringify(line));
  await page.getByLabel('Files to open').setInputFiles({ name: 'cut.jsonl', mimeType: '', buffer });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Cut Lab' }).click();
  const branches = page.getByRole('region', { name: 'Cut by hand' });
  await expect(branches.getByRole('row').nth(1)).toContainText('draft, step 1');
  await expect(branches).toContainText('Arden');
  expect(await violations(page)).toEqual([]);
});
