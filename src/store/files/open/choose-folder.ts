/** Follows a folder that a person chooses. */
import { reportRefusal } from '../../state/problems';
import type { Studio } from '../../state/studio-state';
import { followFolder } from './follow-folder';

/** Chromium's alone so far. */
declare global {
  interface Window {
    showDirectoryPicker?: (options: { id: string; mode: 'read' }) => Promise<FileSystemDirectoryHandle>;
  }
}

export async function chooseFolder(studio: Studio): Promise<void> {
  try {
    const handle = await window.showDirectoryPicker?.({ id: 'rollouts', mode: 'read' });
    if (handle) await followFolder(studio, { handle }, document);
  } catch (error) {
    // Whoever chose none needs no message.
    if (!(error instanceof DOMException && error.name === 'AbortError')) reportRefusal(studio, error);
  }
}
