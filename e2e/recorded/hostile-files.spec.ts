/** Files that were made to unpack to far more than they are: refused in words, while the page goes on. */
import { gzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { openFile } from '../lib/files';
import { test } from '../lib/recorded';
import { button, openStudio } from '../lib/studio';

const MB = 1_000_000;
/** On a machine that other work keeps busy it was up to 2.0 s; on the page's own thread each of them takes several. */
const MOST_STILL_MS = 3000;

declare global {
  interface Window {
    stillness?: { longest: number; timer: number };
  }
}

/** More than anything may unpack to. */
const ZEROS = gzipSync(Buffer.alloc(550 * MB), { level: 9 });
/** A zip whose one member is deflated zeros, and declares so many bytes in both places that say it. */
function zip(declared: number): Buffer {
  const made = Buffer.from(zipSync({ 'model.safetensors': new Uint8Array(16) }, { level: 0 }));
  const deflated = ZEROS.subarray(10, -8);
  const name = 30 + 'model.safetensors'.length;
  const [local, directory] = [made.subarray(0, name), made.subarray(name + 16)];
  for (const [part, at] of [
    [local, 8],
    [directory, 10],
  ] as const) {
    part.writeUInt16LE(8, at);
    part.writeUInt32LE(deflated.length, at + 10);
    part.writeUInt32LE(declared, at + 14);
  }
  directory.writeUInt32LE(local.length + deflated.length, directory.length - 6);
  return Buffer.concat([local, deflated, directory]);
}

/** How long the page's thread stood still at most, while something was done. */
async function stillMs(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    let last = performance.now();
    const timer = window.setInterval(() => {
      const now = performance.now();
      if (window.stillness) window.stillness.longest = Math.max(window.stillness.longest, now - last);
      last = now;
    }, 20);
    window.stillness = { longest: 0, timer };
  });
  await work();
  return page.evaluate(() => {
    clearInterval(window.stillness?.timer);
    return window.stillness?.longest ?? Infinity;
  });
}

for (const { what, name, content, told } of [
  {
    what: 'a checkpoint that says it unpacks to 550 MB',
    ...{ name: 'run.zip', content: () => zip(550 * MB) },
    told: /“run.zip” unpacks to more than a checkpoint can have/,
  },
  {
    what: 'a checkpoint that unpacks to more than it says',
    ...{ name: 'run.zip', content: () => zip(400 * MB) },
    told: /“?model.safetensors”? is not a usable checkpoint/,
  },
  {
    what: 'a recording that unpacks to 550 MB',
    ...{ name: 'a.capsule', content: () => Buffer.concat([Buffer.from('cutpoint-capsule/1\n'), ZEROS]) },
    told: /“a.capsule” is no usable recording: it unpacks to more than 512 MiB/,
  },
  {
    what: 'rollouts of very many lines',
    ...{ name: 'a.jsonl.gz', content: () => gzipSync(`{}\n${'\n'.repeat(20 * MB)}`, { level: 9 }) },
    told: /No trajectory found in a.jsonl.gz/,
  },
]) {
  test(`refuses ${what}, and does not stand still`, async ({ page }) => {
    const { problems } = await openStudio(page, '');
    const bomb = content();
    expect(bomb.length).toBeLessThan(2 * MB);
    const still = await stillMs(page, async () => {
      await openFile(page, name, bomb);
      await expect(page.getByText(told)).toBeVisible({ timeout: 60_000 });
    });
    expect(still).toBeLessThan(MOST_STILL_MS);
    await button(page, 'Dismiss').first().click();
    expect(problems).toEqual([]);
  });
}
