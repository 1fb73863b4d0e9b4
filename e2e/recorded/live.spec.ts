/** A model server next door: our own, with its retriever, behind `npm start -- --model`, and a file of 50 rollouts. */
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { violations } from '../lib/axe';
import { openFile } from '../lib/files';
import { start, type Started } from '../lib/processes';
import { test } from '../lib/recorded';
import { button, region, view } from '../lib/studio';

/** Update 1 of a run on microwiki, without the numbers of its tokens. */
const ROLLOUTS = new URL('../lib/own-50.jsonl.gz', import.meta.url);

const running: Started[] = [];
test.afterAll(async () => {
  for (const { stop } of running) await stop();
});

test('rollouts of a file are swept, cut, changed, reviewed and asked about by a model server', async ({ page }) => {
  test.setTimeout(180_000);
  const model = await start(['scripts/cli.mjs', 'serve-model', 'microwiki-tiny', '--port', '0'], /(http:\S+)\/v1/);
  running.push(model);
  const servers = ['--model', `${model.found}/v1`, '--retriever', `${model.found}/retrieve`];
  const port = String(Number(process.env['CUTPOINT_E2E_PORT'] ?? 4173) + 40);
  const served = await start(['scripts/start.mjs', ...servers, '--no-open', '--port', port], /Local:\s+(http:\S+)/);
  running.push(served);
  await page.goto(served.found);
  await openFile(page, 'own-50.jsonl.gz', await readFile(ROLLOUTS));
  await expect(region(page, 'Recorded trajectories')).toContainText('50 trajectories', { timeout: 60_000 });

  await view(page, 'Cut Lab').click();
  await button(page, 'Regenerate every cut').click({ timeout: 60_000 });
  const lab = region(page, 'Cut Lab');
  await expect(lab).toContainText('n = 16 a cut, the same seeds for all; by microwiki-tiny');
  await expect(page.getByRole('img', { name: /^Cut at \d: .*95% interval/ }).first()).toBeVisible();

  const scissors = page.getByRole('slider', { name: 'Your cut' });
  await scissors.press('Home');
  await expect(page.locator('.lab-progress')).toContainText(/Your cut at 1: .+, (right|wrong)\./);
  await expect(region(page, 'Branches').getByRole('button', { name: 'cut at 1', exact: true })).toBeVisible();
  await page.getByText('Change step 1, and let it go on').click();
  await button(page, 'Search with this query').click();
  await expect(page.locator('.lab-progress')).toContainText('Your query of step 1');
  expect(await violations(page, { within: '.lab' })).toEqual([]);

  // Our network reads no English: the paper's prompt is refused in words, and what is there stays.
  await button(page, 'Review').click();
  await expect(page.locator('.lab-progress')).toContainText('The model server refused, with status 400');
  await button(page, 'Review all').click();
  const board = region(page, 'Refiner over the file');
  await expect(board).toContainText(/[1-9]\d* of 50 counted/);
  await button(page, 'Cancel').click();
  await expect(board).toContainText(/of 50 counted\./);

  await view(page, 'Ask it').click();
  await page.getByLabel('Your question').fill('relation:capital country:Fenwick');
  await button(page, 'Ask').click();
  const answer = region(page, 'Answer');
  await expect(answer).toContainText('relation:capital country:Fenwick');
  await answer.getByRole('button', { name: 'Review and cut it in Cut Lab' }).click();
  await expect(lab).toContainText('Your question: relation:capital country:Fenwick');

  await button(page, 'Settings').click();
  await expect(page.getByRole('row', { name: /^keeps seeds yes/ })).toBeVisible();
  await button(page, 'Close').click();

  // A server that is gone loses nothing.
  await view(page, 'Cut Lab').click();
  await button(page, 'Next').click();
  await button(page, 'Regenerate every cut').click();
  await expect(lab).toContainText('n = 16 a cut');
  await model.stop();
  await button(page, 'Run more').click();
  await expect(page.locator('.lab-progress')).toContainText(/does not answer: \w+.*What has come is kept\./);
  await expect(lab).toContainText('n = 16 a cut');
});
