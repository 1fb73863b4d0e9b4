import { expect, test, type Page } from '@playwright/test';
import { hostUnder, openElsewhere } from '../lib/static-host';
import {
  bring,
  button,
  events,
  openStudio,
  region,
  SMALL_RUN,
  step,
  untilState,
  untilUpdates,
  view,
} from '../lib/studio';

/** Where the page lies on its host. */
const SUB_PATH = '/some/group/cutpoint/';

/**
 * What a page or a worker comes by: 'yes', or the name of the error. Runs where it is sent, so it uses nothing from outside.
 * Tools may evaluate what a policy forbids, but not what happens after they have returned: hence the wait.
 */
async function tryEverything(elsewhere: string): Promise<Record<string, string>> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const attempt = async (action: () => unknown): Promise<string> => {
    try {
      await action();
      return 'yes';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  };
  const socket = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const opened = new WebSocket(elsewhere.replace('http', 'ws'));
      opened.onopen = () => resolve();
      opened.onerror = () => reject(new TypeError('no connection'));
    });
  return {
    eval: await attempt(() => (0, eval)('1 + 1')),
    function: await attempt(() => Reflect.construct(Function, ['return 1'])),
    fetch: await attempt(() => fetch(`${elsewhere}fetch`)),
    module: await attempt(() => import(`${elsewhere}module.js`)),
    socket: await attempt(socket),
    own: await attempt(async () => {
      const base = globalThis.location.protocol === 'blob:' ? globalThis.location.origin : globalThis.location.href;
      await (await fetch(new URL('/some/group/cutpoint/worlds/atlas.json', base))).text();
    }),
  };
}

const REFUSED = {
  eval: 'EvalError',
  function: 'EvalError',
  fetch: 'TypeError',
  module: 'TypeError',
  socket: 'TypeError',
};

test('runs from a sub-path, where neither page nor worker can fetch elsewhere or evaluate text', async ({ page }) => {
  const host = await hostUnder(SUB_PATH);
  const elsewhere = await openElsewhere();
  try {
    // Without a policy all of it works but the socket, which nobody answers: what is refused below is refused by it.
    await page.goto(elsewhere.url);
    const free = await page.evaluate(tryEverything, elsewhere.url);
    expect(free).toMatchObject({ eval: 'yes', function: 'yes', fetch: 'yes', module: 'yes' });
    expect(elsewhere.asked).toEqual(expect.arrayContaining(['/fetch', '/module.js']));
    elsewhere.asked.length = 0;

    const { problems } = await openStudio(page, `${host.url}${SMALL_RUN}`);
    await step(page, 1);
    expect(problems, 'the policy forbids nothing that the page does').toEqual([]);

    expect(await page.evaluate(tryEverything, elsewhere.url)).toEqual({ ...REFUSED, own: 'yes' });
    const [worker, ...others] = page.workers();
    expect(worker?.url()).toMatch(/^blob:/);
    expect(others).toEqual([]);
    expect(await worker?.evaluate(tryEverything, elsewhere.url)).toEqual({ ...REFUSED, own: 'yes' });
    expect(elsewhere.asked, 'nothing has left for elsewhere').toEqual([]);
    expect(host.asked.filter((path) => !path.startsWith(SUB_PATH) && path !== '/favicon.ico')).toEqual([]);
  } finally {
    await host.close();
    await elsewhere.close();
  }
});

/** Waits until the service worker has kept the page. */
const untilKept = (page: Page) => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);

const SHIPPED_ATLAS =
  '#v1&preset=search-r2&world=atlas&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';

test('can be installed, and starts and trains without a server after the first visit', async ({ page, context }) => {
  const host = await hostUnder(SUB_PATH);
  try {
    await page.goto(host.url);
    await untilKept(page);
    const devtools = await context.newCDPSession(page);
    const manifest = await devtools.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    expect(manifest.url).toBe(`${host.url}manifest.webmanifest`);
    const { installabilityErrors: errors } = await devtools.send('Page.getInstallabilityErrors');
    // Contexts of tests are private windows, which install nothing.
    expect(errors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  } finally {
    await host.close();
  }
  // Nobody answers any more. Another address than the one of the first visit, and a world and weights that it never used.
  await page.goto('about:blank');
  const { problems } = await openStudio(page, `${host.url}${SHIPPED_ATLAS}`);
  await untilState(page, 'paused');
  // The weights that ship, which already search.
  expect(await events(page, 'warmStart')).toEqual([]);
  await step(page, 1);
  expect((await events(page, 'metrics'))[0]?.metrics['searches']).toBeGreaterThan(0.5);
  await expect(region(page, 'Inspector')).toContainText('Passages found');
  await view(page, 'Cut Lab').click();
  await expect(region(page, 'Cut Lab')).toContainText('accept');
  expect(problems).toEqual([]);
});

test('says that a newer version is ready, and loads it only when told to', async ({ page, context }) => {
  const host = await hostUnder(SUB_PATH);
  try {
    await page.goto(`${host.url}${SMALL_RUN}`);
    await untilKept(page);
    await page.reload();
    const other = await context.newPage();
    await other.goto(`${host.url}${SMALL_RUN}`);
    for (const tab of [page, other]) await tab.evaluate(() => (document.body.dataset['loaded'] = 'before'));
    await button(page, 'Play').click();
    await untilUpdates(page, 1);

    host.replace('index.html', (html) => html.replace('<title>Cutpoint</title>', '<title>Cutpoint, newer</title>'));
    host.replace('sw.js', (code) => code.replace(/(url:"index\.html",revision:")\w+/, '$1newer'));
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    const offer = page.getByRole('status').filter({ hasText: 'A new version of Cutpoint is ready.' });
    await bring(page, offer);
    await expect(offer).toContainText('Reloading ends the run on this page');
    // The run goes on meanwhile.
    const { update } = await page.evaluate(() => ({ update: window.cutpoint?.store.getState().update ?? NaN }));
    await untilUpdates(page, update + 1);
    const loaded = (tab: Page) => tab.evaluate(() => document.body.dataset['loaded']);
    expect(await loaded(page)).toBe('before');
    await expect(page).toHaveTitle('Cutpoint');

    await offer.getByRole('button', { name: 'Reload' }).click();
    await expect(page).toHaveTitle('Cutpoint, newer');
    expect(await loaded(page)).toBeUndefined();
    await expect(button(page, 'Play')).toBeVisible();
    await expect(page.getByText('A new version of Cutpoint is ready.')).toHaveCount(0);

    // The other tab was left alone, and may follow.
    expect(await loaded(other)).toBe('before');
    const follow = other.getByRole('button', { name: 'Reload' });
    await bring(other, follow);
    await follow.click();
    await expect(other).toHaveTitle('Cutpoint, newer');
  } finally {
    await host.close();
  }
});
