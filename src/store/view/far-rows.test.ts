import { describe, expect, it, vi } from 'vitest';
import { HeldLines } from '../../rollouts/file/lines';
import type { Lines, Span } from '../../rollouts/file/lines';
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { shelve } from './rollout-views';

/** Lines that come when a test lets them. */
class SlowLines implements Lines {
  readonly asked: (readonly Span[])[] = [];
  private readonly there = new Set<number>();
  private come: (() => void)[] = [];
  gone = false;

  constructor(private readonly held: Lines) {}

  at(span: Span): string | null {
    return this.there.has(span.offset) ? this.held.at(span) : null;
  }

  async fetch(spans: readonly Span[]): Promise<void> {
    this.asked.push(spans);
    await new Promise<void>((resolve) => this.come.push(resolve));
    if (this.gone) throw new Error('gone');
    for (const { offset } of spans) this.there.add(offset);
  }

  find(words: string): Promise<Uint8Array> {
    return Promise.resolve(Uint8Array.of(1, 0, Number(words === 'oslo')));
  }

  close(): void {
    this.gone = true;
  }

  async deliver(): Promise<void> {
    for (const come of this.come.splice(0)) come();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const search = (query: string) => `<search>${query}</search><information>none</information>`;

async function far() {
  const rows = [1, 2, 2].map((step, k) =>
    JSON.stringify({
      ...{ question: `q${k}`, gold: 'Oslo', step, reward: k },
      completion: `${search(`query ${k}`)}<answer>Oslo</answer>`,
    }),
  );
  const blob = new Blob([rows.join('\n')]);
  const file = await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]);
  expect(file.lines).toBeInstanceOf(HeldLines);
  const lines = new SlowLines(file.lines);
  const onLines = { come: vi.fn(), fail: vi.fn() };
  return { lines, onLines, ...shelve({ ...file, lines }, onLines) };
}

describe('rows whose lines lie elsewhere', () => {
  it('have their numbers at once, and their words once those have come', async () => {
    const { lines, onLines, shelf } = await far();
    const { views } = shelf;
    const before = views.at(1);
    expect(before.final).toMatchObject({ em: 1, reward: 1, searches: 1, answer: null });
    expect(before.final.steps.map(({ kind, label }) => [kind, label])).toEqual([
      ['search', '…'],
      ['answer', '…'],
    ]);
    expect(views.answerOf(before)).toBe('…');
    views.at(2);
    await Promise.resolve();
    // What is drawn together is asked for together.
    expect(lines.asked.map((spans) => spans.length)).toEqual([2]);
    await lines.deliver();
    expect(onLines.come).toHaveBeenCalledTimes(1);
    expect(views.at(1).final.steps.map(({ label }) => label)).toEqual(['query 1', 'Oslo']);
    expect(views.answerOf(views.at(1))).toBe('Oslo');
    expect(views.at(1).final.steps).toHaveLength(before.final.steps.length);
    await Promise.resolve();
    expect(lines.asked).toHaveLength(1);
  });

  it('are not asked for again and again where they cannot be read', async () => {
    const { lines, onLines, shelf } = await far();
    lines.close();
    shelf.views.at(0);
    await Promise.resolve();
    await lines.deliver();
    expect(onLines.fail).toHaveBeenCalledTimes(1);
    shelf.views.at(0);
    await Promise.resolve();
    expect(lines.asked).toHaveLength(1);
  });

  it('are looked through where they lie, of one step those of it', async () => {
    const { shelf } = await far();
    expect(await shelf.views.find?.('oslo')).toEqual(Uint8Array.of(1, 0, 1));
    expect(await shelf.choose(2).views.find?.('oslo')).toEqual(Uint8Array.of(0, 1));
  });

  it('are fetched for what is seen at first', async () => {
    const { lines, firstLines, shelf } = await far();
    const there = firstLines();
    await lines.deliver();
    await there;
    expect(shelf.views.at(0).final.answer).toBe('Oslo');
    expect(lines.asked).toHaveLength(1);
  });
});
