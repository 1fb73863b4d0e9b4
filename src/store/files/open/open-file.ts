/** Whatever a person drops or chooses: recognised by its content, never by its name, and handed to its one reader. */
import { UserError } from '../../../lib/assert';
import { announce } from '../../state/announce';
import { isZip } from '../../../formats/is-zip';
import { textKind } from '../../../rollouts/containers/text-kind';
import { isCapsule } from '../../../recordings/capsule/capsule-file';
import type { FileKind, SniffedFile } from '../../state/file-types';
import { looksLikeTriples } from './looks-like-triples';
import { reportProblem, reportRefusal } from '../../state/problems';
import type { Studio } from '../../state/studio-state';

const HEAD_BYTES = 1 << 16;

/** The first kind that recognises one of the files gets them all. */
const FILE_KINDS: readonly FileKind[] = [
  {
    what: 'checkpoints (.zip, .safetensors or the files of their folder)',
    recognises: (file) => isSafetensors(file) || isCheckpointZip(file),
    load: async () => (await import('./open-checkpoint')).openCheckpoint,
  },
  {
    what: 'recorded runs (.capsule)',
    recognises: ({ head }) => isCapsule(head),
    load: async () => (await import('./open-capsule')).openCapsule,
  },
  {
    what: 'trajectories and rollouts of LLMs (.jsonl, .json, .csv, .parquet, .eval, .zip, .gz, .zst)',
    recognises: ({ head, text }) =>
      ['PAR1', 'PK\x03\x04', '\x28\xb5\x2f\xfd'].some((mark) => begins(head, mark)) ||
      textKind(text ?? wideText(head)) !== null,
    load: async () => (await import('./open-rollouts')).openRollouts,
  },
  // After all that begins in a way of its own.
  {
    what: 'facts for a world of your own (.tsv, .csv, .nt)',
    recognises: looksLikeTriples,
    load: async () => (await import('./open-triples')).openTriplesFile,
  },
];

/** One line: what can be opened. */
export const OPENS = `Cutpoint opens ${FILE_KINDS.map(({ what }) => what).join(', ')}.`;

/** Never rejects: what cannot be opened is told on the page, and what is there goes on. */
export async function openFiles(studio: Studio, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const names = files.map(({ name }) => `“${name}”`).join(', ');
  announce(studio, `Opening ${names}`);
  try {
    const sniffed = await Promise.all(files.map(sniff));
    const kind = FILE_KINDS.find(({ recognises }) => sniffed.some(recognises));
    if (kind === undefined) {
      const { otherKind } = await import('../../../lib/other-kind');
      const other = otherKind(sniffed[0]?.head ?? new Uint8Array(0));
      const what = other === null ? 'nothing that is known here' : other.what;
      throw new UserError(
        `${names} cannot be opened: it is ${what}.`,
        `${other === null ? '' : `${other.hint} `}${OPENS}`,
      );
    }
    const read = await kind.load();
    // What lies beside weights belongs to them; a file of another kind is opened by itself.
    const isOther = (file: SniffedFile): boolean =>
      kind === FILE_KINDS[0] ? isCapsule(file.head) : !kind.recognises(file);
    const others = sniffed.filter(isOther);
    await read(
      studio,
      sniffed.filter((file) => !isOther(file)),
    );
    if (others.length > 0) {
      const left = others.map(({ file }) => `“${file.name}”`).join(', ');
      reportProblem(studio, { message: `${left} stayed closed.`, hint: 'Open one kind at a time.', fatal: false });
    }
  } catch (error) {
    announce(studio, '');
    reportRefusal(studio, error);
  }
}

async function sniff(file: File): Promise<SniffedFile> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return { file, head, text: asText(isGzip ? await gunzipped(head) : head) };
}

/** What the beginning of a gzip file holds, as far as the first chunk goes; nothing where it is broken. */
async function gunzipped(head: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const reader = new Blob([head]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  // The rest is cut off, which the stream would only complain about.
  reader.cancel().catch(() => undefined);
  return value ?? new Uint8Array(0);
}

function asText(bytes: Uint8Array): string | null {
  try {
    // A character may be cut in the middle at the end of the head, which `stream` allows.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** UTF-16 by its mark; '' for anything else. */
function wideText(head: Uint8Array): string {
  const order = begins(head, '\xff\xfe') ? 'utf-16le' : begins(head, '\xfe\xff') ? 'utf-16be' : null;
  return order === null ? '' : new TextDecoder(order).decode(head);
}

function begins(head: Uint8Array, mark: string): boolean {
  return Array.from(mark, (letter) => letter.charCodeAt(0)).every((byte, k) => head[k] === byte);
}

/** Eight bytes that say how long the header is, then the header, a JSON object. */
function isSafetensors({ head, file }: SniffedFile): boolean {
  if (head.length < 10) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return head[8] === 0x7b && length <= BigInt(file.size);
}

/** A zip archive in which the weights have their usual name. */
function isCheckpointZip({ head }: SniffedFile): boolean {
  return isZip(head) && new TextDecoder('latin1').decode(head).includes('model.safetensors');
}
