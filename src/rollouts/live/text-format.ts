/** How a completion of an LLM is written, read from the completion itself: its call and result tags, and what stands between. */
import { completionEvents } from '../reading/events';
import { tagsIn } from '../text/tags';
import type { Tag } from '../text/tags';
import type { LiveFormat, Turn } from './formats';
import { passageStyle } from './passage-style';

/** What the environment put behind a call: [from, to) is its own, `to` is where the model went on. */
export interface Insertion {
  from: number;
  to: number;
}

export interface TextFormat {
  format: LiveFormat;
  insertions: readonly Insertion[];
  /** Whether passages are written as those in the completion, to the last character. */
  exact: boolean;
}

/** Of one turn: Search-R1 has 500. */
const TURN_TOKENS = 1024;
/** The paper's. */
const MOST_SEARCHES = 4;
const TOP_K = 3;
/** White space and marks of a chat's template, which the environment writes behind results. */
const AFTER = /^(?:\s+|<\|[^|<>]{1,30}\|>(?:assistant(?=\s|<\|))?)*/;
/** How a call and its results stand in a text. */
export interface CallNotation {
  close: string;
  before: string;
  open: string;
  end: string;
  after: string;
}
const SEARCH_R1: CallNotation = {
  close: '</search>',
  before: '\n\n',
  open: '<information>',
  end: '</information>',
  after: '\n\n',
};

/** @param unsearched how calls stand where the completion has none to look at */
export function textFormat(completion: string, unsearched: CallNotation = SEARCH_R1): TextFormat {
  const blocks = blocksIn(completion);
  const [first] = blocks;
  const after = blocks.length === 0 ? unsearched.after : commonPrefix(blocks.map((block) => block.after));
  const style = passageStyle(first ? completion.slice(first.open.end, first.end.start) : null);
  const cut = ({ start, end }: Tag): string => completion.slice(start, end);
  const notation = first
    ? {
        ...{ close: cut(first.close), open: cut(first.open), end: cut(first.end), after },
        before: completion.slice(first.close.end, first.open.start),
      }
    : unsearched;
  const searches = Math.max(MOST_SEARCHES, blocks.length);
  const format: LiveFormat = {
    name: `text with ${notation.close}`,
    spaced: false,
    stop: [...new Set([notation.close, '</answer>'])],
    ...{ maxTokens: TURN_TOKENS, mostSearches: searches, topK: topKOf(blocks.length) ?? TOP_K },
    read: (written, finish) => readTurn(written, finish, notation.close),
    insert: (passages) => `${notation.before}${notation.open}${style.write(passages)}${notation.end}${notation.after}`,
  };
  const insertions = blocks.map(({ close, end }) => ({ from: close.end, to: end.end + after.length }));
  return { format, insertions, exact: style.exact };

  function topKOf(count: number): number | null {
    if (count === 0) return null;
    const found = completionEvents(completion, '').events.find(({ kind }) => kind === 'information');
    const documents = found?.text.match(/(?:^|\n)[ \t]*(?:Doc(?:ument)?[ \t]*\d+|\[\d+\]|\(\d+\))/g)?.length ?? 0;
    return documents > 0 ? documents : null;
  }
}

interface Block {
  close: Tag;
  open: Tag;
  end: Tag;
  after: string;
}

/** A call that is closed, then results that are. */
function blocksIn(source: string): Block[] {
  const tags = tagsIn(source);
  return tags.flatMap((open, k): Block[] => {
    const [close, end] = [tags[k - 1], tags.slice(k + 1).find((tag) => tag.kind === 'information' && tag.closes)];
    if (open.kind !== 'information' || open.closes || close?.kind !== 'search' || !close.closes || !end) return [];
    return [{ close, open, end, after: AFTER.exec(source.slice(end.end))?.[0] ?? '' }];
  });
}

/** What follows the last block may be cut off, so that it says nothing unless it is alone. */
function commonPrefix(texts: readonly string[]): string {
  const told = texts.length > 1 && texts.at(-1) === '' ? texts.slice(0, -1) : texts;
  let [prefix = ''] = told;
  for (const one of told) while (!one.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function readTurn(written: string, finish: string | null, close: string): Turn {
  let text = written;
  if (finish !== 'length') {
    const open = close.replace('/', '').replace('|end_', '|begin_');
    if (isOpen(text, open, close)) text += close;
    else if (isOpen(text, '<answer>', '</answer>')) text += '</answer>';
  }
  const { events } = completionEvents(text, '');
  const last = events.findLast(({ kind }) => kind === 'search' || kind === 'answer');
  if (last?.kind === 'search' && last.closed && last.text !== '') return { kind: 'search', text, query: last.text };
  return { kind: 'end', text, answer: last?.kind === 'answer' ? last.text : null };
}

function isOpen(text: string, open: string, close: string): boolean {
  return text.lastIndexOf(open) > text.lastIndexOf(close);
}
