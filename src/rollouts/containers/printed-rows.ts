/**
 * What Search-R1 prints of its rollouts, among all else that a training prints: "Golden answers: ..", "Extracted answer: ..",
 * "Solution string: ..". Ray sets the process before each line. The step of a rollout is that of the next line of metrics.
 */
import type { JsonObject } from '../text/json';
import type { TakeRow } from './table-rows';

/** "(main_task pid=4711) ", in colours or without. */
// eslint-disable-next-line no-control-regex
const PROCESS = /^(?:\u001b\[[\d;]*m)*(?:\(([^()\n]{1,80}pid=\d+[^()\n]{0,80})\))?(?:\u001b\[[\d;]*m)* ?/;
const RULE = /^-{10,}$/;
const METRICS = /^(?:step:\d+ - |epoch \d+, step \d+)/;
const STEP = /^step:(\d+) - /;
const GOLDS = 'Golden answers: ';
const SOLUTION = 'Solution string: ';

interface Printer {
  golds: string | null;
  lines: string[] | null;
}

export class PrintedRows {
  count = 0;
  private rest = '';
  private readonly printers = new Map<string, Printer>();
  /** Those whose step has not been told. */
  private waiting: JsonObject[] = [];

  constructor(private readonly take: TakeRow) {}

  push(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line.replace(/\r$/, ''));
  }

  end(): boolean {
    if (this.rest !== '') this.line(this.rest);
    for (const printer of this.printers.values()) this.finish(printer);
    this.flush(null);
    return false;
  }

  private line(whole: string): void {
    const [before, name = ''] = PROCESS.exec(whole) ?? [''];
    const said = whole.slice(before.length);
    const printer = this.printers.get(name) ?? { golds: null, lines: null };
    this.printers.set(name, printer);
    if (RULE.test(said) || METRICS.test(said)) {
      this.finish(printer);
      const step = STEP.exec(said)?.[1];
      if (step !== undefined) this.flush(Number(step));
    } else if (said.startsWith(GOLDS)) {
      this.finish(printer);
      printer.golds = said.slice(GOLDS.length);
    } else if (said.startsWith(SOLUTION)) printer.lines = [said.slice(SOLUTION.length)];
    else printer.lines?.push(said);
  }

  private finish(printer: Printer): void {
    const { golds, lines } = printer;
    if (lines === null) return;
    const text = lines.join('\n');
    // Without a chat's marks the model goes on behind the question.
    const plain = text.includes('<|') ? null : /^([\s\S]*?Question:[^\n]*\n)([\s\S]*)$/.exec(text);
    const said = plain === null ? { text } : { prompt: plain[1], completion: plain[2] };
    this.waiting.push({ ...said, ...(golds === null ? {} : { ground_truth: golds }) });
    printer.lines = printer.golds = null;
  }

  private flush(step: number | null): void {
    for (const row of this.waiting) {
      this.count += 1;
      this.take(step === null ? row : { ...row, step }, this.count);
    }
    this.waiting = [];
  }
}
