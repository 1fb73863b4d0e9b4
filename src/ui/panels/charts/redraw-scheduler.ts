/**
 * Redraws one chart per tick, and each chart at most four times a second: six recharts of 200 points cost up to 80 ms on a
 * slow machine, which must not come in one piece.
 */
const TICK_MS = 32;
const MIN_INTERVAL_MS = 250;
/** A chart out of sight may be read all the same (by its table, a screen reader, a printer): late, but never for good. */
export const HIDDEN_INTERVAL_MS = 10_000;

export class RedrawScheduler {
  private readonly waiting = new Map<() => void, number>();
  private readonly lastDrawn = new WeakMap<() => void, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wakesAt = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param intervalMs from the last time it was drawn */
  request(redraw: () => void, intervalMs = MIN_INTERVAL_MS): void {
    // Who waits already keeps its place.
    this.waiting.set(redraw, (this.lastDrawn.get(redraw) ?? -Infinity) + intervalMs);
    this.wait();
  }

  cancel(redraw: () => void): void {
    this.waiting.delete(redraw);
  }

  /** Until the first of them is due: the page is not woken for nothing. */
  private wait(): void {
    if (this.waiting.size === 0) return;
    const now = this.now();
    const wakesAt = Math.max(now + TICK_MS, Math.min(...this.waiting.values()));
    if (this.timer !== null) {
      if (wakesAt >= this.wakesAt) return;
      clearTimeout(this.timer);
    }
    this.wakesAt = wakesAt;
    this.timer = setTimeout(() => this.tick(), wakesAt - now);
  }

  private tick(): void {
    this.timer = null;
    const now = this.now();
    // A Map keeps the order of insertion: who waits longest comes first.
    for (const [redraw, due] of this.waiting) {
      if (due > now) continue;
      this.waiting.delete(redraw);
      this.lastDrawn.set(redraw, now);
      redraw();
      break;
    }
    this.wait();
  }
}
