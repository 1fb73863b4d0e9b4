import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeConfig } from '../../config/url-codec';
import { openGpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { UserError } from '../../lib/assert';
import { TrainerLoop, type LoopCommand } from '../../trainer/run/loop';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { PUBLIC_FOLDER } from '../../node/families';
import { openNodeGpu } from '../../node/node-gpu';

type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** The adapter, and the trajectories of the last update that were told. */
interface Trained {
  adapter: EventOf<'adapter'>['adapter'] | null;
  batch: EventOf<'trajectories'>['batch'] | null;
}

function readPublic(path: string): Promise<ArrayBuffer | null> {
  const file = join(PUBLIC_FOLDER, path);
  return Promise.resolve(existsSync(file) ? new Uint8Array(readFileSync(file)).buffer : null);
}

/** The page's engine behind the page's door, in Node: for what must be the same there and in a browser. */
export class PageRun {
  private readonly loop: TrainerLoop;
  private listeners: ((event: TrainerEvent) => void)[] = [];

  constructor(private readonly link: string) {
    this.loop = new TrainerLoop(
      (event) => this.listeners.forEach((listen) => listen(event)),
      async () => openGpu(await openNodeGpu(), wgslIncludes),
      readPublic,
    );
  }

  /** Hears everything that the engine says from now on. */
  listen(listener: (event: TrainerEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Sends a command and waits for an event of a type. @throws UserError where the engine fails or refuses */
  ask<T extends TrainerEvent['type']>(
    command: LoopCommand,
    type: T,
    holds: (event: EventOf<T>) => boolean = () => true,
  ) {
    return new Promise<EventOf<T>>((resolve, reject) => {
      const listen = (event: TrainerEvent): void => {
        if (isOfType(event, type) && holds(event)) resolve(event);
        else if (event.type === 'refused' || (event.type === 'error' && event.fatal))
          reject(new UserError(event.message, event.hint));
        else return;
        this.listeners = this.listeners.filter((other) => other !== listen);
      };
      this.listeners.push(listen);
      this.loop.handle(command);
    });
  }

  /** Starts the run and makes so many updates. @returns the adapter, and the trajectories of the last update, if there was one */
  async train(updates: number): Promise<Trained> {
    const { config, notes } = decodeConfig(this.link);
    if (notes.length > 0) throw new UserError(notes.join(' '));
    const known: Trained = { adapter: null, batch: null };
    this.listen((event) => {
      if (event.type === 'adapter') known.adapter = event.adapter;
      if (event.type === 'trajectories') known.batch = event.batch;
    });
    const rests = ({ state }: EventOf<'state'>): boolean => state === 'paused';
    await this.ask({ type: 'start', runId: 1, config, initial: { kind: 'shipped' }, baseUrl: '' }, 'state', rests);
    for (let update = 1; update <= updates; update++) {
      await this.ask({ type: 'step' }, 'state', (event) => rests(event) && event.update === update);
    }
    return known;
  }
}

function isOfType<T extends TrainerEvent['type']>(event: TrainerEvent, type: T): event is EventOf<T> {
  return event.type === type;
}
