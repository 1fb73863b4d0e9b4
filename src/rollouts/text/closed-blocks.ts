import type { TagKind } from './tag';
import { isConjunction } from './tags';

export interface ClosedBlock {
  kind: TagKind;
  /** What stands in it, without white space around. */
  text: string;
  /** Characters [start, end), tags included. */
  start: number;
  end: number;
}

const [OPEN, SPACE, TAB, NEWLINE] = [60, 32, 9, 10];
const KINDS = (['think', 'search', 'information', 'answer'] as const).map((kind) => ({
  kind,
  open: `<${kind}>`,
  close: `</${kind}>`,
}));
/** They begin with. */
const LETTERS = KINDS.map(({ kind }) => kind.charCodeAt(0));

/**
 * The blocks of a text that is nothing else, each with its end and without a tag within: so most of Search-R1's are, and they are
 * told in a fraction of the time that it takes to look for all that may be in a text. null where it is any other.
 */
export function closedBlocks(source: string): ClosedBlock[] | null {
  const blocks: ClosedBlock[] = [];
  let searches = false;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === SPACE || code === NEWLINE || code === TAB) continue;
    if (code !== OPEN) return null;
    const letter = source.charCodeAt(at + 1);
    const found = KINDS[LETTERS.indexOf(letter)];
    if (found === undefined || !source.startsWith(found.open, at)) return null;
    const from = at + found.open.length;
    const to = source.indexOf('<', from);
    if (to < 0 || !source.startsWith(found.close, to)) return null;
    const text = source.slice(from, to).trim();
    if (isConjunction(text)) return null;
    searches ||= found.kind === 'search';
    const end = to + found.close.length;
    blocks.push({ kind: found.kind, text, start: at, end });
    at = end - 1;
  }
  // Without a search it may be in another notation.
  return searches && !source.includes('[TOOL_') && !source.includes('```tool_') ? blocks : null;
}
