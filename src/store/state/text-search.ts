/** Which rows contain words: looked through in pieces, so that the page answers meanwhile, whatever the file. */
import type { RowViews } from '../../recordings/shown-rows';

/** Of thread time, roughly; a frame has 16. */
const SLICE_MS = 8;
/** Rows between two looks at the clock. */
const STRIDE = 16;
/** As many rows as an update can have are looked through at once: the list never shows one unsought. */
const AT_ONCE = 2048;

export interface Found {
  /** 1 for each place that contains the words; null where nothing is sought, or nothing is known yet. */
  hits: Uint8Array | null;
  /** These are the hits of the search before: the present one is not through. */
  searching: boolean;
}

interface Running {
  views: RowViews;
  words: string;
  found: Found;
  timer?: ReturnType<typeof setTimeout>;
}

const NOTHING_SOUGHT: Found = { hits: null, searching: false };

/** One search at a time, of the rows on screen; all who list them share it. */
export class TextSearch {
  /** Grows when a search is through. */
  version = 0;
  private key: { views: RowViews; words: string } | null = null;
  private last: Found = NOTHING_SOUGHT;
  private running: Running | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** What is known of a search; few rows are looked through here, more of them by `look`. The same object while it is the same. */
  found(views: RowViews, rows: number, words: string): Found {
    if (words === '') return NOTHING_SOUGHT;
    if (this.key?.views === views && this.key.words === words) return this.last;
    if (rows <= AT_ONCE && !views.find) {
      const hits = new Uint8Array(rows);
      for (let place = 0; place < rows; place += 1) hits[place] = Number(views.textOf(place).includes(words));
      return this.keep(views, words, hits);
    }
    if (this.running?.views === views && this.running.words === words) return this.running.found;
    return { hits: this.key?.views === views ? this.last.hits : null, searching: true };
  }

  /** Begins a search, or lets go of the one that runs where nothing is sought any more. */
  look(views: RowViews, rows: number, words: string): void {
    if (this.running?.views === views && this.running.words === words) return;
    if (this.running) clearTimeout(this.running.timer);
    this.running = null;
    if (words === '') {
      this.key = null;
      this.last = NOTHING_SOUGHT;
      return;
    }
    if (this.key?.views === views && this.key.words === words) return;
    const found = this.found(views, rows, words);
    if (!found.searching) return;
    const running: Running = { views, words, found };
    this.running = running;
    const through = (hits: Uint8Array): void => {
      if (this.running !== running) return;
      this.running = null;
      this.keep(views, words, hits);
      this.version += 1;
      for (const listener of this.listeners) listener();
    };
    if (views.find) {
      void views.find(words).then(through);
      return;
    }
    const hits = new Uint8Array(rows);
    const later = (from: number): ReturnType<typeof setTimeout> => setTimeout(() => piece(from));
    const piece = (from: number): void => {
      const until = performance.now() + SLICE_MS;
      let place = from;
      while (place < rows) {
        const end = Math.min(rows, place + STRIDE);
        for (; place < end; place += 1) hits[place] = Number(views.textOf(place).includes(words));
        if (performance.now() >= until) break;
      }
      if (place < rows) running.timer = later(place);
      else through(hits);
    };
    running.timer = later(0);
  }

  private keep(views: RowViews, words: string, hits: Uint8Array): Found {
    this.key = { views, words };
    this.last = { hits, searching: false };
    return this.last;
  }
}
