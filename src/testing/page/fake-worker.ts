import { vi } from 'vitest';

/** A worker that says what a test lets it say. */
export class FakeWorker extends EventTarget {
  readonly posted: unknown[] = [];
  readonly terminate = vi.fn();

  postMessage(data: unknown): void {
    this.posted.push(data);
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
