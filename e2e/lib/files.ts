/** Files on their way into the page and out of it. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** As a file input takes it. */
export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function given(name: string, content: string | Buffer): GivenFile {
  return { name, mimeType: '', buffer: Buffer.from(content) };
}

export async function openFile(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByLabel('Files to open').setInputFiles(given(name, content));
}

/** As the browser does when a file is let go over the page, which takes it once it is drawn. */
export async function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const base64 = Buffer.from(content).toString('base64');
  const tell = (type: string): Promise<boolean> =>
    page.evaluate(
      ([event, file, text]) => {
        const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], file));
        const init = { bubbles: true, cancelable: true, dataTransfer };
        return !document.body.dispatchEvent(new DragEvent(event, init));
      },
      [type, name, base64] as const,
    );
  await expect.poll(() => tell('dragover')).toBe(true);
  expect(await tell('drop')).toBe(true);
}

/** Presses what downloads a file, and reads the file. */
export async function download(page: Page, button: Locator): Promise<GivenFile> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return given(file.suggestedFilename(), await readFile(await file.path()));
}

/** By the File menu. */
export async function save(page: Page, kind: string): Promise<GivenFile> {
  await page.getByText('File', { exact: true }).click();
  return download(page, page.getByRole('button', { name: kind, exact: true }));
}
