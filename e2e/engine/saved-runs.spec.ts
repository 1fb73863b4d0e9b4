import { expect, test, type Page } from '@playwright/test';
import { download } from '../lib/files';
import {
  bring,
  button,
  events,
  openReady,
  openStudio,
  region,
  SMALL_RUN,
  step,
  untilSaved,
  untilState,
  weights,
  pressInFileMenu,
} from '../lib/studio';

const history = (page: Page) => page.evaluate(() => window.cutpoint?.history.all.map(({ metrics }) => metrics));
const offer = (page: Page) => region(page, 'Saved run');

test('a run is saved by itself, offered on return and goes on exactly; what is damaged is told', async ({
  page,
  context,
}) => {
  const { problems } = await openReady(page);
  for (const update of [1, 2, 3]) await step(page, update);
  const straight = (await events(page, 'metrics')).map(({ metrics }) => metrics);
  const third = await weights(page);
  await untilSaved(page, 3);
  // The same run again is a run of its own.
  await button(page, 'Reset').click();
  await untilState(page, 'paused');
  await step(page, 1);
  await step(page, 2);
  const second = await weights(page);
  await untilSaved(page, 2);

  // Another tab does not offer what this one has open, and cannot take it.
  const other = await context.newPage();
  await other.goto(`./${SMALL_RUN}`);
  await expect(offer(other)).toContainText('Continue update 3 of search-r2 on Microwiki?');
  await pressInFileMenu(other, 'Runs');
  const runs = region(other, 'Runs');
  await expect(runs.getByRole('listitem')).toHaveCount(2);
  await runs.getByRole('listitem').filter({ hasText: 'update 2' }).getByRole('button', { name: 'Continue' }).click();
  await expect(other.getByRole('alert').filter({ hasText: 'another tab' })).toBeVisible();
  await runs.getByRole('listitem').filter({ hasText: 'update 3' }).getByRole('button', { name: 'Rename' }).click();
  await runs.getByRole('textbox').fill('three steps');
  await other.keyboard.press('Enter');
  await expect(runs).toContainText('three steps');
  await other.close();

  await page.reload();
  await expect(offer(page)).toContainText('Continue update 2 of search-r2 on Microwiki?');
  await offer(page).getByRole('button', { name: 'Continue' }).click();
  await untilState(page, 'paused');
  expect(await weights(page)).toEqual(second);
  expect(await history(page)).toEqual(straight.slice(0, 2));
  await step(page, 3);
  expect(await weights(page)).toEqual(third);
  expect(await history(page)).toEqual(straight);
  await untilSaved(page, 3);

  // Storage that lost the weights: told, nothing else changes.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        indexedDB.open('cutpoint').onsuccess = ({ target }) => {
          if (!(target instanceof IDBOpenDBRequest)) return;
          const transaction = target.result.transaction('checkpoints', 'readwrite');
          transaction.objectStore('checkpoints').clear();
          transaction.oncomplete = () => {
            target.result.close();
            resolve();
          };
        };
      }),
  );
  await page.reload();
  await offer(page).getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'damaged' })).toBeVisible();
  await bring(page, offer(page));
  await offer(page).getByRole('button', { name: 'Not now' }).click();
  await expect(offer(page)).toHaveCount(0);
  expect(problems).toEqual([]);
});

test('where there is no room the run goes on, and can be taken along', async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      const tried = Number(document.documentElement.dataset['tried'] ?? 0);
      document.documentElement.dataset['tried'] = String(tried + 1);
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await openReady(page);
  await step(page, 1);
  const told = page.getByRole('alert').filter({ hasText: 'no room left' });
  await expect(told).toContainText('Training goes on');
  await step(page, 2);
  const { name, buffer } = await download(page, told.getByRole('button', { name: 'Download run' }));
  expect(name).toBe('cutpoint-search-r2-microwiki-update-2.capsule');
  expect(buffer.toString('latin1').startsWith('cutpoint-capsule/1\n')).toBe(true);
  await told.getByRole('button', { name: 'Dismiss' }).click();
  // Told once: not when there is still no room for the next update.
  const tried = () => page.evaluate(() => Number(document.documentElement.dataset['tried']));
  const before = await tried();
  await step(page, 3);
  await expect.poll(tried).toBeGreaterThan(before);
  // Saves come one after the other: when a second one is tried, the first has had its say.
  const second = await tried();
  await weights(page);
  await expect.poll(tried).toBeGreaterThan(second);
  await expect(told).toHaveCount(0);
});

test('a tab that dies in the middle of a save leaves the save before, whole', async ({ page, context }) => {
  await openReady(page);
  await step(page, 1);
  const first = await weights(page);
  await untilSaved(page, 1);
  // The next save writes its first parts and then stands still, its transaction open.
  await page.evaluate(() => {
    const begin: unknown = Reflect.get(IDBDatabase.prototype, 'transaction');
    IDBDatabase.prototype.transaction = function (...args: unknown[]) {
      const transaction: unknown = typeof begin === 'function' ? Reflect.apply(begin, this, args) : null;
      if (!(transaction instanceof IDBTransaction)) throw new Error('there is no transaction');
      if (transaction.mode !== 'readwrite') return transaction;
      const hold = (): void => {
        const parts = transaction.objectStore('segments').count();
        parts.onsuccess = () => {
          if (parts.result > 1) document.documentElement.dataset['saving'] = 'half';
          hold();
        };
      };
      hold();
      return transaction;
    };
  });
  await step(page, 2);
  await expect(page.locator('html')).toHaveAttribute('data-saving', 'half');
  expect(await page.evaluate(() => window.cutpoint?.store.getState().savedUpdate)).toBe(1);
  const devtools = await context.newCDPSession(page);
  const crash = page.waitForEvent('crash');
  // Nobody is left to answer it.
  devtools.send('Page.crash').catch(() => undefined);
  await crash;

  const again = await context.newPage();
  await openStudio(again);
  await expect(offer(again)).toContainText('Continue update 1 of search-r2 on Microwiki?');
  await offer(again).getByRole('button', { name: 'Continue' }).click();
  await untilState(again, 'paused');
  expect(await weights(again)).toEqual(first);
  await step(again, 2);
  await untilSaved(again, 2);
});

test('storage of a newer version is left alone and told, and the run goes on', async ({ page }) => {
  await page.addInitScript(() => {
    indexedDB.open('cutpoint', 9);
  });
  await openReady(page);
  await expect(offer(page)).toHaveCount(0);
  await step(page, 1);
  const told = page.getByRole('alert').filter({ hasText: 'this page reads version 1' });
  await expect(told).toContainText('Saved runs in this browser are of version 9');
  await expect(told).toContainText('newer version of Cutpoint: reload the page');
  await step(page, 2);
  expect(
    await page.evaluate(async () => (await indexedDB.databases()).find(({ name }) => name === 'cutpoint')?.version),
  ).toBe(9);
});
