import { UserError } from '../lib/assert';
import { megabytes } from './buffers';
import type { Gpu } from './device';

/**
 * Makes the buffers of something, and waits for the device's word that they are there.
 *
 * @throws UserError with the size that was asked for, where the device has no room for them
 */
export async function withinMemory<T extends { destroy(): void }>(gpu: Gpu, make: () => T): Promise<T> {
  const before = gpu.buffers.liveBytes;
  gpu.device.pushErrorScope('out-of-memory');
  const made = attempt(make);
  const asked = gpu.buffers.liveBytes - before;
  const error = await gpu.device.popErrorScope().catch(() => null);
  if (error !== null && 'value' in made) {
    made.value.destroy();
    throw outOfMemory(asked);
  }
  if ('reason' in made) throw made.reason;
  return made.value;
}

/** The scope is closed whatever becomes of it. */
function attempt<T>(make: () => T): { value: T } | { reason: unknown } {
  try {
    return { value: make() };
  } catch (reason) {
    return { reason };
  }
}

function outOfMemory(bytes: number): UserError {
  return new UserError(
    `The graphics device has no room for the ${megabytes(bytes)} that a run of these settings needs.`,
    'Choose a smaller model size, or fewer questions per update or a smaller group, or close what else uses the graphics card.',
  );
}
