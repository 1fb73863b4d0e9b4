import { expect, test } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates, weights } from './lib/studio';

test('a cut made by hand appears beside the refiner’s, and training goes on as if nothing had been asked', async ({
  page,
}) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 1);
  await untilState(page, 'paused');
  const before = await weights(page);

  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  await expect(page).toHaveURL(/view=cutLab/);
  const lab = page.getByRole('region', { name: 'Cut Lab' });
  await expect(lab).toContainText('n = 16');
  const scissors = lab.getByRole('slider', { name: 'Your cut' });
  const steps = Number(await scissors.getAttribute('aria-valuemax'));
  await scissors.press('Home');
  await scissors.press('End');
  await expect(scissors).toHaveAttribute('aria-valuenow', String(steps));
  await lab.getByRole('button', { name: new RegExp(`^Cut at ${String(steps)}`) }).click();
  const branch = lab.getByRole('region', { name: 'Your branch' });
  await expect(branch).toContainText(`cut at step ${String(steps)}, weights of update 1`);
  const made = (await events(page, 'branch')).at(-1)?.branch;
  expect(made).toMatchObject({ update: 1, step: steps });

  // By mouse, from there to the first step.
  if (steps > 1) {
    const track = await lab.locator('.scissors-track').boundingBox();
    if (!track) throw new Error('the scissors have no track');
    const y = track.y + track.height / 2;
    await page.mouse.move(track.x + (track.width * (steps - 1)) / steps, y);
    await page.mouse.down();
    await page.mouse.move(track.x + 4, y, { steps: 5 });
    await page.mouse.up();
    await expect(branch).toContainText('cut at step 1, weights of update 1');
  }

  expect(await weights(page)).toEqual(before);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 2);
  expect(problems).toEqual([]);
});
