import { expect, test } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates, weights } from './lib/studio';

const SHIPPED =
  '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';

test('branches grow, are kept over a reload and run again; tokens can be others; the actor answers in a changed world', async ({
  page,
}) => {
  const { problems } = await openStudio(page, SHIPPED);
  await untilReady(page);
  const step = page.getByRole('button', { name: 'Step', exact: true });
  await step.click();
  await untilUpdates(page, 1);
  await untilState(page, 'paused');
  const before = await weights(page);

  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  const lab = page.getByRole('region', { name: 'Cut Lab' });
  await expect(lab).toContainText('n = 16');
  await lab.getByRole('button', { name: /^Cut at/ }).click();
  const branches = lab.getByRole('region', { name: 'Branches' });
  await expect(branches.getByRole('button', { name: 'Cut again' })).toHaveCount(1);

  // A branch of the branch has random numbers of its own.
  await branches.getByRole('button', { name: 'Cut again' }).click();
  await lab.getByRole('button', { name: /^Cut at/ }).click();
  await expect(branches.getByRole('button', { name: 'Cut again' })).toHaveCount(2);

  // Another token, from the list of what the policy held likely.
  const tokens = lab.getByRole('group', { name: 'Tokens on the bench' });
  await tokens.locator('.tok:not(.tok-inserted)').nth(1).click();
  const report = lab.getByRole('region', { name: 'Tokens' });
  await expect(report.locator('.alternatives li')).toHaveCount(10);
  await expect(report.locator('.attention-head')).toHaveCount(8);
  await report.locator('.alternatives button').nth(1).click();
  await expect(branches.getByRole('button', { name: 'Cut again' })).toHaveCount(3);

  await branches.getByRole('textbox').fill('my case');
  await branches.getByRole('button', { name: 'Keep as test case' }).click();
  const cases = lab.getByRole('region', { name: 'Test cases' });
  await cases.getByRole('button', { name: 'Run again' }).click();
  await expect(cases).toContainText('the same, token for token');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    branches.getByRole('button', { name: 'JSONL' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^cutpoint-branches-.*jsonl$/);

  // By touch, to the first step.
  await lab.locator('.scissors-track').scrollIntoViewIfNeeded();
  const track = await lab.locator('.scissors-track').boundingBox();
  if (!track) throw new Error('the scissors have no track');
  const touch = await page.context().newCDPSession(page);
  const at = (share: number) => [{ x: track.x + track.width * share, y: track.y + track.height / 2 }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.9) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(0.4) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(0.01) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(lab.getByRole('slider', { name: 'Your cut' })).toHaveAttribute('aria-valuenow', '1');

  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Ask it' }).click();
  await expect(page).toHaveURL(/view=ask/);
  const view = page.getByRole('region', { name: 'Ask it' });
  await view.getByRole('checkbox').uncheck();
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(view.getByRole('article')).toHaveCount(1);
  await view.getByRole('button', { name: 'Plant a passage' }).click();
  await view.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(view.getByRole('article')).toHaveCount(2);
  await expect(view.getByRole('article').nth(1)).toContainText('1 passage changed');
  const answers = await events(page, 'answered');
  expect(answers).toHaveLength(2);

  // Nothing of it was trained on, and the case is still there after a reload.
  expect(await weights(page)).toEqual(before);
  expect(problems).toEqual([]);
  await page.reload();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Studio' }).click();
  await untilState(page, 'paused');
  await step.click();
  await untilUpdates(page, 1);
  await page.getByRole('button', { name: 'Open in Cut Lab' }).click();
  await expect(cases.getByRole('textbox')).toHaveValue('my case');
});
