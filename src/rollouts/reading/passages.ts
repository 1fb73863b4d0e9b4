/** Search results as passages: structured ones, JSON or Python's repr in a string, or "Doc 1(Title: ..) .." as Search-R1 writes. */
import { first, isArray, isObject, parsed } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';

export interface RawPassage {
  title: string;
  text: string;
  /** Whether the file says that it helps. */
  label: boolean | null;
}

const LABELS = ['is_supporting', 'supporting', 'relevant', 'useful', 'label'];
const LISTS = [
  ...['result', 'results', 'documents', 'docs', 'passages', 'retrieved', 'web_page_info_list', 'search_results'],
  ...['organic', 'organic_results', 'pages', 'items', 'hits', 'data', 'output', 'topk', 'contexts', 'chunks'],
  ...['snippets', 'sources', 'matches', 'nodes', 'webPages'],
];
const BODIES = [
  ...['text', 'contents', 'content', 'passage', 'snippet', 'body', 'quick_summary', 'summary', 'description'],
  ...['page_content', 'paragraph', 'paragraphs', 'abstract', 'extract', 'chunk'],
];
const TITLES = ['title', 'name', 'heading', 'page_title'];
/** Deeper than any result. */
const MOST_DEPTH = 20;
/** "Doc 1(Title: X) text", "Doc 1 (Title: "X")", "[Doc 1] text", "Passage 1: text", "[1] text", "(1)X   X text" of R1-Searcher, "1. [X](address)" of web tools. */
const DOCUMENT =
  /(?:^|\n)[ \t]*(?:(?:Doc(?:ument)?[ \t]*\[?\d+\]?[ \t]*:?|(?:Passage|Evidence|Result|Source|Snippet|Reference|Context|Chunk)[ \t]*\[?\d+\]?[ \t]*:|\[(?:(?:Doc(?:ument)?|Passage)[ \t]?)?\d+\]|\(\d+\)(?=\S|[ \t]Title:))[ \t]*(?:\(Title:[ \t]*("[^"\n]*"|(?:[^()\n]|\([^()\n]*\))*|[^)\n]*)\))?|\d+\.[ \t]*\[((?:[^[\]\n]|\[[^[\]\n]{0,80}\]){0,400})\]\([^)\n]*\)|\*{2,3}(?:Web )?(?:Page|Document|Result|Source)[ \t]?\d+[ \t]?:?\*{2,3}:?)/g;
/** <snippet id=..>, <document>, <webpage>: a tag around each. */
const WRAPPED =
  /<(snippet|document|doc|webpage|page|passage|source|stdout|response|result|item)(?:_\d{1,3}|\s[^<>]{0,2000})?>/g;
/** A line that sets results apart. */
const RULE = /^[ \t]*(?:-{3,}|={3,}|\*{3,}|_{3,})[ \t]*$/;

/** @param found what the search returned: text, or a list or object of documents */
export function readPassages(found: unknown): RawPassage[] {
  return read(found, 0);
}

/** Whether each title and text is a piece of what was found as it stands there, and none has a label. */
export function arePieces(found: unknown): found is string {
  return typeof found === 'string' && !/^\s*[[(]/.test(found) && !/[{Σ]|<(?:tool_name|title|content|text)>/.test(found);
}

function read(found: unknown, depth: number): RawPassage[] {
  if (depth > MOST_DEPTH) return [];
  if (isArray(found)) return found.flatMap((one) => read(one, depth + 1));
  if (isObject(found)) return readObject(found, depth);
  if (typeof found !== 'string') return [];
  const source = found.trim();
  if (/^[[{(]/.test(source)) {
    const value = structured(source);
    if (value !== undefined) return read(value, depth + 1);
    const lines = source.startsWith('{') ? source.split('\n').filter((line) => line.trim() !== '') : [];
    const values = lines.length > 1 ? lines.map(parsed) : [];
    if (values.length > 1 && values.every(isObject)) return read(values, depth + 1);
  }
  return readText(source);
}

/** "[1] text" and "(1)Title" are no lists. */
function structured(source: string): unknown {
  const value = parsed(source);
  if (typeof value === 'object' && value !== null) return value;
  if (/^[[(]\s{0,9}\d+\s{0,9}[\])]/.test(source)) return undefined;
  const literal = readLiteral(source)?.value;
  return typeof literal === 'object' && literal !== null ? literal : undefined;
}

function readObject(found: JsonObject, depth: number): RawPassage[] {
  const list = first(found, LISTS);
  const title = first(found, TITLES);
  if (list !== undefined && (isArray(list) || isObject(list) || title === undefined)) return read(list, depth + 1);
  if (isObject(found['document'])) return read(found['document'], depth + 1);
  const body = first(found, BODIES);
  // Each by its number: {"0": .., "1": ..}
  if (body === undefined && title === undefined && '0' in found) return read(Object.values(found), depth + 1);
  if (body === undefined && title === undefined) return plain(JSON.stringify(found));
  const label = first(found, LABELS);
  // A part of a message, which holds JSON again.
  if (found['type'] === 'text' && typeof body === 'string' && /^\s*[[{]/.test(body)) return read(body, depth + 1);
  const headed = body === found['contents'] && title === undefined;
  const inside = typeof body === 'string' ? [headed ? headline(body) : titled(body)] : read(body, depth + 1);
  // A body in parts is one passage.
  const text = inside.map((part) => part.text).join('\n');
  return [
    {
      title: typeof title === 'string' ? title : (inside[0]?.title ?? ''),
      text,
      label: typeof label === 'boolean' ? label : typeof label === 'number' ? label > 0 : null,
    },
  ];
}

function readText(source: string): RawPassage[] {
  const heads = [...source.matchAll(DOCUMENT)];
  if (heads.length > 0) {
    return heads.flatMap((head, k) => {
      const body = withoutRules(source.slice(head.index + head[0].length, heads[k + 1]?.index));
      const title = (head[1] ?? head[2] ?? '').replace(/^"|"$/g, '').trim();
      if (title !== '') return [{ title, text: body, label: null }];
      const inside = body.startsWith('{') ? structured(body) : undefined;
      if (inside !== undefined) return read(inside, 1);
      return head[0].trim().startsWith('(') ? [repeated(body)] : plain(body);
    });
  }
  const wrapped = [...source.matchAll(WRAPPED)];
  if (wrapped.length > 0) return wrapped.flatMap((open, k) => inTags(source, open, wrapped[k + 1]?.index));
  return numbered(source) ?? paragraphs(source);
}

/** "1. text", "2. text", .. from the first line on; null where it is no such list. */
function numbered(source: string): RawPassage[] | null {
  if (!/^1[.)][ \t]/.test(source)) return null;
  const starts: number[] = [];
  for (const match of source.matchAll(/(?:^|\n)(\d{1,3})[.)][ \t]{1,9}/g)) {
    if (Number(match[1]) === starts.length + 1) starts.push(match.index);
  }
  if (starts.length < 2) return null;
  return starts.flatMap((from, k) =>
    plain(withoutRules(source.slice(from, starts[k + 1]).replace(/^\s*\d{1,3}[.)]/, ''))),
  );
}

function inTags(source: string, open: RegExpMatchArray, next: number | undefined): RawPassage[] {
  const from = (open.index ?? 0) + open[0].length;
  const body = source.slice(from, next).replace(/<tool_name>[^<>]{0,200}<\/tool_name>/, '');
  const end = body.indexOf(`</${open[1] ?? ''}>`);
  const said = end < 0 ? body : body.slice(0, end);
  const title = /<title>([^<>]*)<\/title>/.exec(said);
  if (title === null && !/<(?:content|text)>/.test(said)) return plain(withoutRules(said));
  const text = withoutRules(said.replace(title?.[0] ?? '', '').replace(/<\/?\w{1,20}>/g, ' '));
  return [{ title: title?.[1]?.trim() ?? '', text, label: null }];
}

/** R1-Searcher: "Halden   Halden Halden is a town." */
function repeated(body: string): RawPassage {
  const gap = body.search(/ {2,}/);
  const title = gap > 0 ? body.slice(0, gap).trim() : '';
  const rest = gap > 0 ? body.slice(gap).trim() : body;
  if (title === '' || title.includes('\n') || !rest.startsWith(title)) return titled(body);
  return { title, text: rest.slice(title.length).trim(), label: null };
}

/** Separated by empty lines or rules; a heading belongs to what follows it. */
function paragraphs(source: string): RawPassage[] {
  const blocks: string[] = [];
  let block: string[] = [];
  const end = (): void => {
    const said = block.join('\n').trim();
    if (said !== '') blocks.push(said);
    block = [];
  };
  for (const line of source.split('\n')) {
    if (line.trim() === '' || RULE.test(line)) end();
    else block.push(line);
  }
  end();
  return blocks.flatMap((said, k) => {
    if (isHeading(said) && k + 1 < blocks.length) return [];
    return plain(said);
  });
}

/** "**Final Information**", "# Results", "Results:" */
function isHeading(said: string): boolean {
  return said.length < 80 && !said.includes('\n') && /^(?:\*\*[^*]+\*\*:?|#{1,6} .*|[^.!?]{1,60}:)$/.test(said);
}

function withoutRules(body: string): string {
  if (!/[-=*_]{3}/.test(body)) return body.trim();
  return body
    .split('\n')
    .filter((line) => !RULE.test(line))
    .join('\n')
    .trim();
}

function plain(text: string): RawPassage[] {
  return text.trim() === '' ? [] : [titled(text.trim())];
}

/** "Title: X", then "Content: .." or what it says. */
function labelled(body: string): RawPassage {
  const end = body.indexOf('\n');
  if (end < 0) return { title: '', text: body, label: null };
  const title = body.slice(body.indexOf(':') + 1, end).trim();
  const text = body.slice(end).trim();
  const label = /^(?:Content|Text|Snippet|Summary):/.exec(text)?.[0] ?? '';
  return { title: title.replace(/^"|"$/g, ''), text: text.slice(label.length).trim(), label: null };
}

/** The wiki-18 corpus writes the title in quotation marks on the first line, others behind "Title:". */
function titled(body: string): RawPassage {
  const match = /^"([^"\n]+)"\s*\n([\s\S]*)$/.exec(body);
  if (/^(?:Title|Page):/.test(body)) return labelled(body);
  return match
    ? { title: match[1] ?? '', text: (match[2] ?? '').trim(), label: null }
    : { title: '', text: body, label: null };
}

/** `contents` of a corpus for Pyserini and FlashRAG: the title on the first line, where that is no sentence. */
function headline(body: string): RawPassage {
  const end = body.indexOf('\n');
  const first = body.slice(0, Math.max(0, end)).trim();
  if (first === '' || first.length > 200 || /[.!?,;:"]$/.test(first)) return titled(body);
  return { title: first, text: body.slice(end).trim(), label: null };
}
