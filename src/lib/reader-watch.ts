/** A file from a stranger can be made to take for ever: its reader has a budget of time, and is ended where it goes beyond. */
import { UserError } from './assert';

const TICK_MS = 1000;
/** A gigabyte is read in a minute, and says so ten times a second; what stands still for so long stands for ever. */
const SECONDS = 120;

/**
 * Counts the seconds in which a worker says nothing. They are ticks of this thread, so that sleep of the machine is no time.
 *
 * @param name of what is read
 * @param end the worker, and tell why
 * @returns stops the watch
 */
export function watchReader(worker: EventTarget, name: string, end: (why: UserError) => void): () => void {
  let silent = 0;
  const timer = setInterval(() => {
    silent += 1;
    if (silent < SECONDS) return;
    clearInterval(timer);
    end(
      new UserError(
        `${name} was given up: nothing came of it for ${SECONDS / 60} minutes.`,
        'It may be made so that it never ends. Nothing was changed; a part of it may be read.',
      ),
    );
  }, TICK_MS);
  worker.addEventListener('message', () => (silent = 0));
  return () => clearInterval(timer);
}
