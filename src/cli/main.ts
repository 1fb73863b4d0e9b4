import { UserError } from '../lib/assert';
import { DiskError } from './files/disk';

/**
 * Runs a command: bad input ends with its message and exit 2, a disk that refuses with exit 1, both without a stack trace.
 *
 * @param main may give the exit code
 */
export async function runMain(main: () => Promise<number | undefined> | Promise<void>): Promise<never> {
  try {
    process.exit((await main()) ?? 0);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof DiskError)) throw error;
    console.error(error.message);
    if (error.hint !== undefined) console.error(error.hint);
    process.exit(error instanceof UserError ? 2 : 1);
  }
}
