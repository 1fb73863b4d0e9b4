import { spawn } from 'node:child_process';

/** What stands between the program of this process (Node, or Deno, which asks for every right) and a script of ours. */
export const SCRIPT_ARGS = 'Deno' in globalThis ? ['run', '--allow-all'] : ['--enable-source-maps'];

/**
 * Runs a child in the foreground, passes signals on and resolves to its exit code. If a signal killed the child, this
 * process dies by the same signal, so that a shell sees what it would have seen without the wrapper.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const passOn = (signal) => {
      // A terminal sends Ctrl-C to the whole group: the child has it already, a second one might mean "now!" to it.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const release = () => {
      for (const signal of signals) process.off(signal, passOn);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, signal) => {
      release();
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a child to its end and returns what it wrote. Never throws: a program that cannot be started has code 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & {echo?: boolean}} [options] echo: also show the output as it comes
 * @returns {Promise<{code: number, signal: string | null, stdout: string, stderr: string}>}
 */
export function runCaptured(command, args, { echo = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (echo) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      if (echo) process.stderr.write(text);
    });
    child.once('error', (error) => resolve({ code: 127, signal: null, stdout, stderr: `${stderr}${error.message}` }));
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, stdout, stderr }));
  });
}
