/**
 * The transcript of a rollout as Inspect's events. The draft is the trunk; what was cut from it, by the refiner or by hand, is
 * a span of type "branch" that begins with the anchor of the last message it kept. Such spans lie side by side in the agent's
 * span, as Inspect's own timeline_build takes branches from there alone; a branch of a branch is told by `timelines`.
 */
import type { JsonObject } from './text/json';
import type { Remark } from './reading/remarks';
import { known } from './reading/writer';
import type { InspectMessage, InspectPath, InspectPaths, InspectTurn } from './inspect-paths';

export interface InspectTranscript {
  events: readonly JsonObject[];
  /** Messages by place, which events name as ranges. */
  pool: readonly InspectMessage[];
  /** Where a branch leaves another branch; null where the events say it all. */
  timelines: readonly JsonObject[] | null;
}

interface Score {
  name: string;
  score: JsonObject;
  target: unknown;
}

const SPANS = { init: 'init', solvers: 'solvers', agent: 'agent', scorers: 'scorers' };

/** @param start milliseconds: no clock was kept, so that each event takes a second */
export function inspectEvents(
  { prompt, paths }: InspectPaths,
  about: { sample: JsonObject; model: string; remarks: readonly Remark[]; scores: readonly Score[]; start: number },
): InspectTranscript {
  const writer = new Transcript(prompt, about.model, about.start, anchorsOf(paths, prompt));
  writer.begin(SPANS.init, 'init', null, 'init');
  writer.add({ event: 'sample_init', sample: about.sample, state: { messages: prompt } });
  writer.end();
  writer.begin(SPANS.solvers, 'solvers', null, 'solvers');
  writer.begin(SPANS.agent, 'agent', SPANS.solvers, 'cutpoint');
  writer.anchor(prompt.at(-1)?.id);
  for (const path of paths) {
    const isTrunk = path === paths[0];
    if (!isTrunk) {
      writer.begin(path.id, 'branch', SPANS.agent, path.name, path.about);
      writer.add({ event: 'branch', from_anchor: lastKept(path, prompt) });
    }
    path.turns.forEach((turn, k) => {
      if (k < path.shared) return;
      writer.step(path, k);
      for (const remark of about.remarks) {
        if (remark.step === turn.turn.number && sideIds(paths, remark.side).includes(path.id)) writer.info(remark);
      }
    });
    if (!isTrunk) writer.end();
  }
  writer.end();
  writer.end();
  for (const remark of about.remarks) if (remark.step === null) writer.info(remark);
  writer.begin(SPANS.scorers, 'scorers', null, 'scorers');
  for (const { name, score, target } of about.scores) {
    writer.add({ event: 'score', score, target, intermediate: false, scorer: name });
  }
  writer.end();
  const isDeep = paths.some(({ parent }) => parent !== null && parent !== paths[0]);
  return { events: writer.events, pool: writer.pool, timelines: isDeep ? [timelineOf(paths, prompt, writer)] : null };
}

/** Whose own steps a remark about a side can be about: the final side begins with steps of the draft. */
function sideIds(paths: readonly InspectPath[], side: Remark['side']): string[] {
  const refined = paths.find(({ id }) => id === 'refiner');
  return side === 'draft' || refined === undefined ? ['draft'] : ['refiner', 'draft'];
}

function lastKept({ shared, turns, parent }: InspectPath, prompt: readonly InspectMessage[]): string {
  if (parent === null) return '';
  const kept = turns[shared - 1];
  return (kept?.found ?? kept?.said ?? prompt.at(-1))?.id ?? '';
}

function anchorsOf(paths: readonly InspectPath[], prompt: readonly InspectMessage[]): ReadonlySet<string> {
  return new Set(paths.slice(1).map((path) => lastKept(path, prompt)));
}

class Transcript {
  readonly events: JsonObject[] = [];
  readonly pool: InspectMessage[];
  /** Of the events within each span, by the span's id. */
  readonly within = new Map<string, string[]>();
  private readonly open: string[] = [];
  private readonly places = new Map<string, number>();

  constructor(
    private readonly prompt: readonly InspectMessage[],
    private readonly model: string,
    private readonly start: number,
    private readonly anchors: ReadonlySet<string>,
  ) {
    this.pool = [...prompt];
    prompt.forEach(({ id }, k) => this.places.set(id, k));
  }

  add(event: JsonObject, span = this.open.at(-1) ?? null): void {
    const number = this.events.length;
    const uuid = `event-${number + 1}`;
    const timestamp = new Date(this.start + 1000 * number).toISOString();
    this.events.push({ uuid, ...known({ span_id: span }), timestamp, working_start: number, ...event });
    if (span === null) return;
    const inSpan = this.within.get(span) ?? [];
    this.within.set(span, inSpan);
    inSpan.push(uuid);
  }

  begin(id: string, type: string, parent: string | null, name: string, metadata: JsonObject = {}): void {
    this.open.push(id);
    const about = Object.keys(metadata).length > 0 ? { metadata } : {};
    this.add({ event: 'span_begin', id, ...known({ parent_id: parent }), type, name, ...about });
  }

  end(): void {
    const id = this.open.at(-1);
    this.add({ event: 'span_end', id });
    this.open.pop();
  }

  anchor(id: string | undefined): void {
    if (id !== undefined && this.anchors.has(id)) this.add({ event: 'anchor', anchor_id: id });
  }

  info({ side, step, labels, note }: Remark): void {
    this.add({ event: 'info', source: 'Cutpoint', data: { side, step, labels, note } });
  }

  /** What the model said at one place of a path, and what its call brought. */
  step({ turns }: InspectPath, at: number): void {
    const turn = turns[at];
    if (turn === undefined) return;
    const { said, found } = turn;
    const refs = this.ranges(turns.slice(0, at));
    this.put(said);
    this.add({
      ...{ event: 'model', model: this.model, input: [], input_refs: refs, tools: [], tool_choice: 'auto', config: {} },
      output: outputOf(turn, this.model),
    });
    this.anchor(said.id);
    if (found === null) return;
    this.put(found);
    const { query, results } = turn.turn;
    this.add({
      ...{ event: 'tool', type: 'function', id: found['tool_call_id'], function: 'search', arguments: { query } },
      ...{ result: results, events: [], message_id: found.id, metadata: found['metadata'] },
    });
    this.anchor(found.id);
  }

  private put(message: InspectMessage): void {
    this.places.set(message.id, this.pool.length);
    this.pool.push(message);
  }

  /** [from, to) of the pool, of the prompt and these turns in order. */
  private ranges(turns: readonly InspectTurn[]): [number, number][] {
    const ids = [...this.prompt, ...turns.flatMap(({ said, found }) => (found === null ? [said] : [said, found]))];
    const ranges: [number, number][] = [];
    for (const { id } of ids) {
      const place = this.places.get(id) ?? 0;
      const last = ranges.at(-1);
      if (last?.[1] === place) last[1] = place + 1;
      else ranges.push([place, place + 1]);
    }
    return ranges;
  }
}

export function outputOf({ said, turn }: InspectTurn, model: string): JsonObject {
  const { tokens, query, content, step } = turn;
  const logprobs = tokens.map(({ text, logProb }) => ({ token: text, logprob: logProb }));
  const choice = {
    message: said,
    stop_reason: query !== null ? 'tool_calls' : step.kind === 'answer' ? 'stop' : 'unknown',
    ...(tokens.length === 0 ? {} : { logprobs: { content: logprobs } }),
  };
  const usage = { input_tokens: step.start, output_tokens: tokens.length, total_tokens: step.start + tokens.length };
  return { model, choices: [choice], completion: content, ...(tokens.length === 0 ? {} : { usage }) };
}

/** The tree of branches, which the flat list of events cannot tell. */
function timelineOf(
  paths: readonly InspectPath[],
  prompt: readonly InspectMessage[],
  { within }: Transcript,
): JsonObject {
  const span = (path: InspectPath): JsonObject => {
    const isTrunk = path === paths[0];
    const events = within.get(isTrunk ? SPANS.agent : path.id) ?? [];
    const branches = paths
      .filter(({ parent }) => parent === path || (isTrunk && parent === null))
      .filter((one) => one !== path);
    return {
      ...{ type: 'span', id: path.id, name: isTrunk ? 'main' : path.name },
      span_type: isTrunk ? 'agent' : 'branch',
      content: events.map((event) => ({ type: 'event', event })),
      branches: branches.map(span),
      ...(isTrunk ? {} : { branched_from: lastKept(path, prompt) }),
    };
  };
  const [trunk] = paths;
  return { name: 'Cuts', description: 'The draft, and what was cut from it', root: trunk ? span(trunk) : null };
}
