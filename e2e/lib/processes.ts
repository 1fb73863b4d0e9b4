/** Programs of the project that a test starts and ends. */
import { spawn } from 'node:child_process';

export interface Started {
  /** What it printed that was waited for. */
  found: string;
  stop: () => Promise<void>;
}

/** @param wanted what it prints once it is ready; its first group is given back */
export async function start(args: readonly string[], wanted: RegExp, timeoutMs = 60_000): Promise<Started> {
  const child = spawn(process.execPath, args, { env: { ...process.env, CI: '1', NO_COLOR: '1' }, detached: true });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isOver = true;
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    // The group: npm start is Node that runs Node.
    if (child.pid !== undefined && !isOver) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  let printed = '';
  const ready = new Promise<string>((resolve, reject) => {
    const hear = (part: Buffer): void => {
      printed += part.toString();
      const found = wanted.exec(printed);
      if (found) resolve(found[1] ?? found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`${args.join(' ')} ended: ${printed}`)));
    setTimeout(() => reject(new Error(`${args.join(' ')} was not ready: ${printed}`)), timeoutMs).unref();
  });
  try {
    return { found: await ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
