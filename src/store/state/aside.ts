/** What waits behind the screen while a recording is on it: the live run as it was left, and what the engine said since. */
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { BatchArchive } from '../../recordings/capsule/archive';
import { MetricHistory } from '../../recordings/metric-history';
import { PinBoard } from '../../recordings/pin-board';

/** Events that say nothing about what is on screen: these are heard at once. */
const ENGINE_EVENTS: ReadonlySet<TrainerEvent['type']> = new Set([
  'adapter',
  'state',
  'warmStart',
  'error',
  'triplesRead',
]);

/** @typeParam P what of the state belongs to the run on screen */
export class Aside<P extends { update: number }> {
  readonly history = new MetricHistory();
  readonly batches = new BatchArchive();
  readonly pins = new PinBoard();
  picture: P | null = null;
  /** In the order of arrival. */
  private waiting: TrainerEvent[] = [];

  /** Takes an event that is not for the recording on screen. @returns whether it did */
  keep(event: TrainerEvent): boolean {
    if (this.picture === null) return false;
    // The update of the live run is told by its state alone.
    if (event.type === 'state') this.picture = { ...this.picture, update: event.update };
    if (ENGINE_EVENTS.has(event.type)) return false;
    this.waiting.push(event);
    return true;
  }

  /** Puts the live run's picture away, while another is on screen. */
  park(picture: P): void {
    this.picture = picture;
  }

  takeWaiting(): TrainerEvent[] {
    const { waiting } = this;
    this.waiting = [];
    return waiting;
  }

  clear(): void {
    this.history.clear();
    this.batches.clear();
    this.pins.clear();
    this.picture = null;
    this.waiting = [];
  }
}
