import type { Gpu } from '../../gpu/device';
import type { Command, TrainerEvent } from '../protocol/protocol';
import { Run } from './run';
import { explain } from '../state/run-events';
import { vetWeights } from './vet-weights';

/** All but what needs no engine. */
export type LoopCommand = Exclude<Command, { type: 'examine' }>;

/**
 * The engine behind the worker's door, without any DOM: takes commands, posts events. One run at a time; the next starts
 * once the buffers of the one before are gone, and the device outlives them both.
 */
export class TrainerLoop {
  private run: Run | null = null;
  private device: Promise<Gpu> | null = null;

  /**
   * @param post gets every event of the current run, with the buffers to transfer
   * @param openDevice opens a device; called again after a loss
   * @param fetchBytes a file that ships with the page, null where there is none
   */
  constructor(
    private readonly post: (event: TrainerEvent, transfer: Transferable[]) => void,
    private readonly openDevice: () => Promise<Gpu>,
    private readonly fetchBytes: (path: string) => Promise<ArrayBuffer | null>,
  ) {}

  handle(command: LoopCommand): void {
    if (command.type === 'readTriples') {
      void this.readTriples(command);
      return;
    }
    if (command.type === 'vet') {
      void this.vet(command);
      return;
    }
    if (command.type !== 'start') {
      this.run?.handle(command);
      return;
    }
    this.run?.stop();
    const host = { post: this.post, device: () => this.open(), fetchBytes: this.fetchBytes };
    this.run = new Run(command, host, this.run?.ended ?? Promise.resolve());
  }

  private async readTriples({ id, triples, part }: Extract<Command, { type: 'readTriples' }>): Promise<void> {
    const { readTriplesFile } = await import('./read-triples');
    this.post({ type: 'triplesRead', id, reading: readTriplesFile(triples, part) }, []);
  }

  private async vet(command: Extract<Command, { type: 'vet' }>): Promise<void> {
    const fine = { message: null, hint: '' };
    const answer = await vetWeights(command, this.fetchBytes).then(() => fine, explain);
    this.post({ type: 'vetted', id: command.id, ...answer }, []);
  }

  private open(): Promise<Gpu> {
    if (this.device !== null) return this.device;
    const opened = this.openDevice();
    const forget = (): void => {
      if (this.device === opened) this.device = null;
    };
    void opened.then((gpu) => gpu.lost.then(forget), forget);
    this.device = opened;
    return opened;
  }
}
