import { isFact } from '../../../rollouts/containers/text-kind';
import type { SniffedFile } from '../../state/file-types';

/** Text of three columns or more, or what is meant as such: the dialog says what is wrong with which line. */
export function looksLikeTriples({ text, head }: SniffedFile): boolean {
  const readable = text ?? westernOrWide(head);
  const lines = readable.split(/\r\n|\n|\r/, 50).filter((line) => line.trim() !== '' && !/^\s*(?:#|```)/.test(line));
  const [first] = lines;
  if (first === undefined || first.includes('row,step,question,gold_answers,')) return false;
  if (isFact(readable)) return true;
  if (/^\s*[[{]/.test(first)) return false;
  if (/(?:->|→|=>).*(?:->|→|=>)|-\[.{1,300}\]-{1,2}>/.test(first)) return true;
  if (lines.length > 1 && lines.every((line) => line.trim().split(/\s+/).length === 3)) return true;
  const separators = first.includes('\t') ? ['\t'] : [',', ';', '|'];
  return /^(<\S+>|_:\S+)\s+<\S+>\s+\S.*\.\s*$/.test(first) || separators.some((one) => first.split(one).length >= 3);
}

/** What is no UTF-8 may be UTF-16, of which the zeros are taken out to see the columns, or Windows-1252. */
function westernOrWide(head: Uint8Array): string {
  const isWide =
    head.length > 1 && (head.subarray(0, 2).join() === '255,254' || head.subarray(0, 2).join() === '254,255');
  const text = new TextDecoder('latin1').decode(isWide ? head.subarray(2).filter((byte) => byte !== 0) : head);
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? '' : text;
}
