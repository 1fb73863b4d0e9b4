/** A one-line progress bar on stderr; without a terminal, a line now and then. */
export class Progress {
  private readonly start = Date.now();
  private lastLine = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly from = 0,
  ) {}

  show(done: number, note: string): void {
    const share = this.total === 0 ? 1 : done / this.total;
    const elapsed = (Date.now() - this.start) / 1000;
    const left = done > this.from ? (elapsed / (done - this.from)) * (this.total - done) : NaN;
    const text = `${this.label} ${done}/${this.total} ${bar(share)} ${note}${Number.isFinite(left) ? `  ${clock(left)} left` : ''}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${text}\u001b[K${done >= this.total ? '\n' : ''}`);
    } else if (done >= this.total || Date.now() - this.lastLine > 10_000) {
      this.lastLine = Date.now();
      process.stderr.write(`${text}\n`);
    }
  }
}

function bar(share: number): string {
  const full = Math.round(share * 20);
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}]`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
