import { announce } from '../../state/announce';
import { leaveRollouts } from '../../view/leave-rollouts';
import type { SniffedFile } from '../../state/file-types';
import { readUnpacked } from '../../../recordings/capsule/capsule';
import { unpackCapsule } from './unpack';
import { showRecording } from '../../run/show-recording';
import type { Studio } from '../../state/studio-state';

/** Puts the run of a capsule on screen. @throws UserError for a file that is none */
export async function openCapsule(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  for (const { file } of files.slice(0, 1)) {
    const name = `“${file.name}”`;
    const recording = readUnpacked(await unpackCapsule(file, name), name);
    leaveRollouts(studio);
    showRecording(studio, { recording, source: 'file', title: file.name });
    announce(studio, `Opened “${file.name}”`);
  }
}
