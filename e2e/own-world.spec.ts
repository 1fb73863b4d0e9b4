import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { openStudio, SMALL_RUN, untilReady, untilState, untilUpdates, weights } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** People in cities of countries: enough for questions of three hops. */
const FACTS = [
  '# subject, relation, object',
  ...Array.from({ length: 12 }, (_, i) => `Person ${i},city,City ${i % 6}`),
  ...Array.from({ length: 6 }, (_, i) => `City ${i},country,Country ${i % 3}`),
  ...Array.from({ length: 3 }, (_, i) => `Country ${i},anthem,Anthem ${i}`),
].join('\n');

test('facts of one’s own are checked, previewed, trained on, and asked for by a link', async ({ page, context }) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await button(page, 'Settings').click();
  await page.getByRole('region', { name: 'Settings' }).getByLabel('World', { exact: true }).selectOption('make');
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await expect(button(page, 'Train on it')).toBeDisabled();

  // Every problem by its line.
  await dialog.getByRole('textbox', { name: 'Facts' }).fill(`${FACTS}\nlost, words\n\n, empty, name`);
  await expect(dialog).toContainText('2 problems');
  await expect(dialog).toContainText('Line 23: 2 columns instead of 3.');
  await expect(dialog).toContainText('Line 25: a column is empty.');
  await expect(button(page, 'Train on it')).toBeDisabled();

  // The same by a file.
  await dialog
    .getByLabel('File of facts')
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(FACTS) });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('people');
  await expect(dialog).toContainText('21 facts, 24 entities of 4 types');
  await expect(dialog.getByRole('row')).toHaveCount(11);
  await expect(dialog.getByRole('table')).toContainText('What is the anthem of the country of the city of Person 0?');
  await dialog.getByRole('button', { name: 'Train on it' }).click();
  await expect(page.getByRole('group', { name: 'Status' })).toContainText('people');
  await untilReady(page);
  await button(page, 'Step').click();
  await untilUpdates(page, 1);
  const batch = await page.evaluate(() => window.cutpoint?.batches.shown?.batch.questions[0]);
  expect(batch).toMatch(/Person|City|Country|Anthem/);
  expect(page.url()).toMatch(/&triples=people~[0-9a-f]{16}/);

  // A link names the facts, and asks for them.
  const other = await context.newPage();
  await other.goto(page.url());
  await page.close();
  const asking = other.getByRole('dialog', { name: 'Your own world' });
  await expect(asking).toContainText('The link is of a run on “people”');
  await asking.getByRole('textbox', { name: 'Facts' }).fill(`${FACTS}\nPerson 12,city,City 0`);
  await expect(asking).toContainText('These are other facts than the link was made with');
  await asking.getByRole('textbox', { name: 'Facts' }).fill(FACTS);
  await asking.getByRole('button', { name: 'Train on it' }).click();
  await expect.poll(() => other.evaluate(() => window.cutpoint?.store.getState().world?.title)).toBe('people');
  expect(problems).toEqual([]);
});

test('a file of facts that is dropped opens the dialog, and a link without its facts goes on without', async ({
  page,
}) => {
  await openStudio(page, `${SMALL_RUN}&triples=mine~0123456789abcdef`);
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await dialog.getByRole('button', { name: 'Go on without' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'whose facts are not here' })).toContainText('microwiki');
  const data = await page.evaluateHandle(
    (text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.tsv'));
      return transfer;
    },
    FACTS.replaceAll(',', '\t'),
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('dropped');
  await expect(dialog).toContainText('21 facts');
});

test('a run on a world of one’s own is saved with its facts and goes on exactly, from the browser and from files', async ({
  page,
}) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await button(page, 'Settings').click();
  await page.getByRole('region', { name: 'Settings' }).getByLabel('World', { exact: true }).selectOption('make');
  const dialog = page.getByRole('dialog', { name: 'Your own world' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('people');
  await dialog.getByRole('textbox', { name: 'Facts' }).fill(FACTS);
  await dialog.getByRole('button', { name: 'Train on it' }).click();
  await untilReady(page);
  const title = () => page.evaluate(() => window.cutpoint?.store.getState().world?.title);
  expect(await title()).toBe('people');
  const step = async (update: number) => {
    await button(page, 'Step').click();
    await untilUpdates(page, update);
    await untilState(page, 'paused');
  };
  await step(1);
  const first = await weights(page);
  const saved = () => page.evaluate(() => window.cutpoint?.store.getState().savedUpdate);
  await expect.poll(saved).toBe(1);
  const download = async (name: string) => {
    await page.getByText('Save', { exact: true }).first().click();
    const [file] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
    return { name: file.suggestedFilename(), mimeType: '', buffer: await readFile(await file.path()) };
  };
  const files = [await download('Checkpoint'), await download('Recorded run')];
  await step(2);
  const second = await weights(page);
  await expect.poll(saved).toBe(2);
  expect(second.weightsHash).not.toBe(first.weightsHash);

  await page.reload();
  const offer = page.getByRole('region', { name: 'Saved run' });
  await expect(offer).toContainText('Continue update 2 of search-r2 on people?');
  // The address names facts that a saved run has: nothing is asked.
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().ownWorld?.name)).toBe('people');
  await offer.getByRole('button', { name: 'Continue' }).click();
  await untilState(page, 'paused');
  expect(await weights(page)).toEqual(second);
  expect(page.url()).toMatch(/&triples=people~[0-9a-f]{16}/);

  for (const file of files) {
    await page.goto(`./${SMALL_RUN}`);
    await page.reload();
    await expect(button(page, 'Step')).toBeEnabled({ timeout: 120_000 });
    await page.getByLabel('Files to open').setInputFiles(file);
    if (file.name.endsWith('.capsule')) {
      const bar = page.getByRole('region', { name: 'Recording' });
      await expect(bar).toContainText('of Search-R2 on people');
    } else await expect.poll(title).toBe('people');
    await expect(button(page, 'Step')).toBeEnabled({ timeout: 120_000 });
    await step(2);
    expect(await title()).toBe('people');
    expect(await weights(page)).toEqual(second);
  }
  expect(problems).toEqual([]);
});
