/** The update all charts point at. It moves with the mouse, so it goes straight to the DOM and never through React. */
export class ChartCursor {
  private readonly listeners = new Set<(update: number | null) => void>();
  private current: number | null = null;

  get update(): number | null {
    return this.current;
  }

  set(update: number | null): void {
    if (update === this.current) return;
    this.current = update;
    for (const listener of this.listeners) listener(update);
  }

  subscribe(listener: (update: number | null) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
