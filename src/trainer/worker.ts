/** The engine's module worker: guards what comes in, gives the loop a device and files, keeps the page awake. */
import { NoAdapterError, openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { UserError } from '../lib/assert';
import { isCommand } from './protocol/commands';
import { TrainerLoop } from './run/loop';
import type { Command, TrainerEvent } from './protocol/protocol';

let baseUrl = self.location.href;
let runId = 0;

/** Browsers freeze hidden pages after a while, but none that holds a lock; several tabs may train at once. */
class WakefulLock {
  private release: (() => void) | null = null;

  set(held: boolean): void {
    if (held === (this.release !== null) || !('locks' in navigator)) return;
    if (!held) {
      this.release?.();
      this.release = null;
      return;
    }
    const until = new Promise<void>((resolve) => (this.release = resolve));
    void navigator.locks.request('cutpoint-training', { mode: 'shared' }, () => until).catch(() => undefined);
  }
}

const lock = new WakefulLock();

function post(event: TrainerEvent, transfer: Transferable[]): void {
  if (event.type === 'state') lock.set(['running', 'evaluating', 'warmStart'].includes(event.state));
  self.postMessage(event, { transfer });
}

function openDevice(gpu: GPU | undefined): ReturnType<typeof openGpu> {
  if (gpu === undefined) return Promise.reject(new NoAdapterError('This browser has no WebGPU in workers.'));
  return openGpu(gpu, wgslIncludes);
}

async function fetchBytes(path: string): Promise<ArrayBuffer | null> {
  const response = await fetch(new URL(path, baseUrl)).catch(() => null);
  if (response === null) {
    throw new UserError(`${path} could not be fetched.`, 'Is this machine online, and the server still running?');
  }
  // Servers of single-page apps answer with the page itself where there is no file.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  return response.ok && !isPage ? response.arrayBuffer() : null;
}

/** The doctor is fetched when it is wanted. */
async function examine(command: Extract<Command, { type: 'examine' }>): Promise<void> {
  const tell = (event: TrainerEvent): void => post(event, []);
  const opened = await import('./page-doctor').catch(() => null);
  if (opened !== null) return opened.examinePage(command, fetchBytes, tell);
  const hint = 'Is this machine online, and the server still running? Then try again.';
  tell({ type: 'error', runId, message: 'A part of the page could not be fetched.', hint, fatal: true });
}

const loop = new TrainerLoop(post, () => openDevice(navigator.gpu), fetchBytes);

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isCommand(data)) {
    const message = 'The page sent a command that the engine does not understand.';
    post({ type: 'error', runId, message, hint: 'Reload the page.', fatal: false }, []);
    return;
  }
  if ('baseUrl' in data) baseUrl = data.baseUrl;
  if (data.type === 'start') runId = data.runId;
  if (data.type === 'examine') void examine(data);
  else loop.handle(data);
});
