/** The page's end of what the local server passes on to a model server, a retriever and a judge. */
import { UserError } from '../../../lib/assert';
import type { Post } from '../../../rollouts/live/live-server';
import { probe } from '../../../rollouts/live/probe';
import { isObject, text } from '../../../rollouts/text/json';
import type { LiveServers, LiveState } from '../../state/live-state';
import type { Studio } from '../../state/studio-state';

export { abilityRows } from '../../../rollouts/live/ability-rows';

const TOKEN_HEADER = 'X-Cutpoint-Token';

/** What the local server put into the page; null where that is not what it should be. */
export function readServed(content: string): { token: string; servers: LiveServers } | null {
  const value: unknown = JSON.parse(content);
  if (!isObject(value)) return null;
  const [token, model] = [text(value['token']), text(value['model'])];
  if (token === null || model === null) return null;
  const [modelName, retriever, judge] = ['modelName', 'retriever', 'judge'].map((key) => text(value[key]));
  return {
    token,
    servers: { model, modelName: modelName ?? null, retriever: retriever ?? null, judge: judge ?? null },
  };
}

/** @param base where the page lives */
export function postFrom(base: string, token: string): Post {
  return (path, body, signal) =>
    fetch(new URL(`live/${path}`, base), {
      method: body === null ? 'GET' : 'POST',
      headers: { [TOKEN_HEADER]: token, ...(body === null ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      signal,
    });
}

function change({ store }: Studio, part: Partial<LiveState>): void {
  store.setState(({ live }) => (live ? { live: { ...live, ...part } } : {}));
}

/** Connects and probes. */
export async function connect(studio: Studio, servers: LiveServers, post: Post): Promise<void> {
  studio.store.setState({ live: { servers, post, abilities: null, problem: null, probing: true, withText: false } });
  await probeAgain(studio);
}

/** @param text that it is asked to go on from */
export async function probeAgain(studio: Studio, text?: string): Promise<void> {
  const { live } = studio.store.getState();
  if (!live) return;
  change(studio, { probing: true, problem: null, withText: text !== undefined });
  try {
    const abilities = await probe(live.post, live.servers.modelName, new AbortController().signal, text);
    change(studio, { abilities, probing: false });
  } catch (error) {
    change(studio, { abilities: null, probing: false, problem: problemText(error) });
  }
}

export function problemText(error: unknown): string {
  if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`.trim();
  if (error instanceof TypeError) return 'The page’s own server does not answer: is npm start still running?';
  return error instanceof Error ? error.message : String(error);
}
