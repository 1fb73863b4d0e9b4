import { expect, test } from '@playwright/test';
import { violations } from '../lib/axe';
import { download } from '../lib/files';
import { button, events, openReady, region, SHIPPED_RUN, step, untilState, view, weights } from '../lib/studio';

test('branches grow, are kept over a reload and run again; tokens can be others; the actor answers in a changed world', async ({
  page,
}) => {
  const { problems } = await openReady(page, SHIPPED_RUN);
  await step(page, 1);
  const before = await weights(page);

  await button(page, 'Open in Cut Lab').click();
  const lab = region(page, 'Cut Lab');
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
  const file = await download(page, branches.getByRole('button', { name: 'JSONL' }));
  expect(file.name).toMatch(/^cutpoint-branches-.*jsonl$/);

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

  await view(page, 'Ask it').click();
  await expect(page).toHaveURL(/view=ask/);
  const ask = region(page, 'Ask it');
  await ask.getByRole('checkbox').uncheck();
  await ask.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(ask.getByRole('article')).toHaveCount(1);
  await ask.getByRole('button', { name: 'Plant a passage' }).click();
  await ask.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(ask.getByRole('article')).toHaveCount(2);
  await expect(ask.getByRole('article').nth(1)).toContainText('1 passage changed');
  const answers = await events(page, 'answered');
  expect(answers).toHaveLength(2);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page), 'narrow').toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });

  // Nothing of it was trained on, and the case is still there after a reload.
  expect(await weights(page)).toEqual(before);
  expect(problems).toEqual([]);
  await page.reload();
  await view(page, 'Studio').click();
  await untilState(page, 'paused');
  await step(page, 1);
  await button(page, 'Open in Cut Lab').click();
  await expect(cases.getByRole('textbox')).toHaveValue('my case');
});
