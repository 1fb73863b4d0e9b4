import { beforeEach, describe, expect, it, vi } from 'vitest';
import { handPage } from '../testing/page/hand-page';
import { idleStudio } from '../testing/page/open-studio';
import { followVersions, watchForNewVersion } from './new-version';

/** The service worker's side, by hand. */
const { workers, HandWorkbox } = vi.hoisted(() => {
  class Workbox {
    readonly listeners = new Map<string, () => void>();
    skipped = 0;
    updates = 0;
    constructor(readonly address = '') {
      made.push(this);
    }
    addEventListener(type: string, listener: unknown) {
      this.listeners.set(type, () => {
        if (typeof listener === 'function') Reflect.apply(listener, this, []);
      });
    }
    messageSkipWaiting() {
      this.skipped += 1;
    }
    register() {
      return refused ? Promise.reject(new Error('refused')) : Promise.resolve();
    }
    update() {
      this.updates += 1;
      return Promise.reject(new Error('offline'));
    }
  }
  const made: Workbox[] = [];
  let refused = false;
  return { workers: { made, refuse: (is: boolean) => (refused = is) }, HandWorkbox: Workbox };
});
vi.mock('workbox-window', () => ({ Workbox: HandWorkbox }));
beforeEach(() => {
  workers.made.splice(0);
  workers.refuse(false);
});

describe('a newer version of the page', () => {
  const followed = () => {
    const { studio, state } = idleStudio();
    const page = handPage();
    const worker = new HandWorkbox();
    followVersions(studio, page.page, worker);
    const say = (type: string) => worker.listeners.get(type)?.();
    return { state, page, worker, say };
  };

  it('waits until the person takes it, and is loaded when it is there', () => {
    const { state, page, worker, say } = followed();
    expect(state().newVersion).toBeNull();
    say('waiting');
    expect(worker.skipped).toBe(0);
    state().newVersion?.();
    expect([worker.skipped, page.reloads()]).toEqual([1, 0]);
    say('controlling');
    expect(page.reloads()).toBe(1);
  });

  it('that another tab took over is offered, not loaded by itself', () => {
    const { state, page, worker, say } = followed();
    say('controlling');
    expect(page.reloads()).toBe(0);
    state().newVersion?.();
    expect([page.reloads(), worker.skipped]).toEqual([1, 0]);
  });
});

describe('the service worker', () => {
  it('lies beside the page and is asked for news every hour', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { studio } = idleStudio();
    await watchForNewVersion(studio, handPage({ serviceWorker: {} }).page);
    const [worker] = workers.made;
    expect(worker?.address).toBe('http://localhost/sw.js');
    expect([...(worker?.listeners.keys() ?? [])]).toEqual(['waiting', 'controlling']);
    vi.advanceTimersByTime(3_599_999);
    expect(worker?.updates).toBe(0);
    vi.advanceTimersByTime(3_600_001);
    expect(worker?.updates).toBe(2);
    vi.useRealTimers();
  });

  it('is not needed: without one, or where it is refused, the page works', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { studio } = idleStudio();
    await watchForNewVersion(studio, handPage().page);
    expect(workers.made).toEqual([]);
    workers.refuse(true);
    await watchForNewVersion(studio, handPage({ serviceWorker: {} }).page);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
