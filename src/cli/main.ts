import { UserError } from '../lib/assert';

/** Runs a command: bad input ends with its message and exit 2, without a stack trace. */
export async function runMain(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    if (error.hint !== undefined) console.error(error.hint);
    process.exit(2);
  }
}
