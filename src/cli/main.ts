import { UserError } from '../lib/assert';
import { StoppedError } from './files/stopped';

/**
 * Runs a command: bad input ends with its message and exit 2, what stops the work with exit 1, both without a stack trace.
 *
 * @param main may give the exit code
 */
export async function runMain(main: () => Promise<number | undefined> | Promise<void>): Promise<never> {
  try {
    process.exit((await main()) ?? 0);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof StoppedError)) throw error;
    console.error(error.message);
    if (error.hint !== undefined) console.error(error.hint);
    process.exit(error instanceof UserError ? 2 : 1);
  }
}
