/** The doctor: what this browser gives the engine, for a bug report. Loaded with the dialog that shows it. */
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import type { DoctorState, Studio, StudioState } from '../state/studio-state';
import { PAUSE } from './actions';
import { sendPlay } from './send-play';

/** An engine that does not answer is not waited for: it may be what is wrong. */
const PAUSE_MS = 5000;

function change({ store }: Studio, part: Partial<DoctorState>): void {
  store.setState(({ doctor }) => (doctor === null ? {} : { doctor: { ...doctor, ...part } }));
}

/**
 * Examines the browser in a worker of its own, so that the run's may be busy, stuck or dead. What plays is paused meanwhile, as a
 * person would, since it would slow down what is timed; it goes on afterwards from where it was. Never rejects.
 */
export async function runDoctor(studio: Studio): Promise<void> {
  const { store } = studio;
  if (store.getState().doctor === null || studio.stopDoctor !== null) return;
  const control = new AbortController();
  studio.stopDoctor = () => control.abort();
  change(studio, { text: '', status: 'running', note: null });
  const wasPlaying = await pausePlaying(studio, control.signal);
  const busy = watchBusy(studio);
  const end = await examine(studio, control.signal);
  studio.stopDoctor = null;
  const text = store.getState().doctor?.text ?? '';
  change(studio, { ...end, text: text + busy() });
  if (wasPlaying && isUntouched(store.getState())) sendPlay(studio);
}

const STOPPED: Partial<DoctorState> = { status: 'stopped' };

/** @returns how it ended */
function examine(studio: Studio, stop: AbortSignal): Promise<Partial<DoctorState>> {
  const { baseUrl } = studio;
  if (stop.aborted) return Promise.resolve(STOPPED);
  const worker = studio.openWorker();
  return new Promise((resolve) => {
    const settle = (end: Partial<DoctorState>): void => {
      worker.dispose();
      resolve(end);
    };
    stop.addEventListener('abort', () => settle(STOPPED));
    worker.subscribe((event: TrainerEvent) => {
      if (event.type === 'examining') change(studio, { text: event.text });
      else if (event.type === 'examined') {
        change(studio, { text: event.text });
        settle({ status: event.healthy ? 'healthy' : 'unhealthy' });
      } else if (event.type === 'error') settle({ status: 'stopped', note: event.message });
    });
    const webGpuInPage = 'gpu' in navigator;
    worker.send({ type: 'examine', baseUrl, webGpuInPage, run: describeRun(studio) });
  });
}

/** Leaves the report as far as it has come. */
export function stopDoctor(studio: Studio): void {
  studio.stopDoctor?.();
}

export function closeDoctor(studio: Studio): void {
  stopDoctor(studio);
  studio.store.setState({ doctor: null });
}

/** Never rejects: where copying is blocked it says so. */
export async function copyReport(studio: Studio): Promise<void> {
  try {
    await navigator.clipboard.writeText(studio.store.getState().doctor?.text ?? '');
    change(studio, { note: 'Copied.' });
  } catch {
    change(studio, { note: 'Copying is blocked here: select the text and copy it by hand.' });
  }
}

/** Resolves once the engine rests, or does not answer. @returns whether it was playing */
async function pausePlaying(studio: Studio, stop: AbortSignal): Promise<boolean> {
  const { store } = studio;
  if (!store.getState().playing) return false;
  PAUSE.perform(studio);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, PAUSE_MS);
    stop.addEventListener('abort', done);
    const look = ({ runState }: StudioState): void => {
      if (runState === 'paused' || runState === 'failed') done();
    };
    const unsubscribe = store.subscribe(look);
    look(store.getState());
  });
  return true;
}

/** Nobody has started or paused anything since. */
function isUntouched({ runState, playing, playWanted }: StudioState): boolean {
  return runState === 'paused' && !playing && !playWanted;
}

/** @returns a function that ends the watch and says what the run did meanwhile, '' where it rested */
function watchBusy({ store }: Studio): () => string {
  const seen = new Set<string>();
  const look = ({ runState }: StudioState): void => {
    if (runState !== null && runState !== 'paused' && runState !== 'failed') seen.add(runState);
  };
  look(store.getState());
  const unsubscribe = store.subscribe(look);
  return () => {
    unsubscribe();
    const states = [...seen].join(', ');
    return states === '' ? '' : `\nThe run on the page was at work meanwhile (${states}): what is timed took longer.\n`;
  };
}

/** Settings of the run without anything that a person has named. */
function describeRun({ store, aside }: Studio): string {
  const { runId, runState, config, ownWorld, ...shown } = store.getState();
  const { preset, size, prompts, groupSize, world } = config;
  const where = ownWorld === null ? world : 'a world of one\u2019s own';
  const what = `${preset}, ${size}, ${prompts} x ${groupSize} rows on ${where}`;
  if (runId === 0 || runState === null) return `none was started (${what})`;
  return `${runState} at update ${aside.picture?.update ?? shown.update} (${what})`;
}
