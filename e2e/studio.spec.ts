import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function step(page: Page, update: number): Promise<void> {
  await button(page, 'Step').click();
  await untilUpdates(page, update);
  await untilState(page, 'paused');
}

test('finds, pins, goes back in time, changes settings under way and saves charts', async ({ page }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await step(page, 1);
  await step(page, 2);
  const list = page.getByRole('group', { name: 'List of trajectories' });
  const filter = page.getByRole('region', { name: 'Questions and filter' });

  // Every count is the number of rows that its filter lists.
  for (const choice of await filter.getByRole('radio').all()) {
    await choice.check();
    const label = (await choice.locator('xpath=..').textContent()) ?? '';
    const number = Number(/\d+$/.exec(label)?.[0]);
    await expect(filter).toContainText(`${number} listed`);
  }
  await filter.getByRole('radio', { name: /^all/ }).check();
  await filter.getByRole('searchbox').fill('no such words');
  await expect(page.getByText('No trajectory of this update')).toBeVisible();
  await button(page, 'Show all').click();

  // The keyboard walks over rows and steps, and what it stands on is held.
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(list.locator('[data-current="true"]')).toBeFocused();

  // A pinned question is asked at once and after each step.
  await list.getByRole('button', { name: /^Pin / }).first().click();
  await expect.poll(() => events(page, 'pinned').then((all) => all.length)).toBe(1);
  await step(page, 3);
  await expect.poll(() => events(page, 'pinned').then((all) => all.length)).toBe(2);
  // The screen is held at update 2, and so is the pinned answer.
  await filter.getByRole('button', { name: /upd\. 2/ }).click();
  await expect(page.getByRole('region', { name: 'Trajectories' })).toContainText('pinned question');
  await filter.getByRole('button', { name: /upd\. 2/ }).click();

  // The tokens' log-probabilities under the base and under the weights of the update on screen, which are kept, are the engine's.
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('the weights after update 2');

  // The timeline goes to an update and back.
  await page.getByRole('slider', { name: 'Update on screen' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('group', { name: 'Status' })).toContainText(/HELD [12]/);
  await button(page, 'Live').click();
  await expect(page.getByRole('group', { name: 'Status' })).not.toContainText('HELD');

  // So does a chart; and it can be taken along.
  const charts = page.getByRole('region', { name: 'Charts' });
  await charts.getByRole('figure', { name: 'Reward' }).scrollIntoViewIfNeeded();
  const reward = charts.getByRole('slider', { name: /^Reward/ });
  await reward.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('HELD');
  for (const [kind, begins] of [
    ['CSV', 'update,rewardMean\r\n1,'],
    ['SVG', '<svg xmlns='],
    ['PNG', '\u0089PNG'],
  ] as const) {
    await charts.getByLabel('Save Reward').click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      charts.getByRole('figure', { name: 'Reward' }).getByRole('button', { name: kind }).click(),
    ]);
    const bytes = await readFile(await file.path());
    expect(bytes.toString('latin1').startsWith(begins), kind).toBe(true);
    expect(file.suggestedFilename()).toBe(`cutpoint-reward-update-3.${kind.toLowerCase()}`);
  }

  // A setting that needs no restart changes under way.
  await button(page, 'Settings').click();
  const settings = page.getByRole('region', { name: 'Settings' });
  await settings.getByText('Objective', { exact: true }).click();
  await settings.getByLabel('Learning rate', { exact: true }).fill('0.001');
  await settings.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect.poll(() => events(page, 'configured').then((all) => all.length)).toBe(1);
  expect(page.url()).toContain('learningRate=0.001');
  await step(page, 4);

  // Slow motion shows the update phase by phase.
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('slow motion');
  await button(page, 'Live').click();
  await button(page, 'Step').click();
  const phases = page.getByRole('list', { name: 'Phases of an update' });
  for (const phase of ['1 roll out', '2 review', '3 cut and regenerate', '4 reward', '5 advantage', '6 update']) {
    await expect(phases.locator('[aria-current]')).toHaveText(phase);
  }
  expect(problems).toEqual([]);
});
