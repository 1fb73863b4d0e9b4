/** Text files of any program: their encoding by its mark, else by trial. */

export type TextEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
  /** Whether it was found by trial: a mark, or text that is UTF-8, leaves no doubt. */
  readonly guessed: boolean;
}

/** Bytes that are looked at to tell UTF-16 without a mark. */
const SAMPLE = 4096;
/** What Windows-1252 leaves undefined comes out as a control character, and no text holds those. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u0080-\u009f]/;

/** Never throws: what is no text comes out with U+FFFD or control characters in it, as it is in the file. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const read = (label: string): string => new TextDecoder(label).decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: read('utf-16le'), encoding: 'UTF-16LE', guessed: false };
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return { text: read('utf-16be'), encoding: 'UTF-16BE', guessed: false };
  }
  const wide = wideOrder(bytes);
  if (wide !== null) return { text: read(wide.toLowerCase()), encoding: wide, guessed: true };
  const text = read('utf-8');
  const unknown = (text.match(/\ufffd/g) ?? []).length;
  if (unknown === 0) return { text, encoding: 'UTF-8', guessed: false };
  const western = read('windows-1252');
  // Where most letters beyond ASCII are right, it is UTF-8 with a fault in it.
  const right = (text.match(/[^\u0000-\u007f\ufffd]/g) ?? []).length; // eslint-disable-line no-control-regex
  return right > unknown || CONTROL.test(western)
    ? { text, encoding: 'UTF-8', guessed: false }
    : { text: western, encoding: 'Windows-1252', guessed: true };
}

/** UTF-16 without a mark: in text of Latin letters one byte of almost every two is zero, and always the same one. */
function wideOrder(bytes: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | null {
  const pairs = Math.min(bytes.length, SAMPLE) >> 1;
  if (pairs < 2 || bytes.length % 2 !== 0) return null;
  const zeros = [0, 0];
  for (let i = 0; i < 2 * pairs; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even === 0 && odd > pairs / 2) return 'UTF-16LE';
  return odd === 0 && even > pairs / 2 ? 'UTF-16BE' : null;
}
