import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a command of src/cli says in its last line, on the adapter that the browser has. */
export async function runInNode(command: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['scripts/cli.mjs', command, ...args], {
    env: { ...process.env, CUTPOINT_ADAPTER: 'swiftshader' },
    timeout: 240_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
