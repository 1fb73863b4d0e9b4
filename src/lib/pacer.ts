/** Does a piece of work at most once in so long: at once where the last time is long enough ago, else when it is. */
export class Pacer {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private doneAt = -Infinity;

  /** @param intervalMs between two times, milliseconds */
  constructor(
    private readonly work: () => void,
    private readonly intervalMs: number,
  ) {}

  request(): void {
    if (this.timer !== null) return;
    const wait = this.doneAt + this.intervalMs - performance.now();
    if (wait <= 0) this.now();
    else this.timer = setTimeout(() => this.now(), wait);
  }

  /** Whenever the last time was. What was requested is done by that. */
  now(): void {
    this.cancel();
    this.doneAt = performance.now();
    this.work();
  }

  /** What was requested and still waits is not done. */
  cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
