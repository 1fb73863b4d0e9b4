/** What a person writes into a step of a rollout: another query, other passages, another next word. */
import { UserError } from '../../../lib/assert';
import { chatBody } from '../../../rollouts/live/chat-server';
import { objectOf } from '../../../rollouts/live/live-server';
import { OWN_TOKEN } from '../../../rollouts/live/own-text';
import { topOf } from '../../../rollouts/live/probe';
import { textFormat } from '../../../rollouts/live/text-format';
import type { RegenerateFrom } from '../../../rollouts/live/regenerate';
import { isArray, isObject } from '../../../rollouts/text/json';
import { tagsIn } from '../../../rollouts/text/tags';
import type { LiveBench } from '../../state/lab-state';
import type { Studio } from '../../state/studio-state';
import { changeLab } from '../lab-events';
import { goOnFrom, serverOf } from './live-lab';

/** A piece of the text on the bench: characters [from, to). */
export interface Piece {
  from: number;
  to: number;
  text: string;
}

export interface Turn {
  step: number;
  /** What the model wrote. */
  written: Piece;
  /** Between the tags of its call, and of what came back; null without one. */
  query: Piece | null;
  passages: Piece | null;
  /** Behind what came back: where the next step begins. */
  to: number;
  /** Searches before it. */
  searches: number;
}

export function turnOf({ rollout, text }: Pick<LiveBench, 'rollout' | 'text'>, step: number): Turn | null {
  const steps = rollout.beginnings(text);
  const here = steps[step - 1];
  if (here === undefined) return null;
  const startOf = (before: string): number => {
    const at = Math.max(0, before.length - rollout.prompt.length);
    return at + (/^\s*/.exec(rollout.format.spaced ? text.slice(at) : '')?.[0].length ?? 0);
  };
  const [start, next] = [startOf(here.text), steps[step]];
  const end = next ? startOf(next.text) : text.length;
  const piece = (from: number, to: number): Piece => ({ from, to, text: text.slice(from, to) });
  const insertion = textFormat(text).insertions.find(({ from }) => from > start && from <= end);
  const tags = tagsIn(text.slice(start, end)).map((tag) => ({
    ...tag,
    start: tag.start + start,
    end: tag.end + start,
  }));
  const between = (kind: 'search' | 'information'): Piece | null => {
    const close = tags.find((tag) => tag.kind === kind && tag.closes);
    const open = tags.findLast((tag) => tag.kind === kind && !tag.closes && tag.start < (close?.start ?? 0));
    return open && close ? piece(open.end, close.start) : null;
  };
  return {
    ...{ step, to: insertion?.to ?? end, searches: here.searches },
    written: piece(start, insertion?.from ?? end),
    query: insertion ? between('search') : null,
    passages: insertion ? between('information') : null,
  };
}

/** What it wrote, word by word. */
export function wordsOf({ rollout }: LiveBench, { written }: Turn): { at: number; word: string }[] {
  const pattern = rollout.format.spaced ? OWN_TOKEN : /\s*\S+/g;
  return Array.from(written.text.matchAll(pattern), ({ index, 0: word }) => ({ at: written.from + index, word }));
}

/** Text up to a place of what lies on the bench, prompt included. */
function upTo({ rollout, text }: LiveBench, at: number): string {
  const { prompt, format } = rollout;
  return format.spaced ? `${prompt} ${text.slice(0, at)}`.trimEnd() : prompt + text.slice(0, at);
}

/** Puts another query into a step: its passages are fetched, and the model goes on behind them. */
export async function goOnWithQuery(
  studio: Studio,
  { step, query, written, searches }: Turn,
  words: string,
): Promise<void> {
  const { live, lab } = studio.store.getState();
  const { live: bench } = lab;
  if (!live || bench === null || query === null) return;
  const { format, world } = bench.rollout;
  const changed = upTo(bench, query.from) + pad(words, query.text) + bench.text.slice(query.to, written.to);
  const turn = format.read(changed.slice(upTo(bench, written.from).length).trimStart(), 'stop');
  if (live.servers.retriever === null || turn.kind !== 'search') {
    const message =
      turn.kind === 'search'
        ? 'No retriever is connected, so no passages can be fetched.'
        : 'This is not read as a query: write it as the one that stood there.';
    changeLab(studio, { refusal: { message, hint: '' } });
    return;
  }
  const begin = async (signal: AbortSignal): Promise<RegenerateFrom> => {
    const { retrieve } = serverOf(live, bench.rollout);
    const [found = []] = await retrieve([turn.query], format.topK, world, signal);
    const gap = format.spaced ? ' ' : '';
    return { text: changed + gap + format.insert(found), searches: searches + 1 };
  };
  await goOnFrom(studio, { key: changed, begin }, { step, replicate: 0, note: `query of step ${step}` });
}

/** Puts other passages behind a search, and lets the model go on. */
export async function goOnWithPassages(
  studio: Studio,
  { step, passages, to, searches }: Turn,
  words: string,
): Promise<void> {
  const { live: bench } = studio.store.getState().lab;
  if (bench === null || passages === null) return;
  const text = upTo(bench, passages.from) + pad(words, passages.text) + bench.text.slice(passages.to, to);
  await goOnFrom(studio, { text, searches: searches + 1 }, { step, replicate: 0, note: `passages of step ${step}` });
}

/** White space around what stood there stays. */
function pad(words: string, before: string): string {
  return `${/^\s*/.exec(before)?.[0] ?? ''}${words.trim()}${/\s*$/.exec(before)?.[0] ?? ''}`;
}

/**
 * What else could stand at a place of a turn, with probabilities.
 *
 * @throws UserError where the server refuses or gives none
 */
export async function alternativesAt(studio: Studio, at: number): Promise<[string, number][]> {
  const { live, lab } = studio.store.getState();
  if (!live?.abilities || lab.live === null) return [];
  const { abilities, post } = live;
  const { chat } = lab.live.rollout;
  const before = upTo(lab.live, at);
  const how = { max_tokens: 1, temperature: 1, ...abilities.sampling };
  const { signal } = new AbortController();
  const asked =
    chat === null || abilities.chat === null
      ? post('model/completions', { model: abilities.model, prompt: before, ...how, logprobs: 5 }, signal)
      : post(
          'model/chat',
          { ...chatBody(chat, abilities, abilities.chat, before).body, ...how, logprobs: true, top_logprobs: 5 },
          signal,
        );
  const answer = await objectOf(await asked, chat === null ? 'model/completions' : 'model/chat');
  const [raw] = isArray(answer['choices']) ? answer['choices'].filter(isObject) : [];
  const top = raw ? topOf({ raw }) : null;
  if (top === null) throw new UserError('This server gives no log-probabilities of next tokens.');
  return top.map(([token, logProb]) => [token, Math.exp(logProb)]);
}

/** Goes on from a place with another token. */
export async function goOnWithToken(
  studio: Studio,
  { step, written, searches }: Turn,
  at: number,
  token: string,
): Promise<void> {
  const { live: bench } = studio.store.getState().lab;
  if (bench === null) return;
  const gap = bench.rollout.format.spaced ? ' ' : '';
  const text = `${upTo(bench, at)}${gap}${gap === '' ? token : token.trim()}`;
  const turn = text.slice(upTo(bench, written.from).length).slice(gap.length);
  const note = `“${token.trim()}” in step ${step}`;
  await goOnFrom(studio, { text, searches, turn }, { step, replicate: 0, note });
}
