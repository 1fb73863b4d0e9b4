import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openStudio } from './lib/studio';

const executablePath = process.env.CHROME_PATH;
test.use({
  launchOptions: {
    args: ['--no-sandbox', '--disable-gpu', '--disable-features=WebGPU', '--disable-background-networking'],
    ...(executablePath === undefined ? {} : { executablePath }),
  },
});

for (const [what, hash] of [
  ['the defaults', ''],
  ['a link to another run', '#v1&preset=search-r1&world=atlas&seed=3'],
] as const) {
  test(`${what}: says what the browser needs and shows a recorded run`, async ({ page }) => {
    const { problems } = await openStudio(page, hash);
    await expect(page.getByRole('alert').filter({ hasText: 'WebGPU' })).toContainText('Only training needs it');
    const status = page.getByRole('group', { name: 'Status' });
    await expect(status).toContainText('RECORDED');
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeDisabled();

    // It can be scrubbed, filtered and inspected.
    const bar = page.getByRole('region', { name: 'Recording' });
    await bar.getByRole('button', { name: 'Show all' }).click();
    await expect(status).toContainText('update 40');
    await page.getByRole('slider', { name: 'Update on screen' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(status).toContainText('HELD 39');
    await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText('update 39');
    await page.getByRole('button', { name: 'Newest', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText('update 40');
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Reward');
    await page.getByRole('searchbox').fill('country');
    await expect(page.getByRole('region', { name: 'Questions and filter' })).toContainText('listed');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([]);
    // The browser's own word for it.
    expect(problems.filter((problem) => problem !== 'console: No available adapters.')).toEqual([]);
  });
}

test('opens a capsule that is dropped on the page', async ({ page }) => {
  await openStudio(page, '');
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('RECORDED');
  const bytes = await readFile('public/capsules/example.capsule', 'base64');
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    const buffer = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    transfer.items.add(new File([buffer], 'dropped.capsule'));
    return transfer;
  }, bytes);
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  const bar = page.getByRole('region', { name: 'Recording' });
  await expect(bar).toContainText('“dropped.capsule”: 40 updates of Search-R2');
  await bar.getByRole('button', { name: 'Play back again' }).click();
  await expect(bar.getByRole('button', { name: 'Stop playback' })).toBeVisible();
});
