/** What a model server was asked for and has not answered yet: a sweep and a cut, side by side. */
import { nextId } from '../../run/ask-engine';
import type { Studio } from '../../state/studio-state';
import { changeLab } from '../lab-events';
import { problemText } from './connection';

type Asked = 'sweepAsked' | 'cutAsked';

interface Running {
  controller: AbortController;
  what: Asked;
  /** What makes it the same question again. */
  key: string;
}

const running = new WeakMap<Studio, Set<Running>>();

function of(studio: Studio): Running[] {
  return [...(running.get(studio) ?? [])].filter(({ controller }) => !controller.signal.aborted);
}

export function isAsked(studio: Studio, key: string): boolean {
  return of(studio).some((one) => one.key === key);
}

export function cancelLive(studio: Studio): void {
  for (const { controller } of of(studio)) controller.abort();
}

/** One cut at a time: nobody waits for that of before. */
export function endCut(studio: Studio): void {
  for (const { what, controller } of of(studio)) if (what === 'cutAsked') controller.abort();
  changeLab(studio, { cutAsked: null });
}

/** What fails or is cancelled leaves what there is. */
export async function asking(
  studio: Studio,
  what: Asked,
  key: string,
  work: (id: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const id = nextId();
  const own: Running = { controller: new AbortController(), what, key };
  const { signal } = own.controller;
  const all = running.get(studio) ?? new Set();
  running.set(studio, all.add(own));
  changeLab(studio, { [what]: id, refusal: null });
  try {
    await work(id, signal);
  } catch (error) {
    if (!signal.aborted && studio.store.getState().lab[what] === id) {
      changeLab(studio, { refusal: { message: problemText(error), hint: 'What has come is kept.' } });
    }
  } finally {
    all.delete(own);
    if (studio.store.getState().lab[what] === id) changeLab(studio, { [what]: null });
  }
}
