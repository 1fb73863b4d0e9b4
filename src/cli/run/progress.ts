/** A one-line progress bar on stderr; without a terminal, a line now and then. */
export class Progress {
  private readonly start = Date.now();
  private lastLine = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
  ) {}

  /** `left` is the time left in words; by default it follows from the pace since the start. */
  show(done: number, note: string, left = this.byPace(done)): void {
    const share = this.total === 0 ? 1 : done / this.total;
    const text = `${this.label} ${done}/${this.total} ${bar(share)} ${note}${left === '' ? '' : `  ${left} left`}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${text}\u001b[K${done >= this.total ? '\n' : ''}`);
    } else if (done >= this.total || Date.now() - this.lastLine > 10_000) {
      this.lastLine = Date.now();
      process.stderr.write(`${text}\n`);
    }
  }

  private byPace(done: number): string {
    const elapsed = (Date.now() - this.start) / 1000;
    return done === 0 ? '' : clock((elapsed / done) * (this.total - done));
  }
}

function bar(share: number): string {
  const full = Math.round(share * 20);
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}]`;
}

/** Seconds in words: 45 s, 12 min, 3 h 5 min. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 90) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
