/** A model server next door: our own, with its retriever, behind `npm start -- --model`, and a file of 50 rollouts. */
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { fakeModel } from '../../src/testing/page/fake-model';
import { violations, violationsInBothThemes } from '../lib/axe';
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

/** A model that ships, with its retriever. */
async function serve(name: string, port: string): Promise<Started> {
  const model = await start(['scripts/cli.mjs', 'serve-model', name, '--port', port], /(http:\S+)\/v1/);
  running.push(model);
  return model;
}

/** The page beside a server, at a port of its own. */
async function startPage(url: string, offset: number): Promise<string> {
  const servers = ['--model', `${url}/v1`, '--retriever', `${url}/retrieve`];
  const port = String(Number(process.env['CUTPOINT_E2E_PORT'] ?? 4173) + offset);
  const served = await start(['scripts/start.mjs', ...servers, '--no-open', '--port', port], /Local:\s+(http:\S+)/);
  running.push(served);
  return served.found;
}

const LIVE_PATHS = [
  ...(['model/models', 'model/completions', 'model/chat', 'model/tokenize', 'model/detokenize'] as const),
  ...(['model/apply-template', 'retriever'] as const),
];

test('rollouts of a file are swept, cut, changed, reviewed and asked about by a model server', async ({ page }) => {
  test.setTimeout(180_000);
  const model = await serve('microwiki-tiny', '0');
  await page.goto(await startPage(model.found, 40));
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
  await button(page, 'Keep as test case').click();
  const cases = region(page, 'Test cases');
  await cases.getByRole('button', { name: 'Run again' }).click();
  await expect(cases.getByRole('listitem').last()).toContainText(/^microwiki-tiny: .*the same, word for word$/);
  await page.getByText('Change step 1, and let it go on').click();
  await button(page, 'Search with this query').click();
  await expect(page.locator('.lab-progress')).toContainText('Your query of step 1');
  expect(await violations(page, { within: '.lab' })).toEqual([]);

  // Our network reads no English: the paper's prompt is refused in words, and what is there stays.
  await button(page, 'Review').click();
  await expect(page.locator('.lab-progress')).toContainText(
    'The model server refused POST /completions, with status 400',
  );
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

  // Another model in its place: a test case is of no file, and has the results of both.
  await serve('microwiki-small', new URL(model.found).port);
  await page.reload();
  await openFile(page, 'own-50.jsonl.gz', await readFile(ROLLOUTS));
  await view(page, 'Cut Lab').click();
  await cases.getByRole('button', { name: 'Run all with microwiki-small' }).click({ timeout: 60_000 });
  const results = cases.locator('ol > li');
  await expect(results).toHaveText([/^microwiki-tiny: /, /^microwiki-tiny: /, /^microwiki-small: .*, R /]);
});

test('a chat shows how the server renders it before anything is regenerated', async ({ page }) => {
  const next = (before: string): string | null => (before.includes('Ada') ? null : ` w${before.length}`);
  const fake = fakeModel({ next, quirks: { chat: 'goes on', shows: 'text' } });
  // As a server with chats would answer, of which none is ours.
  await page.route(
    ({ pathname }) => pathname.startsWith('/live/'),
    async (route) => {
      const path = LIVE_PATHS.find((one) => route.request().url().endsWith(`/live/${one}`));
      if (path === undefined) return route.abort();
      const body: unknown = route.request().postDataJSON();
      const answer = await fake.post(path, typeof body === 'object' ? body : null, new AbortController().signal);
      await route.fulfill({ status: answer.status, contentType: 'application/json', body: await answer.text() });
    },
  );
  await page.goto(await startPage('http://127.0.0.1:9', 41));
  const messages = [
    { role: 'user', content: 'Where was Ada born?' },
    { role: 'assistant', content: '<answer>Paris</answer>' },
  ];
  const text = '<|user|>Where was Ada born?';
  await openFile(page, 'chat.jsonl', JSON.stringify({ question: 'q', golden_answers: ['Rome'], messages, text }));
  await view(page, 'Cut Lab').click();
  const lab = region(page, 'Cut Lab');
  await expect(lab.getByRole('alert')).toContainText('Another text. The server renders its prompt otherwise', {
    timeout: 60_000,
  });
  await lab.getByText('As the server renders it').click();
  await expect(lab).toContainText('[user] Where was Ada born?');
  expect(await violationsInBothThemes(page, '.lab')).toEqual([]);
});
