/** Opens a checkpoint: the run in it goes on from there in place of the one on the page. */
import { readRunConfig, readRunUpdate } from '../formats/checkpoint-header';
import { announce, startFrom } from './actions';
import type { SniffedFile } from './file-types';
import type { Studio } from './studio-state';

/** @throws UserError for a file that is no checkpoint */
export async function openCheckpoint(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  for (const { file } of files.slice(0, 1)) {
    const bytes = await file.arrayBuffer();
    const name = `“${file.name}”`;
    const { config } = readRunConfig(new Uint8Array(bytes), name);
    const update = readRunUpdate(new Uint8Array(bytes), name);
    startFrom(studio, { kind: 'checkpoint', name: file.name, bytes, config, update });
    announce(studio, `Opened ${name} at update ${update}`);
  }
}
