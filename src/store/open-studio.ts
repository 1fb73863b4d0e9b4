/** What happens when the page opens: ask for WebGPU, fit the run to the machine, start it, keep link and run in step. */
import { settingOf } from '../config/schema';
import type { RunConfig } from '../config/schema';
import { encodeConfig } from '../config/url-codec';
import { keepSaved } from './files/saved/autosave';
import { offerNewest } from './files/saved/runs-actions';
import { createTrainerClient, createWorkerPort } from '../trainer/client';
import type { TrainerClient, TrainerPort } from '../trainer/client';
import { startRun } from './run/actions';
import { withSetting } from './run/config-draft';
import { liveSource } from './view/copy-link';
import { decodeLink, encodeLink, momentNote } from './view/link';
import type { Link } from './view/link';
import { loadExample, reportNoExample } from './files/open/load-recording';
import { awaitMoment } from './view/moment';
import { openOwnWorldDialog } from './files/world/own-world';
import type { OwnWorld, Recording } from '../recordings/recording';
import { firstUpdate, showRecording } from './run/show-recording';
import type { WantedRollouts } from './state/rollouts-state';
import type { Moment, Studio, StudioState } from './state/studio-state';
import { probeWebGpu } from './state/webgpu-support';

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

/** Where a change can wait until the person has settled on it. */
const LINKED = [
  'heldUpdate',
  'selection',
  'shownPin',
  'awaited',
  'lab',
  'list',
  'page',
  'lessons',
  'initial',
  'rollouts',
] as const satisfies readonly (keyof StudioState)[];

/** The example, which is put on screen as soon as it is here, where it fits the link. */
export async function openExample(studio: Studio, page: Window): Promise<Recording | null> {
  const recording = await loadExample(studio.baseUrl);
  playExample(studio, page, recording);
  return recording;
}

/** Everything else. `example`: what {@link openExample} loads. */
export async function openStudio(
  studio: Studio,
  page: Window,
  link: Link,
  example: Promise<Recording | null>,
): Promise<void> {
  const { store } = studio;
  const named = new URLSearchParams(page.location.hash.replace(/^#/, ''));
  wantRollouts(studio, link.rollouts);
  keepLinkInStep(studio, page, link);
  keepSaved(studio, page);
  await exampleMoves(studio, example);
  void offerNewest(studio, page);
  const support = await probeWebGpu(page.navigator.gpu, page.isSecureContext);
  store.setState({ support });
  if (support.status !== 'ok') {
    // There is nothing else to look at.
    const recording = await example;
    if (recording === null) reportNoExample(studio);
    else playExample(studio, page, recording, true);
    return;
  }
  const { config } = store.getState();
  const changes = SOFTWARE_SETTINGS.filter(([key, value]) => !named.has(key) && config[key] !== value);
  const smaller = support.software && changes.length > 0;
  const fitted = smaller ? changes.reduce((next, [key, value]) => withSetting(next, key, value), config) : config;
  startLinked(studio, { ...link, config: fitted });
  if (!smaller) return;
  const what = changes.map(([key, value]) => `${settingOf(key).label.toLowerCase()} ${value}`).join(', ');
  noteOnRun(
    studio,
    fitted,
    `This browser computes WebGPU on the CPU, so the run is smaller: ${what}. A graphics card gets the whole preset.`,
  );
}

/** Says something about a run as soon as it is on screen: in the place of the bar that says what is recorded. */
function noteOnRun({ store }: Studio, run: RunConfig, note: string): void {
  const add = (): void => {
    const { config, notes } = store.getState();
    // Another run may have been started meanwhile, of which it is not true.
    if (config === run) store.setState({ notes: [...notes, note] });
  };
  if (store.getState().recording === null) {
    add();
    return;
  }
  const unsubscribe = store.subscribe(({ recording }) => {
    if (recording !== null) return;
    unsubscribe();
    add();
  });
}

/** The longest that anything waits for the example. */
const EXAMPLE_MS = 800;

/**
 * Something to look at comes first: an adapter wakes the browser's GPU process, charts take longer than all other drawing, and
 * without a graphics card kernels compile on the cores that draw the page.
 */
function exampleMoves({ store }: Studio, example: Promise<Recording | null>): Promise<void> {
  const moves = ({ recording }: StudioState): boolean =>
    recording !== null && (!recording.playing || recording.playedTo > opensAt(recording.recording));
  if (moves(store.getState())) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, EXAMPLE_MS);
    const unsubscribe = store.subscribe((state) => {
      if (moves(state)) done();
    });
    // None came, or it is not shown beside the run of this link.
    void example.then(() => {
      if (store.getState().recording === null) done();
    });
  });
}

/** Something to look at while the engine compiles; a link to another kind of run is not answered with this one. */
function playExample(studio: Studio, page: Window, recording: Recording | null, anyway = false): void {
  const { config, recording: shown, playing, playWanted, update, rollouts } = studio.store.getState();
  // Whoever was quicker has something of their own on screen.
  if (recording === null || shown !== null || playing || playWanted || update > 0 || rollouts.file !== null) return;
  const fits = config.preset === recording.config.preset && config.world === recording.config.world;
  if (!fits && !anyway) return;
  const still = page.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const playedTo = still ? recording.update : opensAt(recording);
  showRecording(studio, { recording, source: 'example', title: 'Example', playedTo, playing: !still });
}

/** A first look is at a whole update, not at the few rows that are kept of an old one. */
function opensAt(recording: Recording): number {
  const whole = recording.batches.find((stored) => stored.whole);
  return whole?.batch.update ?? firstUpdate(recording);
}

/** Starts the run of a link, or asks for the facts that it is made of where no saved run has them. */
function startLinked(studio: Studio, link: Link): void {
  const { config, initial, world, list, moment } = link;
  const { store } = studio;
  const begin = (ownWorld: OwnWorld | null): void => {
    const { recording } = store.getState();
    startRun(studio, config, initial, ownWorld);
    if (store.getState().rollouts.file === null) store.setState({ list });
    // The example stays on screen meanwhile.
    if (recording !== null) showRecording(studio, recording);
    showMoment(studio, moment);
  };
  const { ownWorld, runId } = store.getState();
  if (world === null) begin(null);
  else if (ownWorld?.hash === world.hash) begin(ownWorld);
  else {
    store.setState({ config, draft: config });
    void savedFacts(world.hash).then((facts) => {
      // Whoever was quicker has a run of their own.
      if (store.getState().runId !== runId) return;
      if (facts === null) openOwnWorldDialog(studio, world);
      else begin(facts);
    });
  }
}

/** Facts that a run saved in this browser is on; null where none is, or nothing can be read. */
async function savedFacts(hash: string): Promise<OwnWorld | null> {
  try {
    return await (await import('./files/saved/saved-runs')).findFacts(hash);
  } catch {
    return null;
  }
}

/** Asks for the file that a link names, or shows what it names of the one that is here. */
function wantRollouts(studio: Studio, wanted: WantedRollouts | null): void {
  studio.store.setState(({ rollouts }) => ({ rollouts: { ...rollouts, wanted } }));
  if (wanted === null || studio.rollouts.shelf === null) return;
  void import('./files/open/open-rollouts').then(({ showWanted }) => showWanted(studio));
}

function showMoment(studio: Studio, moment: Moment | null): void {
  awaitMoment(studio, moment);
  const { awaited, notes } = studio.store.getState();
  if (awaited !== null) studio.store.setState({ notes: [...notes, momentNote(awaited)] });
}

/** How long the selection stands still before the address names it: browsers allow a hundred changes in half a minute. */
const SETTLE_MS = 400;

/**
 * The address always names the running configuration, the view, the moment that is held and what is selected in it; an edited
 * address starts that run, if it is another.
 */
function keepLinkInStep(studio: Studio, page: Window, opened: Link): void {
  const { store } = studio;
  let timer: number | undefined;
  const write = (): void => {
    page.clearTimeout(timer);
    const hash = encodeLink(liveSource(studio));
    if (page.location.hash !== hash) page.history.replaceState(null, '', hash);
  };
  // Nothing of the link has been taken over before its run starts.
  const plain = opened.world === null && opened.moment === null;
  if (plain) write();
  store.subscribe((state, before) => {
    // A link whose world is still to be chosen keeps its address.
    if (state.runId === 0 && !plain) return;
    if (state.config !== before.config || state.view !== before.view || state.runId !== before.runId) write();
    else if (LINKED.some((key) => state[key] !== before[key])) {
      page.clearTimeout(timer);
      timer = page.setTimeout(write, SETTLE_MS);
    }
  });
  page.addEventListener('hashchange', () => {
    const link = decodeLink(page.location.hash);
    const { config, notes, view, list, moment } = link;
    const running = store.getState();
    store.setState(({ lessons }) => ({
      ...{ notes, view, page: link.page },
      lessons: { ...lessons, at: link.lesson, open: null },
    }));
    const sameWorld = (link.world?.hash ?? null) === (running.ownWorld?.hash ?? null);
    if (sameWorld && encodeConfig(config) === encodeConfig(running.config)) {
      store.setState({ list });
      showMoment(studio, moment);
      write();
    } else if (running.support.status === 'ok') startLinked(studio, link);
    else store.setState({ config, draft: config });
    wantRollouts(studio, link.rollouts);
    if (link.world === null) write();
  });
}
