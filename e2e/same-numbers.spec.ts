import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { openStudio, SMALL_RUN, untilReady, untilUpdates, weights } from './lib/studio';

const run = promisify(execFile);

test('Node and Chromium on the same SwiftShader compute the same first update, bit for bit', async ({ page }) => {
  await openStudio(page);
  await untilReady(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await untilUpdates(page, 1);
  const inBrowser = await weights(page);
  await page.close();

  const { stdout } = await run(process.execPath, ['scripts/cli.mjs', 'weights-hash', SMALL_RUN], {
    env: { ...process.env, CUTPOINT_ADAPTER: 'swiftshader' },
    timeout: 240_000,
  });
  const inNode: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(inNode).toMatchObject({ adapter: { architecture: 'swiftshader' }, ...inBrowser });
});
