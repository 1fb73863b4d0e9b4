/** Search results as passages: structured ones, JSON in a string, or "Doc 1(Title: ..) .." as Search-R1 writes them. */
import { first, isArray, isObject, parsed } from './json';

export interface RawPassage {
  title: string;
  text: string;
  /** Whether the file says that it helps. */
  label: boolean | null;
}

const LABELS = ['is_supporting', 'supporting', 'relevant', 'useful', 'label'];
const LISTS = ['result', 'results', 'documents', 'docs', 'passages', 'retrieved'];
/** "Doc 1(Title: X) text", "Doc 1 (Title: "X")", "[1] text". */
const DOCUMENT =
  /(?:^|\n)[ \t]*(?:Doc(?:ument)?[ \t]*\[?\d+\]?[ \t]*:?|\[\d+\])[ \t]*(?:\((?:Title:)[ \t]*("[^"\n]*"|[^)\n]*)\))?/g;

/** @param found what the search returned: text, or a list or object of documents */
export function readPassages(found: unknown): RawPassage[] {
  if (isArray(found)) return found.flatMap(readPassages);
  if (isObject(found)) {
    const list = first(found, LISTS);
    if (list !== undefined) return readPassages(list);
    if (isObject(found['document'])) return readPassages(found['document']);
    const body = first(found, ['text', 'contents', 'content', 'passage', 'snippet', 'body']);
    const title = found['title'];
    if (body === undefined && title === undefined) return plain(JSON.stringify(found));
    const label = first(found, LABELS);
    const [passage] = typeof body === 'string' ? [titled(body)] : readPassages(body);
    return [
      {
        title: typeof title === 'string' ? title : (passage?.title ?? ''),
        text: passage?.text ?? '',
        label: typeof label === 'boolean' ? label : typeof label === 'number' ? label > 0 : null,
      },
    ];
  }
  if (typeof found !== 'string') return [];
  const source = found.trim();
  if (source.startsWith('{') || source.startsWith('[')) {
    const value = parsed(source);
    if (value !== undefined) return readPassages(value);
  }
  return readText(source);
}

function readText(source: string): RawPassage[] {
  const heads = [...source.matchAll(DOCUMENT)];
  if (heads.length === 0) return source.split(/\n\s*\n/).flatMap(plain);
  return heads.flatMap((head, k) => {
    const body = source.slice(head.index + head[0].length, heads[k + 1]?.index).trim();
    const title = (head[1] ?? '').replace(/^"|"$/g, '').trim();
    return title === '' ? plain(body) : [{ title, text: body, label: null }];
  });
}

function plain(text: string): RawPassage[] {
  return text.trim() === '' ? [] : [titled(text.trim())];
}

/** The wiki-18 corpus writes the title in quotation marks on the first line. */
function titled(body: string): RawPassage {
  const match = /^"([^"\n]+)"\s*\n([\s\S]*)$/.exec(body);
  return match
    ? { title: match[1] ?? '', text: (match[2] ?? '').trim(), label: null }
    : { title: '', text: body, label: null };
}
