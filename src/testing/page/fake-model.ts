/** A model server and a retriever in the page's own process: writes word by word, each by what stands before it and the seed. */
import type { Post } from '../../rollouts/live/live-server';

export interface FakeModel {
  /** The next word, with the space before it; null ends the text. */
  next: (before: string, seed: number) => string | null;
  passages?: (query: string) => { title: string; text: string }[];
  /** What it does otherwise than our own server. */
  quirks?: Partial<{
    models: readonly string[];
    promptLists: boolean;
    seedLists: boolean;
    ignoresSeeds: boolean;
    /** Keeps them only while it is asked nothing else. */
    seedsAlone: boolean;
    /** Always the likeliest word. */
    greedy: boolean;
    /** Keys for which it refuses a request. */
    refuses: readonly string[];
    /** Wraps what it is given into a chat. */
    wraps: boolean;
    stop: 'kept' | 'told' | 'dropped';
    logProbs: boolean;
    echo: boolean;
    /** Requests after which it no longer answers. */
    endsAfter: number;
    key: string;
    /** How likely each of these is as the next word. */
    likely: (before: string) => Record<string, number>;
    judge: (prompt: string) => string;
    /** How it takes chats: going on within the last message, saying it again first, or beginning a new one. Else it takes none. */
    chat: 'goes on' | 'repeats' | 'new turn';
    /** Calls tools as such: what it writes in tags is read by it. */
    calls: boolean;
    /** Shows how it renders a chat. */
    shows: 'text' | 'count';
  }>;
}

interface Made {
  text: string;
  index: number;
  finish_reason: string;
}

interface Asked {
  path: string;
  body: Record<string, unknown>;
  signal: AbortSignal;
}

export interface RunningModel {
  post: Post;
  asked: Asked[];
  /** Whether answers wait, as those of a slow server do. */
  hold: (held: boolean) => void;
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const refused = (status: number, message: string): Response => json({ error: { message } }, status);

export function fakeModel({ next, passages, quirks = {} }: FakeModel): RunningModel {
  const asked: Asked[] = [];
  const { models = ['fake'], promptLists = true, seedLists = false, stop: stops = 'told', logProbs = true } = quirks;
  let underWay = 0;
  let gate: { open: () => void; opened: Promise<void> } | null = null;
  const completed = (body: Record<string, unknown>): { choices: Made[] } | { refusal: Response } => {
    const unknown = quirks.refuses?.find((key) => key in body);
    if (unknown !== undefined) return { refusal: refused(400, `unexpected ${unknown}`) };
    const { prompt, stop = [], max_tokens: most = 16, temperature = 1, seed = 0, echo } = body;
    const prompts = Array.isArray(prompt) ? prompt.map(String) : [String(prompt)];
    if (Array.isArray(prompt) && !promptLists) return { refusal: refused(400, 'prompt must be a string') };
    if (Array.isArray(seed) && !seedLists) return { refusal: refused(400, 'seed must be an integer') };
    if (echo === true && quirks.echo !== true) return { refusal: refused(400, 'echo is not supported') };
    const words = typeof stop === 'string' ? [stop] : Array.isArray(stop) ? stop.map(String) : [];
    const choices = prompts.map((given, index) => {
      const own = Number(Array.isArray(seed) ? seed[index] : seed);
      const lost = quirks.ignoresSeeds === true || (quirks.seedsAlone === true && underWay > 1);
      const drawn = temperature === 0 || quirks.greedy === true ? 0 : lost ? Math.random() * 1e6 : own;
      const before = quirks.wraps === true ? `user: ${given} assistant:` : given;
      let [text, finish, ended]: [string, string, string | null] = ['', 'length', null];
      for (let k = 0; k < Number(most) && ended === null; k += 1) {
        const word = next(before + text, drawn);
        if (word === null) {
          finish = 'stop';
          break;
        }
        text += word;
        ended = words.find((one) => text.includes(one)) ?? null;
      }
      if (ended !== null) {
        finish = 'stop';
        text = text.slice(0, text.indexOf(ended) + (stops === 'kept' ? ended.length : 0));
      }
      const likely = logProbs && typeof body['logprobs'] === 'number' ? quirks.likely?.(given) : undefined;
      return {
        ...{ index, text: echo === true ? given + text : text, finish_reason: finish },
        ...(stops === 'told' ? { stop_reason: ended } : {}),
        logprobs: echo === true ? echoed(given, quirks.likely) : likely ? { top_logprobs: [logs(likely)] } : null,
      };
    });
    return { choices };
  };
  const complete = (body: Record<string, unknown>): Response => {
    const made = completed(body);
    return 'refusal' in made ? made.refusal : json(made);
  };
  /** Messages as `next` sees them: with calls in tags, results without. */
  const rendered = (body: Record<string, unknown>): { text: string; kept: string } => {
    const { messages } = body;
    const list = Array.isArray(messages) ? messages.map((one: object) => new Map(Object.entries(one))) : [];
    const last = list.at(-1);
    const goes = last?.get('role') === 'assistant' && quirks.chat !== 'new turn';
    const asked = quirks.chat === 'repeats' || body['continue_final_message'] === true;
    const said = list.map(
      (one) =>
        `[${one.get('role')}] ${one.get('content')}${one.has('tool_calls') ? JSON.stringify(one.get('tool_calls')) : ''}`,
    );
    const kept = goes && asked ? String(last.get('content')) : '';
    return { text: said.join('\n') + (goes && asked ? '' : '\n[assistant] '), kept };
  };
  const chat = (body: Record<string, unknown>): Response => {
    if (quirks.chat === undefined) return refused(404, 'Not Found');
    const { text: prompt, kept } = rendered(body);
    const response = completed({ ...body, prompt });
    if ('refusal' in response) return response.refusal;
    const choices = response.choices.map(({ text, index, finish_reason }) => {
      const call = quirks.calls === true ? /\n?<tool_call>\n(.*)\n<\/tool_call>/.exec(text) : null;
      const called: unknown = call ? JSON.parse(call[1] ?? '{}') : null;
      const content = `${quirks.chat === 'repeats' ? kept : ''}${call ? text.slice(0, call.index) : text}`;
      const calls = call ? { tool_calls: [{ id: 'x', type: 'function', function: called }] } : {};
      return { index, finish_reason, message: { role: 'assistant', content, ...calls } };
    });
    return json({ choices, usage: { prompt_tokens: prompt.length } });
  };
  const answer = (path: string, body: Record<string, unknown>): Response => {
    if (quirks.endsAfter !== undefined && asked.length > quirks.endsAfter) return refused(502, 'it does not answer');
    if (quirks.key !== undefined) return refused(401, 'Invalid API key');
    if (path === 'model/models') return json({ data: models.map((id) => ({ id })) });
    if (path === 'model/completions') return complete(body);
    if (path === 'model/chat') return chat(body);
    if (path === 'model/apply-template' && quirks.shows === 'text') return json({ prompt: rendered(body).text });
    if (path === 'judge/models') return json({ data: [{ id: 'judge' }] });
    if (path === 'judge/chat' && quirks.judge)
      return json({ choices: [{ message: { content: quirks.judge(JSON.stringify(body['messages'])) } }] });
    if (path !== 'retriever' || !passages) return refused(404, 'Not Found');
    const queries = Array.isArray(body['queries']) ? body['queries'].map(String) : [];
    const found = queries.map((query) =>
      passages(query).map(({ title, text }) => ({ document: { contents: `"${title}"\n${text}` }, score: 1 })),
    );
    return json({ result: found });
  };
  return {
    asked,
    hold: (held) => {
      gate?.open();
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      gate = held ? { open, opened } : null;
    },
    post: async (path, given, signal) => {
      const body: Record<string, unknown> = given === null ? {} : Object.fromEntries(Object.entries(given));
      asked.push({ path, body, signal });
      // As over a wire: others may go on meanwhile.
      underWay += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      await gate?.opened;
      try {
        signal.throwIfAborted();
        return answer(path, body);
      } finally {
        underWay -= 1;
      }
    },
  };
}

function logs(shares: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([word, share]) => [word, Math.log(share)]));
}

/** The prompt's last character as its last token. */
function echoed(given: string, likely: ((before: string) => Record<string, number>) | undefined): object {
  const share = likely?.(given.slice(0, -1))[given.slice(-1)] ?? 0.5;
  return { token_logprobs: [null, Math.log(share)], text_offset: [0, given.length - 1], tokens: ['', given.slice(-1)] };
}
