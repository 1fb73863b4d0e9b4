/**
 * Tags of names that only some use: calls (`<query>`, `<crawl_page>`, `<use_mcp_tool>`), the usual names in capitals, and results under
 * whatever name. Their names say little by themselves, so each is taken only where nothing else has its part.
 */
import type { Tag, TagKind } from './tag';

const CALLS =
  /^(?:search_(?:query|web|wiki)|[a-z]{2,20}-(?:query|search)|query|retrieve|retrieval|lookup|external|(?:crawl|open|fetch|read)_(?:page|url)|tool_use|tool-use|toolcall|use_mcp_tool|call)$/;
/** Results by their name, where they do not follow a call at once. */
const RESULTS = /^(?:tool_responses?|toolresult|knowledge|evidence|retrieved|context)$/;
const TAG = /<(\/?)([A-Za-z][\w-]{1,30})>/g;
/** What the model itself writes behind a call. */
const OWN =
  /^(?:re(?:ason|fine|flect|flection|think|view|asoning)|plan|analysis|verify|verification|summary|note|important_info|critique|cite)$/;
/** Of a tag of any name, which stands where results do. */
const NEXT = /^\s{0,20}<([A-Za-z][\w-]{1,30})>/;

/** @param kindOf of the names that are known, in small letters */
export function otherTags(source: string, kindOf: (name: string) => TagKind | undefined): Tag[] {
  return Array.from(source.matchAll(TAG)).flatMap((match) => {
    const [whole, slash, written = ''] = match;
    const name = written.toLowerCase();
    const usual = name === written ? undefined : kindOf(name);
    const kind = usual ?? (CALLS.test(name) ? 'search' : RESULTS.test(name) ? 'information' : undefined);
    return kind === undefined ? [] : [tagAt(kind, name, slash === '/', match.index, whole.length)];
  });
}

/** With results of a name that is not known: each follows a call at once, and the text has none of any other name. */
export function withResults(source: string, tags: readonly Tag[]): Tag[] {
  if (tags.some(({ kind }) => kind === 'information')) return [...tags];
  const calls = tags.filter(({ kind, closes }) => kind === 'search' && closes);
  const names = new Set(
    calls
      .map(({ end }) => NEXT.exec(source.slice(end, end + 60))?.[1] ?? '')
      .filter((name) => name !== '' && !OWN.test(name)),
  );
  for (const { name } of tags) names.delete(name);
  if (names.size === 0) return [...tags];
  const results = Array.from(source.matchAll(TAG)).flatMap((match) =>
    names.has(match[2] ?? '')
      ? [tagAt('information', match[2] ?? '', match[1] === '/', match.index, match[0].length)]
      : [],
  );
  return [...tags, ...results].sort((a, b) => a.start - b.start);
}

function tagAt(kind: TagKind, name: string, closes: boolean, start: number, length: number): Tag {
  return { kind, name, closes, start, end: start + length, attributes: '', special: false };
}
