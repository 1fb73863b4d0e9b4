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

/** Why the device was lost, null if it was not. The loss may be told a moment after the calls that it broke. */
export async function lossOf(gpu: Gpu): Promise<string | null> {
  const soon = new Promise<null>((resolve) => setTimeout(() => resolve(null), 300));
  return Promise.race([gpu.lost, soon]);
}
