/** What the store asks of a browser's window, by hand. */

export interface HandPage {
  page: Window;
  /** What is stored; a text that says so where storing is refused. */
  stored: Map<string, string>;
  /** The addresses that were put in place of the one before, and how often the page was loaded anew. */
  replaced: string[];
  reloads: () => number;
  locks: HandLocks;
  /** The tab is hidden; the page is left; its address is edited. */
  hide(): void;
  leave(): void;
  goTo(hash: string): void;
}

export interface PageParts {
  hash?: string;
  /** Storage that throws. */
  blocked?: boolean;
  stillPictures?: boolean;
  /** null where the browser has none. */
  gpu?: object | null;
  serviceWorker?: object;
  locks?: HandLocks;
}

/** Web Locks of one browser; each of its tabs is a {@link handPage} with the same ones. */
export class HandLocks {
  readonly held = new Set<string>();

  request(
    name: string,
    _: object,
    work: (lock: { name: string } | null) => Promise<unknown> | undefined,
  ): Promise<unknown> {
    if (this.held.has(name)) return Promise.resolve(work(null));
    this.held.add(name);
    return Promise.resolve(work({ name })).finally(() => this.held.delete(name));
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.held].map((name) => ({ name })) });
  }
}

export function isLockManager(locks: object): locks is LockManager {
  return 'request' in locks && 'query' in locks;
}

function isWindow(page: object): page is Window {
  return 'navigator' in page;
}

let ids = 0;

export function handPage(parts: PageParts = {}): HandPage {
  const {
    hash = '',
    blocked = false,
    stillPictures = false,
    gpu = null,
    serviceWorker,
    locks = new HandLocks(),
  } = parts;
  const stored = new Map<string, string>();
  const replaced: string[] = [];
  const target = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const location = { hash, reload: () => (reloads += 1) };
  let reloads = 0;
  const refuse = (): void => {
    if (blocked) throw new DOMException('blocked', 'SecurityError');
  };
  const page = {
    navigator: { locks, gpu: gpu ?? undefined, ...(serviceWorker === undefined ? {} : { serviceWorker }) },
    isSecureContext: true,
    localStorage: {
      getItem: (key: string) => {
        refuse();
        return stored.get(key) ?? null;
      },
      setItem: (key: string, value: string) => {
        refuse();
        stored.set(key, value);
      },
    },
    // No two alike, as in a browser.
    crypto: { randomUUID: () => `id-${(ids += 1)}` },
    document,
    location,
    history: {
      replaceState: (_: unknown, __: string, to: string) => {
        location.hash = to;
        replaced.push(to);
      },
    },
    matchMedia: () => ({ matches: stillPictures }),
    addEventListener: target.addEventListener.bind(target),
    setTimeout: (work: () => void, ms: number) => setTimeout(work, ms),
    clearTimeout: (timer: ReturnType<typeof setTimeout> | undefined) => clearTimeout(timer),
    setInterval: (work: () => void, ms: number) => setInterval(work, ms),
  };
  if (!isWindow(page)) throw new Error('It has all that the store asks for.');
  return {
    page,
    stored,
    replaced,
    reloads: () => reloads,
    locks,
    hide: () => {
      document.visibilityState = 'hidden';
      document.dispatchEvent(new Event('visibilitychange'));
    },
    leave: () => {
      target.dispatchEvent(new Event('pagehide'));
    },
    goTo: (to) => {
      location.hash = to;
      target.dispatchEvent(new Event('hashchange'));
    },
  };
}
