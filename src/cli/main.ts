import { UserError } from '../lib/assert';
import { StoppedError } from './files/stopped';

/**
 * Runs a command: bad input ends with its message and exit 2, what stops the work with exit 1, both without a stack trace.
 *
 * @param main may give the exit code
 */
export async function runMain(main: () => Promise<number | undefined> | Promise<void>): Promise<void> {
  try {
    await exit((await main()) ?? 0);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof StoppedError)) throw error;
    console.error(error.message);
    if (error.hint !== undefined) console.error(error.hint);
    await exit(error instanceof UserError ? 2 : 1);
  }
}

/** A pipe is written to later, as fast as its reader takes it: what exits before then cuts off what it printed. */
async function exit(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength === 0) continue;
    await new Promise<void>((resolve) => {
      // A reader that has enough, such as `head`, closes it.
      stream.once('error', () => resolve());
      stream.write('', () => resolve());
    });
  }
  return process.exit(code);
}
