import { expect, test } from '@playwright/test';
import { hostUnder, openElsewhere } from './lib/static-host';
import { SMALL_RUN, untilState, untilUpdates, watch } from './lib/studio';

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

    const { problems } = watch(page);
    await page.goto(`${host.url}${SMALL_RUN}`);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await untilUpdates(page, 1);
    await untilState(page, 'paused');
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
