/** Tags within a completion, and which of them are events rather than words about tags. */
import type { Tag, TagKind } from './tag';
import { labelledTags } from './labelled-tags';
import { otherTags, withResults } from './other-tags';
import { templateTags } from './template-tags';

export type { Tag } from './tag';

const KINDS: Readonly<Record<TagKind, readonly string[]>> = {
  think: ['think', 'thinking', 'thought', 'reasoning'],
  search: [
    ...['search', 'access', 'browse', 'visit', 'call_tool', 'tool_call', 'function_call', 'invoke', 'python'],
    ...['tool', 'tool_calls', 'function_calls', 'function', 'code', 'crawl_page', 'open_page', 'fetch_page'],
  ],
  information: [
    ...['information', 'tool_response', 'tool_output', 'tool_result', 'result', 'results', 'documents'],
    ...['observation', 'search_result', 'search_results', 'function_response', 'function_results'],
    ...['interpreter', 'output', 'execution_result', 'execution_results'],
  ],
  answer: ['answer', 'final_answer'],
};
const KIND_OF: ReadonlyMap<string, TagKind> = new Map([
  ...(['think', 'search', 'information', 'answer'] as const).flatMap((kind) =>
    KINDS[kind].map((name) => [name, kind] as const),
  ),
  // Search-o1 and WebThinker, R1-Searcher.
  ...(['search_query', 'query', 'click_link', 'tool_call'] as const).map((name) => [`|${name}`, 'search'] as const),
  ...(['search_result', 'documents', 'click_result', 'tool_response'] as const).map(
    (name) => [`|${name}`, 'information'] as const,
  ),
]);
/** Calls whose answers are never tagged: those of tools. */
const TOOL_CALLS: readonly string[] = [
  ...['tool_call', 'function_call', 'invoke', 'python', '|tool_call', 'tool', 'tool_calls', 'function_calls'],
  ...['function', 'code'],
];
/** Calls within one of these are what is called. */
const AROUND_CALLS: readonly string[] = ['tool_call', 'tool_calls', 'function_calls'];
const WITHIN_CALLS: readonly string[] = ['function', 'tool_call'];
/** Words of many meanings: a program and what it printed, where both are there. */
const OF_PROGRAMS: readonly string[] = ['code', 'interpreter', 'output', 'execution_result', 'execution_results'];
const RUN = /<(?:code|python)>/;
const PRINTED = /<(?:interpreter|output|execution_results?)>/;

const NAMES = Object.values(KINDS).flat().join('|');
const TAG = new RegExp(
  `<(/?)(?:[a-z]{2,20}:|｜DSML｜|[a-z]{2,20}_(?=(?:search|tool_call|think)[\\s>]))?(${NAMES})(\\s[^<>]{0,2000}|(?<=function)=[\\w.-]{1,80})?>|<\\|(begin|end)_(?:of_)?(search_query|query|click_link|tool_call|search_result|documents|click_result|tool_response)\\|>`,
  'g',
);

export function tagsIn(source: string): Tag[] {
  const tags = source.includes('<') ? withOthers(source, plainTags(source)) : [];
  const others = tags.some(({ kind }) => kind === 'search')
    ? templateTags(source)
    : [...templateTags(source), ...labelledTags(source)];
  return others.length === 0 ? tags : [...tags, ...others].sort((a, b) => a.start - b.start);
}

/** Where no call has a name that is known: those of other names. */
function withOthers(source: string, tags: readonly Tag[]): Tag[] {
  if (tags.some(({ kind }) => kind === 'search')) return withResults(source, tags);
  const others = otherTags(source, (name) => KIND_OF.get(name));
  if (others.length === 0) return [...tags];
  return withResults(
    source,
    [...tags, ...others].sort((a, b) => a.start - b.start),
  );
}

function plainTags(source: string): Tag[] {
  const tags = Array.from(source.matchAll(TAG), tagOf);
  const rare = tags.some(({ name }) => OF_PROGRAMS.includes(name) || AROUND_CALLS.includes(name));
  if (!rare) return tags;
  const runs = RUN.test(source) && PRINTED.test(source);
  const around = new Set<string>();
  return tags.filter((tag, k) => {
    if (OF_PROGRAMS.includes(tag.name)) return runs;
    if (!AROUND_CALLS.includes(tag.name)) return true;
    if (tag.closes) return !around.delete(tag.name);
    const inner = tags[k + 1];
    const holds =
      inner !== undefined &&
      !inner.closes &&
      (inner.name === 'invoke' || (tag.name !== 'tool_call' && WITHIN_CALLS.includes(inner.name))) &&
      source.slice(tag.end, inner.start).trim() === '';
    if (holds) around.add(tag.name);
    return !holds;
  });
}

function tagOf(match: RegExpExecArray): Tag {
  const [whole, slash, plain, attributes = '', bound, special] = match;
  const name = plain ?? `|${special ?? ''}`;
  return {
    kind: KIND_OF.get(name) ?? 'think',
    name,
    closes: slash === '/' || bound === 'end',
    start: match.index,
    end: match.index + whole.length,
    attributes: attributes.startsWith('=') ? `name="${attributes.slice(1)}"` : attributes.trim(),
    special: plain === undefined,
  };
}

/** Whether it tells of answers or calls in tags, as an instruction or by example: then words alone are no answer. */
export function namesTags(source: string): boolean {
  if (!source.includes('<')) return false;
  for (const match of source.matchAll(TAG)) {
    const { kind, name } = tagOf(match);
    if (kind === 'answer' || (kind === 'search' && !TOOL_CALLS.includes(name))) return true;
  }
  return false;
}

/** "between <search> and </search>" */
const CONJUNCTION = /^(?:and|or|to|then|with|und|oder|et|ou|och|og|или|或|和|与|以及|と|[&/,+\-–—]|\.\.\.|…)$/i;
const LONGEST_CONJUNCTION = 4;

export function isConjunction(body: string): boolean {
  return body.length <= LONGEST_CONJUNCTION && CONJUNCTION.test(body);
}

/** "<answer> your answer </answer>" within a sentence. */
const PLACEHOLDER =
  /^(?:(?:your|the|a|my|final|search|some)\s+){0,3}(?:query|answer|question|search|result|text|here)(?:\s+here)?$/i;
const OF_TAGS = /^\s*(?:tags?|block|blocks|format)\b/i;

/** The tags that are events; the others are words about tags. */
export function eventTags(source: string, tags: readonly Tag[]): { events: Tag[]; named: Tag[] } {
  const events: Tag[] = [];
  const named: Tag[] = [];
  for (let k = 0; k < tags.length; k += 1) {
    const tag = tags[k]!;
    const next = tags[k + 1];
    const pair = next !== undefined && next.closes && next.name === tag.name;
    if (tag.special || tag.closes || isEvent(source, tag, next, pair, events.at(-1))) {
      events.push(tag);
      continue;
    }
    named.push(tag);
    if (!pair) continue;
    named.push(next);
    k += 1;
  }
  return { events, named };
}

function isEvent(source: string, tag: Tag, next: Tag | undefined, pair: boolean, before: Tag | undefined): boolean {
  const body = source.slice(tag.end, next?.start).trim();
  if (pair && isConjunction(body)) return false;
  if (tag.attributes !== '' || beginsSegment(source, tag.start)) return true;
  if (pair) return body !== '' && !PLACEHOLDER.test(body);
  if (OF_TAGS.test(source.slice(tag.end, tag.end + 20))) return false;
  if (tag.kind === 'think') return true;
  if (tag.kind === 'information') return before?.kind === 'search';
  // What stopped at its end tag was not given one: then it is the last, or results follow.
  if (tag.kind === 'search') return next === undefined || (next.kind === 'information' && !next.closes);
  return next === undefined && body !== '';
}

/** At the beginning of a line, or behind another tag. */
function beginsSegment(source: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && (source[at] === ' ' || source[at] === '\t')) at -= 1;
  return at < 0 || source[at] === '\n' || source[at] === '>';
}
