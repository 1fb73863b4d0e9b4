import { expect, test } from '@playwright/test';
import { button, events, openReady, region, SMALL_RUN, status, step, trajectories } from '../lib/studio';

test('asks pinned questions again, measures tokens under kept weights, and changes settings and speed under way', async ({
  page,
}) => {
  const { problems } = await openReady(page, SMALL_RUN);
  await step(page, 1);
  await step(page, 2);
  const list = trajectories(page);
  const filter = region(page, 'Questions and filter');
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(list.locator('[data-current="true"]')).toBeFocused();

  // A pinned question is asked at once and after each step.
  const pinned = () => events(page, 'pinned').then((all) => all.length);
  await list.getByRole('button', { name: /^Pin / }).first().click();
  await expect.poll(pinned).toBe(1);
  await step(page, 3);
  await expect.poll(pinned).toBe(2);
  // The screen is held at update 2, and so is the pinned answer.
  await filter.getByRole('button', { name: /upd\. 2/ }).click();
  await expect(region(page, 'Trajectories')).toContainText('pinned question');
  await filter.getByRole('button', { name: /upd\. 2/ }).click();

  // The tokens' log-probabilities under the base and under the weights of the update on screen, which are kept, are the engine's.
  await expect(region(page, 'Inspector')).toContainText('the weights after update 2');

  // The timeline goes to an update and back.
  await page.getByRole('slider', { name: 'Update on screen' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(status(page)).toContainText(/HELD [12]/);
  await button(page, 'Live').click();
  await expect(status(page)).not.toContainText('HELD');

  // A setting that needs no restart changes under way.
  await button(page, 'Settings').click();
  const settings = region(page, 'Settings');
  await settings.getByText('Objective', { exact: true }).click();
  await settings.getByLabel('Learning rate', { exact: true }).fill('0.001');
  await settings.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect.poll(() => events(page, 'configured').then((all) => all.length)).toBe(1);
  expect(page.url()).toContain('learningRate=0.001');
  await step(page, 4);

  // Slow motion shows the update phase by phase.
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('slow motion');
  await button(page, 'Step').click();
  const phases = page.getByRole('list', { name: 'Phases of an update' });
  for (const phase of ['1 roll out', '2 review', '3 cut and regenerate', '4 reward', '5 advantage', '6 update']) {
    await expect(phases.locator('[aria-current]')).toHaveText(phase);
    // Looked at in one go: no panel tells how it ends before that is shown, and the status names what is seen.
    const seen = await page.evaluate(() => {
      const count = document.querySelector('.filter-number');
      return {
        shown: document.querySelector('.phases [aria-current]')?.textContent,
        count: count && getComputedStyle(count).visibility,
      };
    });
    expect(seen.count).toBe(/advantage|update/.test(seen.shown ?? '') ? 'visible' : 'hidden');
    await expect(page.locator('.status-activity')).toHaveText(
      (await phases.locator('[aria-current]').textContent()) ?? '',
    );
  }
  expect(problems).toEqual([]);
});
