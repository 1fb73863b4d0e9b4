/** Whatever of WebGPU a browser lacks, the page says which, and the recorded run plays. */
import { expect, type Page } from '@playwright/test';
import { test } from '../lib/recorded';
import { bring, region, status, trajectories, watch } from '../lib/studio';

/** A navigator.gpu of the page alone: its workers have what the browser gives them, which is none here. */
async function giveWebGpu(page: Page, adapter: 'none' | 'refused' | 'software'): Promise<void> {
  await page.addInitScript((kind) => {
    const info = { vendor: '', architecture: 'swiftshader', device: '', description: 'SwiftShader' };
    const requestAdapter = (): Promise<object | null> =>
      kind === 'refused' ? Promise.reject(new Error('not now')) : Promise.resolve(kind === 'none' ? null : { info });
    Object.defineProperty(navigator, 'gpu', { value: { requestAdapter } });
  }, adapter);
}

async function expectRecording(page: Page): Promise<void> {
  await expect(status(page)).toContainText('RECORDED');
  await expect(trajectories(page)).toContainText('accept');
  await expect(region(page, 'Inspector')).toContainText('Reward');
}

const none = 'This browser has WebGPU, but found no graphics adapter to run it on.';
for (const { what, adapter, told, blocked } of [
  { what: 'no adapter', adapter: 'none', told: none, blocked: false },
  { what: 'an adapter that is refused', adapter: 'refused', told: none, blocked: false },
  { what: 'an engine that cannot be fetched', adapter: 'software', told: 'The engine stopped', blocked: true },
] as const) {
  test(`with ${what} the page says so, and the recorded run plays`, async ({ browser }) => {
    // The page's service worker would have the engine's file from the tests before.
    const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block' });
    const page = await context.newPage();
    await giveWebGpu(page, adapter);
    const exceptions: Error[] = [];
    page.on('pageerror', (error) => exceptions.push(error));
    if (blocked) await page.route(/assets\/worker-.*\.js$/, (route) => route.abort());
    watch(page);
    await page.goto('./');
    await bring(page, page.getByText(told).first());
    await expectRecording(page);
    expect(exceptions).toEqual([]);
    await context.close();
  });
}
