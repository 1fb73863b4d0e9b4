/**
 * Archives as rows: what begins like JSON among their members, read as a file of its own. Loaded when one comes. Inspect's
 * `.eval` is such an archive, all members of it Zstandard, and one that still runs or was killed lacks its end: members are
 * taken from the front, so that what is there can be read.
 */
import { Unzip, UnzipInflate } from 'fflate';
import type { UnzipDecoder, UnzipFile } from 'fflate';
import { Decompress } from 'fzstd';
import { UserError } from '../../lib/assert';
import { plainLine } from '../../lib/plain-line';
import { packedPieces } from './container';
import type { PlaceUnit, RowTaker, SourceFile } from './container';
import { Crc32 } from './crc32';
import { TextRows } from './text-rows';
import { zipIndex } from './zip-index';
import type { ZipEntry } from './zip-index';

/** What Inspect keeps beside its samples, and macOS beside everything. */
const NO_ROWS = /^(header|summaries|reductions)\.json$|^_journal\/|^__MACOSX\/|\/$/;
const TEXT_MARKS = [0x5b, 0x7b];
/** Space, tab and line breaks, and the bytes of a byte order mark. */
const BLANKS = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf];
/** Members that are named one by one. */
const NAMED = 5;

class UnzipZstd implements UnzipDecoder {
  static compression = 93;
  ondata: UnzipDecoder['ondata'] = () => undefined;
  private readonly unpack = new Decompress((chunk, final) => this.ondata(null, Uint8Array.from(chunk), final ?? false));

  push(chunk: Uint8Array, final: boolean): void {
    this.unpack.push(chunk, final);
  }
}

/** What the members' rows go to, a file each. */
export interface FileTaker extends RowTaker {
  begin: (file: string) => void;
  end: () => void;
}

/** What came out of a member. */
interface MemberSum {
  name: string;
  crc: number;
  size: number;
}

/** Members that are not what the index says of them: fflate compares nothing. */
async function damaged(file: SourceFile, sums: readonly MemberSum[]): Promise<string[]> {
  const index = await zipIndex(file);
  if (index === null) return [];
  const byName = new Map<string, ZipEntry[]>();
  for (const entry of index) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  return sums.flatMap(({ name, crc, size }) => {
    // Of one name that was written again they come in this order.
    const said = byName.get(name)?.shift();
    const fits = said === undefined || (said.crc === crc && (said.size === 0xffffffff || said.size === size));
    return fits ? [] : [`${plainLine(name)} is damaged: its check sum does not fit`];
  });
}

/**
 * @param onRead bytes so far
 * @returns why reading ended before the file did, null where it did not
 */
export async function readZip(
  file: SourceFile,
  rows: FileTaker,
  onRead: (read: number) => void,
): Promise<string | null> {
  const others: string[] = [];
  const broken: string[] = [];
  let taken = 0;
  const sums: MemberSum[] = [];
  const take = (member: UnzipFile): void => {
    let text: TextRows | null = null;
    let begun = false;
    const [crc, size] = [new Crc32(), { bytes: 0 }];
    const shown = plainLine(member.name);
    rows.begin(`${file.name}/${shown}`);
    // One object may be an evaluation of its own, on one line or on many.
    const hand = (bytes: Uint8Array, unit: PlaceUnit, number: number): void => {
      rows.text(bytes, member.name.endsWith('.json') ? 'entry' : unit, number);
    };
    member.ondata = (error, chunk, final) => {
      if (error) {
        broken.push(`${shown}: ${error.message}`);
        return;
      }
      rows.unpacked(chunk.length, file.size);
      crc.add(chunk);
      size.bytes += chunk.length;
      const first = begun ? undefined : chunk.find((byte) => !BLANKS.includes(byte));
      if (first !== undefined) {
        begun = true;
        if (TEXT_MARKS.includes(first)) text = new TextRows(hand);
        else if (others.length < NAMED) others.push(shown);
      }
      text?.push(chunk);
      if (!final) return;
      taken += text ? 1 : 0;
      sums.push({ name: member.name, crc: crc.value, size: size.bytes });
      if (text?.end()) broken.push(`${shown} ends in the middle`);
      rows.end();
    };
    member.start();
  };
  const unzip = new Unzip((member) => {
    if (!NO_ROWS.test(member.name)) take(member);
  });
  unzip.register(UnzipInflate);
  unzip.register(UnzipZstd);
  let read = 0;
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        unzip.push(new Uint8Array(0), true);
        break;
      }
      for (const piece of packedPieces(value)) {
        unzip.push(piece);
        read += piece.length;
        onRead(read);
      }
    }
  } catch (error) {
    await reader.cancel();
    if (error instanceof UserError) throw error;
    broken.push(`it is damaged or ends in the middle, after ${taken} members`);
  }
  broken.push(...(await damaged(file, sums)));
  if (broken.length > 0) return `is not whole: ${broken.slice(0, NAMED).join('; ')}`;
  if (taken > 0) return null;
  // slime keeps its rollouts so.
  if (others.some((name) => /(?:^|\/)data\.pkl$/.test(name))) {
    return 'is what torch.save wrote: load it with torch.load, and write its texts as JSON lines';
  }
  return `holds nothing that begins like JSON${others.length === 0 ? '' : `, but ${others.join(', ')}`}`;
}
