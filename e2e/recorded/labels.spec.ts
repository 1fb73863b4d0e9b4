/** What a person says of trajectories, and trajectories on their way to others. */
import { expect } from '@playwright/test';
import { violations } from '../lib/axe';
import { download, openFile, save } from '../lib/files';
import { openExample, test } from '../lib/recorded';
import { ROLLOUTS } from '../lib/rollouts';
import { button, openStudio, region, trajectories } from '../lib/studio';

const FILE = ROLLOUTS.slice(0, 30)
  .map(({ line }) => line)
  .join('\n');

test('labels and notes of a file are kept, shown, filtered by and saved', async ({ page }) => {
  await openStudio(page, '');
  await openFile(page, 'labels.jsonl', FILE);
  const bar = region(page, 'Recorded trajectories');
  await expect(bar).toContainText('30 trajectories');
  const inspector = region(page, 'Inspector');
  const filter = region(page, 'Questions and filter');
  const list = trajectories(page);

  // By keys alone.
  await inspector.getByText('Labels and notes').focus();
  await page.keyboard.press('Enter');
  await inspector.getByRole('combobox', { name: 'New label' }).focus();
  await page.keyboard.type('wrong city');
  await page.keyboard.press('Enter');
  await expect(button(page, 'Remove label wrong city')).toBeVisible();
  await inspector.getByRole('textbox', { name: 'Note' }).fill('<b>why</b>');
  await expect(list.getByRole('button', { name: /Labelled wrong city, note/ })).toHaveCount(1);
  await expect(inspector.getByText('Kept in this browser')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // The next visit has them once the same file is open, whatever it is called by then.
  await page.reload();
  await openFile(page, 'renamed.jsonl', FILE);
  await expect(bar).toContainText('30 trajectories');
  await filter.getByRole('group', { name: 'Labels and notes' }).getByRole('button', { name: 'wrong city 1' }).click();
  await expect(filter).toContainText('1 listed');
  await expect(list.getByText('wrong city, note').first()).toBeVisible();
  const lines = (await save(page, 'Trajectories (JSONL)')).buffer.toString().trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { cutpoint_labels: [{ labels: ['wrong city'], note: '<b>why</b>' }] },
  ]);
  await page.evaluate(() => indexedDB.deleteDatabase('cutpoint-labels'));
});

test('trajectories go to Inspect, to ATIF and to a page of their own', async ({ page }) => {
  await openExample(page);
  const bar = region(page, 'Recorded trajectories');
  for (const kind of ['Inspect log', 'ATIF']) {
    const file = await save(page, `Trajectories (${kind})`);
    await page.getByLabel('Files to open').setInputFiles(file);
    await expect(bar).toContainText(/\d trajectories/);
    await expect(bar).not.toContainText('skipped');
    await button(page, 'Back to the run').click();
    await expect(bar).toBeHidden();
  }
  await button(page, 'Whole trajectory').click();
  const { name, buffer } = await download(page, button(page, 'Save as HTML'));
  expect(name).toMatch(/^cutpoint-.*\.html$/);
  // Within the page's own rules it would not be drawn at all.
  const other = await page.context().newPage();
  await other.setContent(buffer.toString());
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await violations(other)).toEqual([]);
  await other.close();
});
