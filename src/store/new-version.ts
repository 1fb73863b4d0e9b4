/** The service worker behind the page: keeps it for use offline, and tells when a newer version waits. */
import type { Workbox } from 'workbox-window';
import type { Studio } from './state/studio-state';

const ASK_EVERY_MS = 3_600_000;

/**
 * Registers `sw.js` of the built page. A newer version is never taken over by itself: it waits until the person reloads, in
 * this tab or in another one. Without service workers (an insecure address, a private window) the page just needs its server.
 */
export async function watchForNewVersion(studio: Studio, page: Window): Promise<void> {
  if (!('serviceWorker' in page.navigator)) return;
  const { Workbox } = await import('workbox-window');
  const worker = new Workbox(new URL('sw.js', studio.baseUrl).href);
  followVersions(studio, page, worker);
  try {
    await worker.register();
  } catch {
    // Refused by the browser's settings: the page works, from its server alone.
    return;
  }
  page.setInterval(() => void worker.update().catch(() => undefined), ASK_EVERY_MS);
}

/** What a newer version changes in the page's state. */
export function followVersions(
  { store }: Studio,
  page: Window,
  worker: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>,
): void {
  let accepted = false;
  const offer = (take: () => void): void => store.setState({ newVersion: take });
  worker.addEventListener('waiting', () =>
    offer(() => {
      accepted = true;
      worker.messageSkipWaiting();
    }),
  );
  worker.addEventListener('controlling', () => {
    if (accepted) page.location.reload();
    // Another tab took it over. This one still runs the old version, and what it has not loaded yet may be gone.
    else offer(() => page.location.reload());
  });
}
