/** What ends a command in the middle of its work, with exit 1 and no stack trace: the disk, the device, or the numbers. */
export class StoppedError extends Error {
  override name = 'StoppedError';

  /** @param hint what is kept, and how to go on */
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
