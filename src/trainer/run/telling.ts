import type { Metrics } from '../../rl/learning/metrics';
import type { UpdateReport } from '../../rl/learning/learner';
import type { RunEvents } from '../state/run-events';

/** Posts the numbers of updates in order, when the GPU has them; meanwhile the next update is under way. */
export class Telling {
  private told: Promise<void> = Promise.resolve();
  private toldAt = -Infinity;
  /** Numbers of updates from before a reset are dropped. */
  private resets = 0;

  /** @param onTold called with each update's numbers once they were posted */
  constructor(
    private readonly events: RunEvents,
    private readonly onTold: (update: number, metrics: Metrics) => void,
    private readonly fault: (error: unknown) => void,
  ) {}

  /** Resolves when everything was told. Never rejects. */
  get settled(): Promise<void> {
    return this.told;
  }

  forget(): void {
    this.resets += 1;
    this.events.forget();
  }

  /** @param start of the update, on the clock of `performance.now()` */
  tell(report: UpdateReport, positions: number, start: number): void {
    const earlier = this.told;
    const thrownAway = this.resets;
    const tell = async (): Promise<void> => {
      const metrics = await report.metrics;
      await earlier;
      // From here to here the GPU was busy with this update, whatever was recorded behind it.
      const ms = performance.now() - Math.max(start, this.toldAt);
      this.toldAt = performance.now();
      if (thrownAway !== this.resets) return;
      this.events.update({ ...report, metrics }, positions, ms);
      this.onTold(report.update, metrics);
    };
    this.told = tell().catch(this.fault);
  }
}
