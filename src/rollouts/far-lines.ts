/** Lines that a worker keeps, on disk: those that were looked at last are at hand. */
import { UserError } from '../lib/assert';
import type { Lines, Span } from './file/lines';
import type { Answer, ReaderMessage, ToReader } from './worker';

/** Characters that are kept at hand. */
const MOST_HELD = 1 << 23;

type Settle = (answer: Answer) => void;

export class FarLines implements Lines {
  /** Which table the rows that are looked for are those of: a folder that is followed has many. */
  table = 0;
  private readonly held = new Map<number, string>();
  private size = 0;
  private readonly waiting = new Map<number, Settle>();
  private next = 0;

  constructor(private readonly worker: Worker) {
    worker.addEventListener('message', ({ data }: MessageEvent<ReaderMessage>) => {
      if (!('id' in data)) return;
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    });
  }

  at({ offset }: Span): string | null {
    return this.held.get(offset) ?? null;
  }

  async fetch(spans: readonly Span[]): Promise<void> {
    const missing = spans.filter(({ offset }) => !this.held.has(offset));
    if (missing.length === 0) return;
    const answer = await this.ask((id) => ({ type: 'fetch', id, spans: missing }));
    if (answer.type !== 'lines') return;
    // What was fetched last always stays.
    for (const [offset, line] of this.held) {
      if (this.size <= MOST_HELD) break;
      this.held.delete(offset);
      this.size -= line.length;
    }
    missing.forEach(({ offset }, k) => {
      const line = answer.lines[k] ?? '';
      this.held.set(offset, line);
      this.size += line.length;
    });
  }

  async find(words: string): Promise<Uint8Array> {
    const answer = await this.ask((id) => ({ type: 'find', id, words, table: this.table }));
    return answer.type === 'hits' ? answer.hits : new Uint8Array(0);
  }

  close(): void {
    this.worker.postMessage({ type: 'close' } satisfies ToReader);
  }

  private ask(question: (id: number) => ToReader): Promise<Answer> {
    const id = this.next;
    this.next += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) => {
        if (answer.type === 'refused') reject(new UserError(answer.message, answer.hint));
        else resolve(answer);
      });
      this.worker.postMessage(question(id));
    });
  }
}
