import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { events, openStudio, untilReady, untilState, untilUpdates } from './lib/studio';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function step(page: Page, update: number): Promise<void> {
  await button(page, 'Step').click();
  await untilUpdates(page, update);
  await untilState(page, 'paused');
}

async function weightsHash(page: Page): Promise<string | undefined> {
  const known = (await events(page, 'checkpoint')).length;
  await page.evaluate(() => window.cutpoint?.client.send({ type: 'checkpoint' }));
  await expect.poll(() => events(page, 'checkpoint').then((all) => all.length)).toBeGreaterThan(known);
  return (await events(page, 'checkpoint')).at(-1)?.weightsHash;
}

/** As the browser does when files are let go over the page. */
async function drop(page: Page, name: string, content: Buffer): Promise<void> {
  await page.evaluate(
    ([file, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], file));
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      }
    },
    [name, content.toString('base64')] as const,
  );
}

test('a run is saved, dropped on another page and goes on there bit for bit; what is no checkpoint changes nothing', async ({
  page,
}) => {
  const { problems } = await openStudio(page);
  await untilReady(page);
  await step(page, 1);
  await page.getByText('Save', { exact: true }).first().click();
  const download = page.waitForEvent('download');
  await button(page, 'Checkpoint').click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('cutpoint-microwiki-tiny-update-1.zip');
  const zip = await readFile(await saved.path());
  const before = await weightsHash(page);
  await step(page, 2);
  const wanted = await weightsHash(page);
  expect(wanted).not.toBe(before);

  // Two broken files: each is told, and the run stays as it is.
  await drop(page, 'half.zip', zip.subarray(0, zip.length / 2));
  await expect(page.getByRole('alert')).toContainText('“half.zip” is a broken zip archive');
  await page
    .getByLabel('Files to open')
    .setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('?') });
  await expect(page.getByRole('alert')).toContainText('“cat.png” cannot be opened');
  expect(await page.evaluate(() => window.cutpoint?.store.getState().update)).toBe(2);
  expect(await weightsHash(page)).toBe(wanted);

  // Another page, with other settings, until the file is dropped on it.
  await page.goto('about:blank');
  await openStudio(page, '#v1&preset=search-r1&world=microwiki&seed=4&size=tiny&prompts=2&groupSize=2&evalQuestions=8');
  await untilReady(page);
  await drop(page, 'run.zip', zip);
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().firstUpdate)).toBe(1);
  await untilState(page, 'paused');
  expect(new URL(page.url()).hash).toContain('entropyBonus=0.01');
  expect(await weightsHash(page)).toBe(before);
  await step(page, 2);
  expect(await weightsHash(page)).toBe(wanted);

  // Reset goes back to where the file stood.
  await button(page, 'Reset').click();
  await expect.poll(() => page.evaluate(() => window.cutpoint?.store.getState().update)).toBe(1);
  expect(await weightsHash(page)).toBe(before);
  expect(problems).toEqual([]);
});
