/** Files that are made piece by piece: to the disk as they come where they are large and the browser can, else as a whole. */
import { UserError } from '../../../lib/assert';
import { download } from './download';
import type { Piece, PiecedFile } from '../../state/file-types';

/** Up to so many bytes a file is downloaded as any other; above, a person says where it goes. */
export const LARGE = 32 << 20;

/** @returns whether it was saved; false where the person chose no place. @throws UserError where the disk refuses */
export async function savePieces(file: PiecedFile, page: object): Promise<boolean> {
  const { name, pieces, about } = file;
  const place = about > LARGE ? await choosePlace(name, page) : null;
  if (place === 'none') return false;
  if (place !== null) await writeTo(place, name, pieces);
  else {
    const parts: Piece[] = [];
    for await (const piece of pieces) parts.push(piece);
    download(name, new Blob(parts));
  }
  return true;
}

/** null where the browser cannot write to the disk, or not here. */
async function choosePlace(name: string, page: object): Promise<FileSystemFileHandle | 'none' | null> {
  if (!('showSaveFilePicker' in page) || typeof page.showSaveFilePicker !== 'function') return null;
  try {
    const place: unknown = await Reflect.apply(page.showSaveFilePicker, page, [{ suggestedName: name }]);
    return place instanceof FileSystemFileHandle ? place : null;
  } catch (error) {
    // Anything else is a browser that does not let this page ask: in a frame, or too long after the click.
    return error instanceof DOMException && error.name === 'AbortError' ? 'none' : null;
  }
}

/** What was there before stays until all of it is written. */
async function writeTo(place: FileSystemFileHandle, name: string, pieces: AsyncIterable<Piece>): Promise<void> {
  const sink = await place.createWritable();
  try {
    for await (const piece of pieces) await sink.write(piece);
    await sink.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    if (!(error instanceof DOMException)) throw error;
    throw new UserError(
      `${name} could not be written: ${error.message}`,
      'Nothing of the run is lost: save it elsewhere.',
    );
  }
}
