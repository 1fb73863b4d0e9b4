/** Which folder is followed: one that a person chooses, or the one that the server names. The code comes with the first. */
import { reportRefusal } from '../state/problems';
import type { Studio } from '../state/studio-state';

/** Chromium's alone so far. */
declare global {
  interface Window {
    showDirectoryPicker?: (options: { id: string; mode: 'read' }) => Promise<FileSystemDirectoryHandle>;
  }
}

export function canChooseFolder(): boolean {
  return window.showDirectoryPicker !== undefined;
}

export async function chooseFolder(studio: Studio): Promise<void> {
  try {
    const handle = await window.showDirectoryPicker?.({ id: 'rollouts', mode: 'read' });
    if (handle) await (await import('./follow-folder')).followFolder(studio, { handle }, document);
  } catch (error) {
    // Whoever chose none needs no message.
    if (!(error instanceof DOMException && error.name === 'AbortError')) reportRefusal(studio, error);
  }
}

/** `npm start -- --follow DIR` says so in the page. */
export async function followServed(studio: Studio, page: Document): Promise<void> {
  const name = page.querySelector<HTMLMetaElement>('meta[name="cutpoint-follow"]')?.content;
  if (name === undefined) return;
  await (await import('./follow-folder')).followFolder(studio, { url: studio.baseUrl, name }, page);
}
