/**
 * Rollouts as a log of Inspect (`.eval`): an archive with a sample for each, its transcript with the cuts as branches, and the
 * header that its viewer and its package read. Rows of one group are the epochs of one sample.
 */
import { Zip, ZipDeflate } from 'fflate';
import { fnv1a64Hex } from '../lib/hash';
import { mean } from '../lib/stats';
import type { JsonObject } from './text/json';
import { KEPT_LINE, keptLine } from './reading/kept-line';
import type { Rollout } from './reading/record';
import { known } from './reading/writer';
import { inspectEvents, outputOf } from './inspect-events';
import { inspectPaths, messagesAlong } from './inspect-paths';
import { plainMessages } from './writers/chat';

/** Of the log's schema, as inspect_ai 0.3.285 writes it. */
const LOG_VERSION = 2;
/** Longest text of a summary, as Inspect cuts them. */
const MOST_SUMMARY = 1024;
/** Bytes that are handed on at once. */
const CHUNK = 1 << 18;

export interface InspectRow {
  /** As it is kept. */
  line: string;
  rollout: Rollout;
}

/** @param name of the run or the file; @param now milliseconds: when it is written, the one time there is */
export async function* inspectLog(
  name: string,
  rows: Iterable<InspectRow> | AsyncIterable<InspectRow>,
  now: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const log = new LogWriter(name, now);
  const archive = new Archive();
  for await (const row of rows) {
    const { id, epoch, sample } = log.add(row);
    archive.file(`samples/${id}_epoch_${epoch}.json`, sample);
    if (archive.size < CHUNK) continue;
    yield archive.take();
    // The page goes on drawing in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  archive.file('summaries.json', log.summaries);
  archive.file('header.json', log.header());
  archive.end();
  yield archive.take();
}

class Archive {
  /** Bytes that were made and not taken. */
  size = 0;
  private pieces: Uint8Array[] = [];
  private readonly zip = new Zip((error, data) => {
    if (error) throw error;
    this.pieces.push(data);
    this.size += data.length;
  });

  file(name: string, content: unknown): void {
    const member = new ZipDeflate(name, { level: 6 });
    this.zip.add(member);
    member.push(new TextEncoder().encode(JSON.stringify(content)), true);
  }

  end(): void {
    this.zip.end();
  }

  /** What was made since the last time. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.pieces = [];
    this.size = 0;
    return bytes;
  }
}

class LogWriter {
  readonly summaries: JsonObject[] = [];
  private readonly groups = new Map<string, { id: string; epochs: number }>();
  private readonly values = new Map<string, (number | null)[]>();
  private model = 'unknown';

  constructor(
    private readonly name: string,
    private readonly now: number,
  ) {}

  add({ line, rollout }: InspectRow): { id: string; epoch: number; sample: JsonObject } {
    const { question, golds, final, step, group, cut, reviewed, review, advantage, remarks = [] } = rollout;
    const model = final.judgedBy === 'world' ? 'cutpoint/actor' : 'unknown';
    this.model = model;
    const { id, epoch } = this.place(step, group);
    const paths = inspectPaths(line, rollout, model);
    const messages = messagesAlong(paths.prompt, paths.final.turns);
    const last = paths.final.turns.at(-1);
    const { em, reward, answer } = final;
    const scores = Object.entries({ exact_match: em, reward }).flatMap(([scorer, value]) => {
      const score = { value, ...known({ answer }), history: [] };
      this.scored(scorer).push(value);
      return value === null ? [] : [{ name: scorer, score, target: golds }];
    });
    const input = paths.prompt.length === 1 ? question : paths.prompt;
    const transcript = inspectEvents(paths, {
      sample: { id, input, target: golds },
      ...{ model, remarks, scores, start: this.now },
    });
    const told = known({ training_step: step, advantage, cut: reviewed ? cut : null, ended: final.endReason });
    const common = {
      ...{ id, epoch, input, target: golds },
      scores: Object.fromEntries(scores.map(({ name, score }) => [name, score])),
      uuid: fnv1a64Hex(new TextEncoder().encode(`${this.name} ${id} ${epoch}`)),
    };
    this.summaries.push({
      ...common,
      ...(typeof input === 'string' ? { input: input.slice(0, MOST_SUMMARY) } : {}),
      ...{ metadata: told, completed: true, message_count: messages.length },
    });
    const sample = {
      ...common,
      messages,
      output: last === undefined ? { model, choices: [], completion: '' } : outputOf(last, model),
      metadata: {
        ...{ ...told, ...known({ group, review }) },
        ...(remarks.length > 0 ? { labels: remarks } : {}),
        [KEPT_LINE]: keptLine(line, plainMessages(messages)),
      },
      ...{ store: {}, events: transcript.events, model_usage: {}, attachments: {} },
      ...known({ timelines: transcript.timelines }),
      events_data: { messages: transcript.pool, calls: [] },
    };
    return { id, epoch, sample };
  }

  private scored(scorer: string): (number | null)[] {
    const values = this.values.get(scorer) ?? [];
    this.values.set(scorer, values);
    return values;
  }

  /** Rows of one group are epochs of one sample. */
  private place(step: number | null, group: string): { id: string; epoch: number } {
    const key = `${step ?? ''}\n${group}`;
    const found = this.groups.get(key) ?? { id: `q${this.groups.size + 1}`, epochs: 0 };
    found.epochs += 1;
    this.groups.set(key, found);
    return { id: step === null ? found.id : `u${step}-${found.id}`, epoch: found.epochs };
  }

  header(): JsonObject {
    const created = new Date(this.now).toISOString();
    const id = fnv1a64Hex(new TextEncoder().encode(`${this.name} ${created}`));
    const ids = [...new Set(this.summaries.map(({ id: sample }) => sample))];
    const epochs = [...this.groups.values()].reduce((most, group) => Math.max(most, group.epochs), 1);
    const total = this.summaries.length;
    return {
      version: LOG_VERSION,
      status: 'success',
      eval: {
        ...{ eval_id: id, run_id: id, created, task: this.name, task_id: id, task_version: 0 },
        dataset: { name: this.name, samples: ids.length, sample_ids: ids, shuffled: false },
        ...{ model: this.model, config: { epochs }, packages: {} },
        metadata: {
          program: 'Cutpoint',
          times: 'No clock was kept: each event takes one second from the moment at which the log was written.',
        },
      },
      plan: { name: 'plan', steps: [], config: {} },
      results: { total_samples: total, completed_samples: total, scores: this.results() },
      stats: { started_at: created, completed_at: created, model_usage: {} },
    };
  }

  private results(): JsonObject[] {
    return [...this.values].flatMap(([name, values]) => {
      const scored = values.filter((value) => value !== null);
      if (scored.length === 0) return [];
      const metrics = { mean: { name: 'mean', value: mean(scored), params: {} } };
      const counts = { scored_samples: scored.length, unscored_samples: values.length - scored.length };
      return [{ name, scorer: name, ...counts, params: {}, metrics }];
    });
  }
}
