/** What happens in a completion, in order, whatever notation it was written in. */
import { callsWithin, isCall } from './calls';
import type { Asked } from './calls';
import { parsed } from '../text/json';
import { closedBlocks } from '../text/closed-blocks';
import type { ClosedBlock } from '../text/closed-blocks';
import { eventTags, namesTags, tagsIn } from '../text/tags';
import type { Tag } from '../text/tags';
import { mayHoldTurns, turnsOf, withoutMarks } from './turns';
import type { Role } from './turns';

export interface RolloutEvent {
  /** `environment`: what it said besides results, such as how to call. */
  kind: 'think' | 'search' | 'information' | 'answer' | 'environment';
  text: string;
  /** Characters [start, end) of the completion, tags included. */
  start: number;
  end: number;
  /** False where its end tag is missing. */
  closed: boolean;
  /** Words outside of tags. */
  loose?: boolean;
  /** The call's own name, and of results the call that they belong to, where the file says so. */
  call?: string;
  /** In a turn of the environment, which nobody else can have written; `aside` where nothing marks it as results. */
  given?: 'results' | 'aside';
  /** Passages where they were structured already. */
  content?: unknown;
}

export interface Events {
  events: RolloutEvent[];
  /** Whether calls or answers are tags in it: then words without them are no answer. */
  tagged: boolean;
}

/**
 * Tagged text (`<think> <search> <information> <answer>` of Search-R1, `<tool_call> <tool_response>` of Qwen's and Hermes'
 * templates) as events, turn by turn where it holds the turns of a chat.
 *
 * @param instruction what the model was told before
 */
export function completionEvents(source: string, instruction: string): Events {
  const blocks = mayHoldTurns(source) ? null : closedBlocks(source);
  if (blocks !== null) return { events: blocks.map(blockEvent), tagged: true };
  const events = turnsOf(source, 'assistant').flatMap(({ role, start, end }) => {
    const said = source.slice(start, end);
    return role === 'assistant' ? textEvents(said, start) : environmentEvents(said, role, start);
  });
  return { events, tagged: namesTags(source) || namesTags(instruction) };
}

function blockEvent({ kind, text, start, end }: ClosedBlock): RolloutEvent {
  const isCall = kind === 'search' && MAY_CALL.test(text);
  return { kind, text: isCall ? (callsWithin(text)[0]?.text ?? text) : text, start, end, closed: true };
}

/** Words without any of these are a query as they stand. */
const MAY_CALL = /[`<[({:]/;

/**
 * What the model said. Text outside of tags counts as thought. A tag that is never closed reaches up to where the model goes on.
 *
 * @param offset of the text within the completion
 */
export function textEvents(source: string, offset = 0): RolloutEvent[] {
  const { events: tags, named } = eventTags(source, tagsIn(source));
  const ends = blockEnds(tags, source.length);
  const events: RolloutEvent[] = [];
  let last = 0;
  let told = 0;
  const loose = (to: number): void => {
    if (to <= last) return;
    while ((named[told]?.start ?? source.length) < last) told += 1;
    const tells = (named[told]?.start ?? source.length) < to;
    events.push(...looseEvents(source, last, to, offset, tells));
  };
  tags.forEach((tag, k) => {
    // Within a block that only its own end tag ends.
    if (tag.start < last) return;
    loose(tag.start);
    if (tag.closes) {
      // An end without a beginning: templates put the opening <think> into the prompt.
      last = tag.end;
      return;
    }
    const { contentEnd, end, closed } = ends[k]!;
    const said = withoutMarks(source.slice(tag.end, contentEnd)).trim();
    const span = { start: offset + tag.start, end: offset + end };
    if (tag.kind === 'search' || (tag.kind === 'answer' && ACTION.test(said)))
      events.push(...callEvents(calledBy(tag, said), span, closed));
    else events.push({ kind: tag.kind, text: said, ...span, closed });
    last = end;
  });
  loose(source.length);
  return events;
}

/** What a turn of the environment holds: results, with tags around them or without, or how to go on. */
export function environmentEvents(source: string, role: Role, offset: number, content?: unknown): RolloutEvent[] {
  if (role === 'system') return [];
  const inside = textEvents(source, offset).filter(({ kind }) => kind === 'information');
  if (inside.length > 0) return inside.map((event) => ({ ...event, given: 'results' as const }));
  const text = withoutMarks(source).trim();
  const span = { text, start: offset, end: offset + source.length, closed: true };
  if (role === 'tool') {
    return [{ kind: 'information', ...span, given: 'results', ...(content === undefined ? {} : { content }) }];
  }
  if (text === '') return [];
  return [{ kind: tellsTags(source) ? 'environment' : 'information', ...span, given: 'aside' }];
}

/** RAGEN's environments have each action in the tag of the answer: search[x], then finish[y]. */
const ACTION = /^(?:search|finish|lookup)\[[^\n]*\]$/i;

/** <call_tool name="search">x</call_tool>, <search query="x"/> */
function calledBy(tag: Tag, said: string): Asked[] {
  const name = /(?:^|\s)name\s{0,9}=\s{0,9}"([^"]*)"/.exec(tag.attributes)?.[1] ?? null;
  if (said !== '')
    return tag.name === 'search'
      ? [{ text: callsWithin(said)[0]?.text ?? said, answers: false }]
      : callsWithin(said, name);
  const query = /(?:query|q|url)\s{0,9}=\s{0,9}"([^"]*)"/.exec(tag.attributes)?.[1];
  return [{ text: query ?? '', answers: false }];
}

/** A call that gives the answer is one, and closed by itself. */
export function callEvents(
  calls: readonly Asked[],
  span: { start: number; end: number },
  closed: boolean,
  call: string | null = null,
): RolloutEvent[] {
  const named = call === null ? {} : { call };
  return calls.map(({ text, answers }) =>
    answers
      ? { kind: 'answer', text, ...span, closed: true, ...named }
      : { kind: 'search', text, ...span, closed, ...named },
  );
}

/** Words that are nothing but a call: {"name": "search", "parameters": {..}} or [search(query="x")], as Llama 3 writes them. */
function bareCalls(said: string): Asked[] | null {
  if (/^\[\s{0,9}[A-Za-z_][\w.]{0,80}\([\s\S]*\)\s{0,9}\]$/.test(said)) return callsWithin(said);
  if (!/^(?:\[\s{0,9})?\{[\s\S]*\}(?:\s{0,9}\])?$/.test(said) || !said.includes('"name"')) return null;
  const call = parsed(said);
  return (Array.isArray(call) ? call.length > 0 && call.every(isCall) : isCall(call)) ? callsWithin(said) : null;
}

/**
 * Words outside of tags, line by line where the environment may say in some of them how to call.
 *
 * @param tells whether tags are named in them
 */
function looseEvents(source: string, from: number, to: number, offset: number, tells: boolean): RolloutEvent[] {
  const event = (kind: 'think' | 'environment', start: number, end: number): RolloutEvent[] => {
    const text = withoutMarks(source.slice(start, end)).trim();
    if (text === '') return [];
    const span = { start: offset + start, end: offset + end };
    const calls = kind === 'think' ? bareCalls(text) : null;
    return calls === null ? [{ kind, text, ...span, closed: true, loose: true }] : callEvents(calls, span, true);
  };
  if (!tells) return event('think', from, to);
  const events: RolloutEvent[] = [];
  let begun = from;
  for (let at = from; at < to;) {
    const newline = source.indexOf('\n', at);
    const end = newline < 0 || newline >= to ? to : newline + 1;
    if (tellsTags(source.slice(at, end))) {
      events.push(...event('think', begun, at), ...event('environment', at, end));
      begun = end;
    }
    at = end;
  }
  return [...events, ...event('think', begun, to)];
}

/** How environments answer what is no valid action: the query goes between <search> and </search>, the answer .. */
const TELLS = /<(search|answer|tool_call)>\s{0,9}[^\s<>]{1,9}\s{0,9}<\/\1>/;
const ADVISES =
  /\b(?:no valid|not valid|invalid|try again|another try|retry|must|should|goes between|put|wrong format)\b/i;

function tellsTags(text: string): boolean {
  return TELLS.test(text) && ADVISES.test(text);
}

interface BlockEnd {
  contentEnd: number;
  end: number;
  closed: boolean;
}

/** Where the block of each tag ends, from the last one backwards. */
function blockEnds(tags: readonly Tag[], length: number): (BlockEnd | undefined)[] {
  const ends = new Array<BlockEnd | undefined>(tags.length);
  const nextClose = new Map<string, number>();
  const nextOpen = new Map<string, number>();
  /** The next tag at which the model goes on. */
  let goesOn = tags.length;
  for (let k = tags.length - 1; k >= 0; k -= 1) {
    const tag = tags[k]!;
    if (tag.closes) {
      nextClose.set(tag.name, k);
      continue;
    }
    const close = nextClose.get(tag.name) ?? tags.length;
    const again = nextOpen.get(tag.name) ?? tags.length;
    const at = (place: number): number => tags[place]?.start ?? length;
    const closer = tags[close];
    const own = closer && { contentEnd: closer.start, end: closer.end, closed: true };
    const until = (place: number): BlockEnd => ({ contentEnd: at(place), end: at(place), closed: false });
    if (tag.attributes.endsWith('/')) ends[k] = { contentEnd: tag.end, end: tag.end, closed: true };
    else if (tag.kind === 'information') {
      // Passages may hold anything; without an end of its own it ends where the model goes on.
      ends[k] = own && !(again < close && goesOn < again) ? own : until(goesOn);
    } else if (tag.kind === 'answer') ends[k] = own && again > close ? own : until(Math.min(again, goesOn));
    else if (tag.kind === 'search' && tag.name !== 'search') ends[k] = own && again > close ? own : until(k + 1);
    else ends[k] = own && close === k + 1 ? own : until(k + 1);
    nextOpen.set(tag.name, k);
    if (tag.kind !== 'information') goesOn = k;
  }
  return ends;
}
