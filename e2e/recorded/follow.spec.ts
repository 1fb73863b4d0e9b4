/** A folder that a trainer writes, by a real handle of the browser: to its own storage, as nobody is there to choose one. */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violations } from '../lib/axe';
import { test } from '../lib/recorded';
import { button, openStudio, pressInFileMenu, region } from '../lib/studio';

const line = (question: string, step: number) =>
  `${JSON.stringify({ question, completion: '<answer>Oslo</answer>', gold: 'Oslo', step, uid: question })}\n`;

/** Writes a file of the folder; null removes it. */
async function write(page: Page, name: string, content: string | null): Promise<void> {
  await page.evaluate(
    async ([file, text]) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('run', { create: true });
      if (text === null) await folder.removeEntry(file);
      else {
        const writer = await (await folder.getFileHandle(file, { create: true })).createWritable();
        await writer.write(text);
        await writer.close();
      }
    },
    [name, content] as const,
  );
}

test('follows a folder: new and grown files come on screen, a step is held, what is gone stays', async ({ page }) => {
  const { problems } = await openStudio(page, '');
  await write(page, '1.jsonl', line('Where is step one?', 1));
  await page.evaluate(() => {
    window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('run');
  });
  await pressInFileMenu(page, 'Follow a folder');
  const bar = region(page, 'Recorded trajectories');
  await expect(bar).toContainText('Following run, 1 file, step 1.');

  await write(page, '2.jsonl', `${line('Where is step two?', 2)}{"question": "Half`);
  await expect(bar).toContainText('Following run, 2 files, step 2.');
  await expect(region(page, 'Trajectories')).toContainText('Where is step two?');
  await write(page, '2.jsonl', line('Where is step two?', 2) + line('Half a line?', 2));
  await expect(region(page, 'Trajectories')).toContainText('Half a line?');
  await expect(bar).not.toContainText('skipped');

  await page.getByRole('combobox', { name: 'Training step' }).selectOption('1');
  await write(page, '3.jsonl', line('Where is step three?', 3));
  await expect(bar).toContainText('Following run, 3 files, step 3. HELD 1');
  await expect(region(page, 'Trajectories')).toContainText('Where is step one?');
  await write(page, '1.jsonl', null);
  await expect(bar).toContainText('1.jsonl is gone; what was read of it stays.');
  expect(await violations(page, { within: '.rollout-bar' })).toEqual([]);
  await button(page, 'Newest step').click();
  await expect(region(page, 'Trajectories')).toContainText('Where is step three?');

  await button(page, 'Stop following').click();
  await expect(bar).not.toContainText('Following');
  await expect(bar).toContainText('4 trajectories');
  expect(problems).toEqual([]);
});
