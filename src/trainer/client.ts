/**
 * The page's side of the worker door: sends commands, checks that what comes back has the protocol's shape, and drops
 * events of runs that were replaced in the meantime. Knows neither React nor the store.
 */
import { startModuleWorker } from '../lib/module-worker';
import type { Command, TrainerEvent } from './protocol/protocol';
// Only its address: the module itself runs in the worker.
import workerUrl from './worker.ts?worker&url';

/** The part of a Worker that the client uses; tests and the screenshot harness put a fake in its place. */
export interface TrainerPort {
  postMessage(command: Command, transfer: Transferable[]): void;
  onMessage(listener: (data: unknown) => void): void;
  onError(listener: (message: string) => void): void;
  terminate(): void;
}

export interface TrainerClient {
  send(command: Command): void;
  /** Listeners get only events of the run that was started last (events without a run always pass). */
  subscribe(listener: (event: TrainerEvent) => void): () => void;
  dispose(): void;
}

type EventType = TrainerEvent['type'];
type FieldKind = 'number' | 'string' | 'boolean' | 'object' | 'nullable';

/** Fields each event must carry. The engine is our own code, so the guard looks one level deep: it catches version skew, not malice. */
const EVENT_FIELDS: Readonly<Record<EventType, Readonly<Record<string, FieldKind>>>> = {
  adapter: { adapter: 'object' },
  vetted: { id: 'number', message: 'nullable', hint: 'string' },
  world: { runId: 'number', world: 'object' },
  state: { runId: 'number', state: 'string', update: 'number', phase: 'nullable', note: 'nullable' },
  warmStart: { runId: 'number', batch: 'number', batches: 'number', loss: 'number' },
  metrics: { runId: 'number', update: 'number', metrics: 'object', updateMs: 'number' },
  trajectories: { runId: 'number', batch: 'object' },
  evaluation: { runId: 'number', result: 'object' },
  configured: { runId: 'number', update: 'number', config: 'object' },
  inspection: { runId: 'number', id: 'number', inspection: 'object' },
  swept: { runId: 'number', id: 'number', sweep: 'object' },
  branch: { runId: 'number', id: 'number', branch: 'object' },
  alternatives: { runId: 'number', id: 'number', alternatives: 'object' },
  attention: { runId: 'number', id: 'number', attention: 'object' },
  changed: { runId: 'number', id: 'number', change: 'object' },
  continued: { runId: 'number', id: 'number', update: 'number', side: 'object' },
  facts: { runId: 'number', id: 'number', facts: 'object' },
  answered: { runId: 'number', id: 'number', batch: 'object' },
  refused: { runId: 'number', id: 'number', message: 'string', hint: 'string' },
  triplesRead: { id: 'number', reading: 'object' },
  examining: { text: 'string' },
  examined: { text: 'string', healthy: 'boolean' },
  breakpoint: { runId: 'number', update: 'number', reason: 'string' },
  pinned: { runId: 'number', id: 'number', batch: 'object' },
  checkpoint: { runId: 'number', update: 'number', bytes: 'object', weightsHash: 'string' },
  error: { runId: 'number', message: 'string', hint: 'string', fatal: 'boolean' },
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && Object.hasOwn(EVENT_FIELDS, value);
}

function hasKind(value: unknown, kind: FieldKind): boolean {
  if (kind === 'nullable') return value === null || typeof value === 'string';
  if (kind === 'object') return isRecord(value);
  return typeof value === kind;
}

export function isTrainerEvent(value: unknown): value is TrainerEvent {
  if (!isRecord(value) || !isEventType(value['type'])) return false;
  return Object.entries(EVENT_FIELDS[value['type']]).every(([field, kind]) => hasKind(value[field], kind));
}

/** Starts the engine's module worker. */
export function createWorkerPort(): TrainerPort {
  const worker = startModuleWorker(workerUrl);
  return {
    postMessage: (command, transfer) => worker.postMessage(command, transfer),
    onMessage: (listener) => worker.addEventListener('message', (event) => listener(event.data)),
    onError: (listener) => {
      worker.addEventListener('error', (event) => listener(event.message || 'The engine could not be loaded.'));
      worker.addEventListener('messageerror', () => listener('A message of the engine could not be read.'));
    },
    terminate: () => worker.terminate(),
  };
}

/** UTF-16 units of facts that the engine reads within about a second. */
export const APART_FROM = 2_000_000;

export function createTrainerClient(port: TrainerPort): TrainerClient {
  const listeners = new Set<(event: TrainerEvent) => void>();
  let currentRun = 0;

  const emit = (event: TrainerEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const receive = (data: unknown): void => {
    if (!isTrainerEvent(data)) {
      emit({
        type: 'error',
        runId: currentRun,
        message: 'The engine sent a message that this page does not understand.',
        hint: 'Page and engine may be of different versions: reload the page.',
        fatal: false,
      });
      return;
    }
    if ('runId' in data && data.runId !== currentRun) return;
    emit(data);
  };
  port.onMessage(receive);

  port.onError((message) => {
    emit({
      type: 'error',
      runId: currentRun,
      message: `The engine stopped: ${message}`,
      hint: 'Press Reset to start again with the same settings.',
      fatal: true,
    });
  });

  return {
    send(command) {
      if (command.type === 'start') currentRun = command.runId;
      const transfer = command.type === 'start' && 'bytes' in command.initial ? [command.initial.bytes] : [];
      if (command.type !== 'readTriples' || command.triples.text.length < APART_FROM) {
        port.postMessage(command, transfer);
        return;
      }
      void import('./facts-reader').then(
        ({ readFactsApart }) => readFactsApart(startModuleWorker(workerUrl), command, receive),
        () => port.postMessage(command, transfer),
      );
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      port.terminate();
    },
  };
}
