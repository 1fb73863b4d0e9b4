/** What happens when the page opens: ask for WebGPU, fit the run to the machine, start it, keep link and run in step. */
import { settingOf } from '../config/schema';
import type { RunConfig } from '../config/schema';
import { encodeConfig } from '../config/url-codec';
import { keepSaved } from './autosave';
import { offerNewest } from './runs-actions';
import { createTrainerClient, createWorkerPort } from '../trainer/client';
import type { TrainerClient, TrainerPort } from '../trainer/client';
import { startRun } from './actions';
import { withSetting } from './config-draft';
import { decodeLink, encodeLink } from './link';
import { loadExample } from './load-recording';
import type { Recording } from './recording';
import { firstUpdate, showRecording } from './show-recording';
import type { Studio } from './studio-state';
import { probeWebGpu } from './webgpu-support';

/** The worker starts with the first command, so that a browser without WebGPU never loads the engine. */
export function createBrowserClient(): TrainerClient {
  let port: TrainerPort | null = null;
  let onMessage: (data: unknown) => void = () => undefined;
  let onError: (message: string) => void = () => undefined;
  return createTrainerClient({
    postMessage(command, transfer) {
      if (!port) {
        port = createWorkerPort();
        port.onMessage((data) => onMessage(data));
        port.onError((message) => {
          // What is left of the engine cannot be trusted; the next start gets a new worker.
          port?.terminate();
          port = null;
          onError(message);
        });
      }
      port.postMessage(command, transfer);
    },
    onMessage: (listener) => (onMessage = listener),
    onError: (listener) => (onError = listener),
    terminate: () => port?.terminate(),
  });
}

/** What a software adapter gets where the link names nothing else: a dozen updates a minute instead of four. */
const SOFTWARE_SETTINGS = [
  ['size', 'tiny'],
  ['prompts', 8],
  ['evalQuestions', 64],
] as const;

export async function openStudio(studio: Studio, page: Window): Promise<void> {
  const { store } = studio;
  const example = loadExample(studio.baseUrl);
  void example.then((recording) => playExample(studio, page, recording));
  const named = new URLSearchParams(page.location.hash.replace(/^#/, ''));
  keepLinkInStep(studio, page);
  keepSaved(studio, page);
  void offerNewest(studio, page);
  const support = await probeWebGpu(page.navigator.gpu, page.isSecureContext);
  store.setState({ support });
  if (support.status !== 'ok') {
    // There is nothing else to look at.
    playExample(studio, page, await example, true);
    return;
  }
  const { config, notes } = store.getState();
  const changes = SOFTWARE_SETTINGS.filter(([key, value]) => !named.has(key) && config[key] !== value);
  if (support.software && changes.length > 0) {
    const what = changes.map(([key, value]) => `${settingOf(key).label.toLowerCase()} ${value}`).join(', ');
    store.setState({
      notes: [
        ...notes,
        `This browser computes WebGPU on the CPU, so the run is smaller: ${what}. A graphics card gets the whole preset.`,
      ],
    });
    startBehind(
      studio,
      changes.reduce((smaller, [key, value]) => withSetting(smaller, key, value), config),
    );
  } else startBehind(studio, config);
}

/** Something to look at while the engine compiles; a link to another kind of run is not answered with this one. */
function playExample(studio: Studio, page: Window, recording: Recording | null, anyway = false): void {
  const { config, recording: shown, playing, playWanted, update } = studio.store.getState();
  // Whoever was quicker has something of their own on screen.
  if (recording === null || shown !== null || playing || playWanted || update > 0) return;
  const fits = config.preset === recording.config.preset && config.world === recording.config.world;
  if (!fits && !anyway) return;
  const still = page.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const playedTo = still ? recording.update : firstUpdate(recording);
  showRecording(studio, { recording, source: 'example', title: 'Example', playedTo, playing: !still });
}

/** Starts the run of the page; the example stays on screen meanwhile. */
function startBehind(studio: Studio, config: RunConfig): void {
  const { recording, initial } = studio.store.getState();
  startRun(studio, config, initial);
  if (recording !== null) showRecording(studio, recording);
}

/** The address always names the running configuration and the view; an edited address starts that run, if it is another. */
function keepLinkInStep(studio: Studio, page: Window): void {
  const { store } = studio;
  const write = (): void => {
    const { config, view } = store.getState();
    const hash = encodeLink(config, view);
    if (page.location.hash !== hash) page.history.replaceState(null, '', hash);
  };
  write();
  store.subscribe((state, before) => {
    if (state.config !== before.config || state.view !== before.view) write();
  });
  page.addEventListener('hashchange', () => {
    const { config, notes, view } = decodeLink(page.location.hash);
    const { config: running, initial, support } = store.getState();
    const same = encodeConfig(config) === encodeConfig(running);
    store.setState({ notes, view });
    if (same) write();
    else if (support.status === 'ok') startRun(studio, config, initial);
    else store.setState({ config, draft: config });
    write();
  });
}
