import { expect } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { isTrainerEvent } from '../../trainer/client';
import { isCommand } from '../../trainer/protocol/commands';
import { TrainerLoop, type LoopCommand } from '../../trainer/run/loop';
import type { InitialWeights, TrainerEvent, TriplesFile } from '../../trainer/protocol/protocol';

/** A run that takes seconds on a software adapter. */
export const BENCH_CONFIG = configForPreset('search-r2', {
  size: 'tiny',
  prompts: 2,
  groupSize: 2,
  poolSize: 2,
  redrawEvery: 2,
  warmStartBatches: 3,
  warmStartBatchSize: 4,
  evalEvery: 0,
  evalQuestions: 8,
  // Barely trained weights answer nothing, so that there is no advantage; this moves them all the same.
  entropyBonus: 0.01,
});

export type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** A loop with a record of its events, each passed through what a worker's message goes through. */
export class TrainerBench {
  readonly events: TrainerEvent[] = [];
  readonly loop: TrainerLoop;
  private waiting: (() => void)[] = [];
  private nextRun = 1;

  /** @param fetchBytes files that ship with the page; none by default, so that a run begins with its own warm start */
  constructor(
    open: () => Promise<Gpu>,
    fetchBytes: (path: string) => Promise<ArrayBuffer | null> = () => Promise.resolve(null),
  ) {
    this.loop = new TrainerLoop(
      (event, transfer) => {
        expect(isTrainerEvent(event)).toBe(true);
        this.events.push(structuredClone(event, { transfer }));
        const waiting = this.waiting;
        this.waiting = [];
        for (const wake of waiting) wake();
      },
      open,
      fetchBytes,
    );
  }

  /** A bench whose run of BENCH_CONFIG has made its first evaluation and waits. */
  static async atRest(gpu: Gpu): Promise<TrainerBench> {
    const bench = new TrainerBench(() => Promise.resolve(gpu));
    bench.start();
    await bench.next('evaluation');
    await bench.next('state', paused);
    return bench;
  }

  send(command: LoopCommand): void {
    expect(isCommand(command)).toBe(true);
    this.loop.handle(command);
  }

  start(
    config: RunConfig = BENCH_CONFIG,
    initial: InitialWeights = { kind: 'warmStart' },
    triples: TriplesFile | null = null,
  ): number {
    const runId = this.nextRun++;
    this.send({ type: 'start', runId, config, initial, baseUrl: 'http://localhost/', triples });
    return runId;
  }

  /** The first event of a type from here on for which `holds`. */
  async next<T extends TrainerEvent['type']>(type: T, holds: (event: EventOf<T>) => boolean = () => true) {
    for (let at = this.events.length; ; at++) {
      while (at >= this.events.length) await new Promise<void>((wake) => this.waiting.push(wake));
      const event = this.events[at];
      if (event !== undefined && isOfType(event, type) && holds(event)) return event;
    }
  }

  all<T extends TrainerEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event) => isOfType(event, type));
  }

  async checkpoint(): Promise<EventOf<'checkpoint'>> {
    const answer = this.next('checkpoint');
    this.send({ type: 'checkpoint' });
    return answer;
  }

  async stepTo(update: number): Promise<void> {
    const done = this.next('state', (event) => event.state === 'paused' && event.update === update);
    this.send({ type: 'step' });
    await done;
  }
}

function isOfType<T extends TrainerEvent['type']>(event: TrainerEvent, type: T): event is EventOf<T> {
  return event.type === type;
}

export const paused = (event: EventOf<'state'>) => event.state === 'paused';

/** What must be equal in two runs. */
export function withoutTime(event: EventOf<'metrics'> | undefined): object {
  return { update: event?.update, metrics: event?.metrics };
}

export { draftOf, rowOf } from './draft-row';
