/** npm run verify -- FOLDER: golden fixtures against the float64 references and the GPU kernels of this machine. */
import { UserError } from '../lib/assert';
import { openVerifyOps } from './verify/gpu-answers';
import { parseArguments, verifyFolder } from './verify/run-cases';

async function main(): Promise<number> {
  const folder = parseArguments(process.argv.slice(2));
  const ops = openVerifyOps();
  try {
    return await verifyFolder(folder, ops.table, (line) => console.log(line));
  } finally {
    await ops.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  if (error.hint) console.error(error.hint);
  process.exitCode = 2;
}
