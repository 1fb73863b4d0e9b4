import type { Studio, StudioState } from './studio-state';

/** A chosen file with its beginning. */
export interface SniffedFile {
  file: File;
  /** The first bytes, at most 64 KiB. */
  head: Uint8Array;
  /** Those bytes as text, of what is inside where the file is gzip; null where they are no UTF-8. */
  text: string | null;
}

/** Does with the files what opening them means. @throws UserError where they cannot be used; then nothing has changed */
export type FileReader = (studio: Studio, files: readonly SniffedFile[]) => Promise<void>;

export interface FileKind {
  /** What it is called in "Cutpoint opens ...". */
  what: string;
  recognises: (file: SniffedFile) => boolean;
  /** Code that only this kind needs. */
  load: () => Promise<FileReader>;
}

export type Piece = Uint8Array<ArrayBuffer>;

export interface WholeFile {
  name: string;
  blob: Blob;
}

export interface PiecedFile {
  name: string;
  /** Made as they are read, once. */
  pieces: AsyncIterable<Piece>;
  /** Bytes that there will be, roughly. */
  about: number;
}

export type SavedFile = WholeFile | PiecedFile;

export interface SaveKind {
  name: string;
  help: string;
  /** Whether what is on screen can be of this kind at all; always where it does not say. */
  shown?: (state: StudioState) => boolean;
  enabled: (state: StudioState) => boolean;
  /** Code that only this kind needs. @returns what makes the file; that rejects with a UserError where it cannot be made */
  load: () => Promise<(studio: Studio) => Promise<SavedFile>>;
}
