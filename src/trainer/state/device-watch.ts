import type { Gpu } from '../../gpu/device';

export class DeviceLostError extends Error {
  override name = 'DeviceLostError';
}

/** What went wrong on a device, kept until the work that it concerns asks. */
export class DeviceWatch {
  private found: Error | null = null;

  /** @param wake called when something goes wrong, so that whoever sleeps finds out */
  constructor(private readonly wake: () => void) {}

  watch(gpu: Gpu): void {
    this.found = null;
    void gpu.lost.then((reason) => this.fault(new DeviceLostError(reason)));
    gpu.device.onuncapturederror = ({ error }) => this.fault(new Error(error.message));
  }

  /** The first fault counts: others follow from it. */
  readonly fault = (error: unknown): void => {
    this.found ??= error instanceof Error ? error : new Error(String(error));
    this.wake();
  };

  get error(): Error | null {
    return this.found;
  }
}

/** Losing the device twice within so long means that it may not be able to do this run. */
const SOON_MS = 60_000;

/** When the device was lost. */
export class Losses {
  private last = -Infinity;

  /** Counts one more. @returns whether it follows soon after another */
  isSecond(now = performance.now()): boolean {
    const soon = now - this.last < SOON_MS;
    // Each pair counts once: whoever presses Play after a second loss has another try.
    this.last = soon ? -Infinity : now;
    return soon;
  }
}

/** Why the device was lost, null if it was not. The loss may be told a moment after the calls that it broke. */
export async function lossOf(gpu: Gpu): Promise<string | null> {
  const soon = new Promise<null>((resolve) => setTimeout(() => resolve(null), 300));
  return Promise.race([gpu.lost, soon]);
}
