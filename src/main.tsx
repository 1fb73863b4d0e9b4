import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { decodeLink, withQuery } from './store/view/link';
import type { Studio } from './store/state/studio-state';
import { createStudio } from './store/studio-store';
import { watchForNewVersion } from './store/new-version';
import { createBrowserClient, openExample, openStudio } from './store/open-studio';
import { App } from './ui/app/app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// The hash is the one place that goes on naming the run: what a query asked for moves there.
const { pathname, search, hash } = window.location;
const asked = withQuery(hash, search);
if (search !== '') window.history.replaceState(null, '', pathname + asked);

const link = decodeLink(asked);
const { config, notes, view, page, lesson } = link;
const studio = createStudio({
  client: createBrowserClient(),
  baseUrl: new URL(import.meta.env.BASE_URL, window.location.href).href,
  config,
  notes,
  view,
  page,
  lesson,
});
/** For the browser's console and for tests: the store, the client and the series behind the page. */
declare global {
  interface Window {
    cutpoint?: Studio;
  }
}
window.cutpoint = studio;

/** What a visitor sees first is the example, already in its place, unless it is long in coming. */
const EXAMPLE_MS = 300;

async function open(element: HTMLElement): Promise<void> {
  const example = openExample(studio, window);
  await Promise.race([example, new Promise((resolve) => setTimeout(resolve, EXAMPLE_MS))]);
  flushSync(() => createRoot(element).render(<App studio={studio} />));
  await openStudio(studio, window, link, example);
  if (import.meta.env.PROD) await watchForNewVersion(studio, window);
}

void open(root);
