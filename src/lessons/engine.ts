/**
 * What a lesson asks of the engine, through the same door as the page. In the page the engine is another worker than that of the
 * reader's run; the command line has it in the same process, and writes down what it answers (`npm run lessons`).
 */
import type { RunConfig } from '../config/schema';
import { UserError } from '../lib/assert';
import type { StoredBatch } from '../recordings/stored-batch';
import { keepRows, storeBatch } from '../recordings/stored-batch';
import type { TrainerClient } from '../trainer/client';
import type {
  Command,
  CutBranch,
  CutSweep,
  DraftRow,
  EvaluationResult,
  InitialWeights,
  Inspection,
  TrainedPart,
  TrainerEvent,
  UpdateMetrics,
  WorldDescription,
} from '../trainer/protocol/protocol';

type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** Is told how far the work has come. */
export type Tell = (done: number, of: number) => void;

export interface Update {
  update: number;
  metrics: UpdateMetrics;
  /** null where the run plays so fast that not every batch is told. */
  stored: StoredBatch | null;
}

/** One run after the other on an engine of its own. Every method rejects where the engine fails or refuses. */
export class LessonEngine {
  private runs = 0;
  private asked = 0;
  private config: RunConfig | null = null;
  private failure: UserError | null = null;

  constructor(
    private readonly client: TrainerClient,
    private readonly baseUrl: string,
  ) {
    // What ends the run may come while nothing is awaited.
    client.subscribe((event) => {
      if (event.type === 'error' && event.fatal) this.failure = new UserError(event.message, event.hint);
    });
  }

  /** Resolves when the run rests at its first weights. */
  async start(config: RunConfig, initial: InitialWeights = { kind: 'shipped' }): Promise<WorldDescription> {
    const runId = ++this.runs;
    this.config = config;
    this.failure = null;
    const world = this.hear('world', () => true);
    const rest = this.hear('state', ({ state }) => state === 'paused');
    this.client.send({ type: 'start', runId, config, initial, baseUrl: this.baseUrl });
    const [heard] = await Promise.all([world, rest]);
    return heard.world;
  }

  /** One update, of both losses or of one. */
  async step(train: TrainedPart = 'both'): Promise<Update & { stored: StoredBatch }> {
    const metrics = this.hear('metrics', () => true);
    const told = this.hear('trajectories', () => true);
    const rest = this.hear('state', ({ state, phase }) => state === 'paused' && phase !== 'rollout');
    this.client.send({ type: 'step', train });
    const [numbers, { batch }] = await Promise.all([metrics, told, rest]);
    return { update: numbers.update, metrics: numbers.metrics, stored: storeBatch(batch, this.refines()) };
  }

  /** Plays up to and with this update. @param each is told of every update */
  async play(until: number, each: (update: Update) => void = () => undefined): Promise<void> {
    const stop = this.client.subscribe((event) => {
      if (event.type === 'metrics') each({ update: event.update, metrics: event.metrics, stored: null });
    });
    const rest = this.hear('state', ({ state, update }) => state === 'paused' && update >= until);
    this.client.send({ type: 'play', until });
    await rest.finally(stop);
  }

  /** Other settings from the next update on: the run goes on with its weights. */
  async configure(config: RunConfig): Promise<void> {
    const applied = this.hear('configured', () => true);
    this.client.send({ type: 'configure', config });
    await applied;
    this.config = config;
  }

  /** The newest evaluation of the run, waited for where there is none yet. */
  async evaluation(): Promise<EvaluationResult> {
    return (await this.hear('evaluation', () => true)).result;
  }

  /** @returns ends it */
  watchEvaluations(each: (result: EvaluationResult) => void): () => void {
    return this.client.subscribe((event) => {
      if (event.type === 'evaluation') each(event.result);
    });
  }

  /** Regenerates the draft in this place n times from each of its steps (protocol.ts, `sweep`). */
  async sweep(stored: StoredBatch, place: number, replicates: number): Promise<CutSweep> {
    const ask = {
      type: 'sweep',
      id: ++this.asked,
      draft: draftAt(stored, place),
      firstReplicate: 0,
      replicates,
    } as const;
    return (await this.answer(ask, 'swept')).sweep;
  }

  /** Regenerates it once, from one of its steps. */
  async cut(stored: StoredBatch, place: number, step: number, replicate: number): Promise<CutBranch> {
    const ask = { type: 'cut', id: ++this.asked, draft: draftAt(stored, place), step, replicate } as const;
    return (await this.answer(ask, 'branch')).branch;
  }

  /** Log-probabilities of a trajectory's tokens under the present weights and the base. */
  async inspect(tokens: Uint16Array): Promise<Inspection> {
    const ask = { type: 'inspect', id: ++this.asked, tokens } as const;
    return (await this.answer(ask, 'inspection')).inspection;
  }

  dispose(): void {
    this.client.dispose();
  }

  private refines(): boolean {
    return this.config?.refiner !== 'none';
  }

  private answer<T extends 'swept' | 'branch' | 'inspection'>(
    ask: Command & { id: number },
    type: T,
  ): Promise<EventOf<T>> {
    const heard = this.hear(type, (event) => 'id' in event && event.id === ask.id, ask.id);
    this.client.send(ask);
    return heard;
  }

  /** The next event of a type that passes; rejects with what the engine says went wrong. */
  private hear<T extends TrainerEvent['type']>(
    type: T,
    passes: (event: EventOf<T>) => boolean,
    id?: number,
  ): Promise<EventOf<T>> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) {
        reject(this.failure);
        return;
      }
      const isOf = (event: TrainerEvent): event is EventOf<T> => event.type === type;
      const stop = this.client.subscribe((event) => {
        if (isOf(event) && passes(event)) {
          stop();
          resolve(event);
        } else if (event.type === 'error' || (event.type === 'refused' && event.id === id)) {
          stop();
          reject(new UserError(event.message, event.hint));
        }
      });
    });
  }
}

/** One of its rows, as the engine takes a draft to regenerate. */
export function draftAt(stored: StoredBatch, place: number): DraftRow {
  const { rows, batch } = keepRows(stored, [place]);
  const { tokens, logProbs, entropies, stepStarts, stepCounts, passages } = batch.draft;
  const asked = { update: batch.update, row: rows[0] ?? 0 };
  return { ...asked, tokens, logProbs, entropies, stepStarts, steps: stepCounts[0] ?? 0, passages };
}
