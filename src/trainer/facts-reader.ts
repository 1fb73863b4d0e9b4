/**
 * Facts that take more than a moment are read by a worker of their own: the run goes on meanwhile, and what was made so that it never
 * ends is ended.
 */
import { watchReader } from '../lib/reader-watch';
import type { Command, TrainerEvent } from './protocol/protocol';

type Asked = Extract<Command, { type: 'readTriples' }>;

let endLast: (() => void) | null = null;

/** @param tell gets the answer, whatever it is: the worker's, or why there is none */
export function readFactsApart(worker: Worker, asked: Asked, tell: (answer: unknown) => void): void {
  const { id, triples } = asked;
  const end = (): void => {
    stopWatch();
    worker.terminate();
    endLast = null;
  };
  const giveUp = (message: string): void => {
    end();
    const reading = { problems: [{ line: 0, message }], problemCount: 1, world: null };
    tell({ type: 'triplesRead', id, reading } satisfies TrainerEvent);
  };
  const stopWatch = watchReader(worker, `“${triples.name}”`, ({ message, hint }) => giveUp(`${message} ${hint ?? ''}`));
  // Two at once would take twice the memory, and nobody waits for the first.
  endLast?.();
  endLast = () => giveUp('Other facts were read instead.');
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    end();
    tell(data);
  });
  worker.addEventListener('error', ({ message }) => giveUp(`The facts could not be read: ${message}`));
  worker.postMessage(asked);
}
