/**
 * A second implementation of WebGPU: Deno's is wgpu, where Node's is Dawn. The commands are the same, run as a person without Node
 * runs them, on the adapter of the other tests.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE = ['scripts/cli.mjs'];
/** The package's own starter, which needs no install script. */
const DENO = ['node_modules/deno/bin.cjs', 'run', '--allow-all', 'scripts/cli.mjs'];
/** From the weights that ship, with rows enough for reviews and cuts. */
const RUN = '#v1&preset=search-r2&world=microwiki&seed=1&size=tiny&prompts=4&groupSize=4&evalEvery=0&evalQuestions=8';

/** What a command prints, line by line; a code other than 0 rejects with it. */
function lines(command: readonly string[]): Promise<string[]> {
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, { cwd: ROOT, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim().split('\n'));
      else reject(new Error(`${command.join(' ')}\n${stdout}\n${stderr}`));
    });
  });
}

async function afterOneUpdate(command: readonly string[]) {
  const last = (await lines([...command, 'weights-hash', RUN, '1'])).at(-1) ?? '';
  const [, software, hash] = /"software":(true|false)\},"update":1,"weightsHash":"([0-9a-f]{16})"/.exec(last) ?? [];
  return { software, hash };
}

it('computes in Deno what the golden fixtures say', async () => {
  expect((await lines([...DENO, 'verify', 'src/testing/golden'])).at(-1)).toMatch(/^[1-9]\d+ passed, 0 failed$/);
});

it('gives in Deno the weights that Node has after an update of the shipped run, bit for bit on a CPU', async () => {
  const deno = await afterOneUpdate(DENO);
  const node = await afterOneUpdate(NODE);
  expect(deno.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(node.software).toBe(deno.software);
  // Whether two compilers agree on a GPU is its driver's business.
  if (node.software === 'true') expect(deno.hash).toBe(node.hash);
});
