import { expect, test, type Page } from '@playwright/test';
import { FACTS } from '../lib/facts';
import { drop, given, openFile, save } from '../lib/files';
import {
  button,
  events,
  openStudio,
  region,
  shown,
  SMALL_RUN,
  status,
  step,
  untilSaved,
  untilState,
  weights,
} from '../lib/studio';

/** Another run than the one that is saved. */
const OTHER_RUN =
  '#v1&preset=search-r1&world=microwiki&seed=4&size=tiny&prompts=2&groupSize=2&evalQuestions=8' +
  '&warmStartBatches=2&warmStartBatchSize=8';

const ownWorldDialog = (page: Page) => page.getByRole('dialog', { name: 'Your own world' });
const title = (page: Page) => page.evaluate(() => window.cutpoint?.store.getState().world?.title);

test('a run on a world of one’s own is saved with its facts and goes on exactly: from the browser, a checkpoint and a capsule, in another browser too; what is broken changes nothing', async ({
  page,
  browser,
}) => {
  const { problems } = await openStudio(page, SMALL_RUN);
  await button(page, 'Settings').click();
  await region(page, 'Settings').getByLabel('World', { exact: true }).selectOption('make');
  const dialog = ownWorldDialog(page);
  const facts = dialog.getByRole('textbox', { name: 'Facts' });
  const train = button(page, 'Train on it');
  await expect(dialog).toContainText('Paste facts, or choose a file.');
  await expect(train).toBeDisabled();
  await facts.fill(`${FACTS}\nlost, words`);
  await expect(dialog).toContainText('Mend the lines above first.');
  await expect(train).toBeDisabled();
  await dialog.getByLabel('File of facts').setInputFiles(given('people.csv', FACTS));
  await train.click();
  await expect(status(page)).toContainText('people');
  await expect.poll(() => title(page)).toBe('people');
  await untilState(page, 'paused');

  await step(page, 1);
  const asked = await page.evaluate(() => window.cutpoint?.batches.shown?.batch.questions[0]);
  expect(asked).toMatch(/Person|City|Country|Anthem/);
  expect(page.url()).toMatch(/&triples=people~[0-9a-f]{16}/);
  const first = await weights(page);
  const zip = await save(page, 'Checkpoint');
  expect(zip.name).toBe('cutpoint-people-tiny-update-1.zip');
  await step(page, 2);
  const second = await weights(page);
  expect(second.weightsHash).not.toBe(first.weightsHash);
  const capsule = await save(page, 'Recorded run');
  expect(capsule.buffer.toString('latin1').startsWith('cutpoint-capsule/2\n')).toBe(true);
  await step(page, 3);
  const third = await weights(page);
  expect(third.weightsHash).not.toBe(second.weightsHash);
  const straight = (await events(page, 'metrics')).map(({ metrics }) => metrics);
  await untilSaved(page, 3);

  // Two broken files: each is told, and the run stays as it is.
  await drop(page, 'half.zip', zip.buffer.subarray(0, zip.buffer.length / 2));
  await expect(page.getByRole('alert')).toContainText('“half.zip” is a broken zip archive');
  await openFile(page, 'cat.png', '?');
  await expect(page.getByRole('alert')).toContainText('“cat.png” cannot be opened');
  expect(await weights(page)).toEqual(third);

  // The address names facts that a saved run has: nothing is asked.
  await page.reload();
  const offer = region(page, 'Saved run');
  await expect(offer).toContainText('Continue update 3 of search-r2 on people?');
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().ownWorld?.name)).toBe('people');
  await expect(dialog).toBeHidden();
  await offer.getByRole('button', { name: 'Continue' }).click();
  await untilState(page, 'paused');
  expect(await weights(page)).toEqual(third);
  const triples = /&triples=people~[0-9a-f]{16}/.exec(page.url())?.[0] ?? 'no facts';
  expect(problems).toEqual([]);
  await page.close();

  // Another browser has none of it. A link whose facts are not at hand goes on without them.
  const context = await browser.newContext();
  const other = await context.newPage();
  const there = await openStudio(other, `${OTHER_RUN}&triples=mine~0123456789abcdef`);
  const asking = ownWorldDialog(other);
  await asking.getByRole('button', { name: 'Go on without' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'whose facts are not here' })).toContainText('microwiki');
  // Another link asks for them.
  await other.goto(`./${OTHER_RUN}${triples}`);
  await expect(asking).toContainText('The link is of a run on “people”');
  await asking.getByRole('textbox', { name: 'Facts' }).fill(`${FACTS}\nPerson 12,city,City 0`);
  await expect(asking).toContainText('These are other facts than the link was made with');
  await expect(button(other, 'Train on it')).toBeDisabled();
  await asking.getByRole('textbox', { name: 'Facts' }).fill(FACTS);
  await button(other, 'Train on it').click();
  await expect.poll(() => title(other)).toBe('people');
  await untilState(other, 'paused');

  // The checkpoint takes the place of that run and its settings.
  await drop(other, 'run.zip', zip.buffer);
  await expect.poll(() => other.evaluate(() => window.cutpoint?.store.getState().firstUpdate)).toBe(1);
  await untilState(other, 'paused');
  expect(new URL(other.url()).hash).toContain('entropyBonus=0.01');
  expect(await weights(other)).toEqual(first);
  await step(other, 2);
  expect(await title(other)).toBe('people');
  expect(await weights(other)).toEqual(second);
  // Reset goes back to where the file stood.
  await button(other, 'Reset').click();
  await expect.poll(() => other.evaluate(() => window.cutpoint?.store.getState().update)).toBe(1);
  expect(await weights(other)).toEqual(first);

  // The capsule plays back and goes on, with all that was recorded before.
  await openFile(other, 'my.capsule', capsule.buffer);
  const bar = region(other, 'Recording');
  await expect(bar).toContainText('“my.capsule”: 2 updates of Search-R2 on people');
  expect(await shown(other)).toMatchObject({ recorded: true, update: 2, updates: [1, 2], batches: [1, 2] });
  await expect(bar).toContainText('Play goes on with it from update 2');
  await step(other, 3);
  expect(await shown(other)).toMatchObject({ recorded: false, update: 3, updates: [1, 2, 3], batches: [1, 2, 3] });
  expect(await title(other)).toBe('people');
  expect(await weights(other)).toEqual(third);
  expect(await other.evaluate(() => window.cutpoint?.history.all.map(({ metrics }) => metrics))).toEqual(straight);
  expect(there.problems).toEqual([]);
  await context.close();
});
