import { vi } from 'vitest';

class Exit extends Error {
  constructor(readonly code: unknown) {
    super(`exit ${String(code)}`);
  }
}

const COMMANDS = {
  doctor: () => import('./doctor'),
  experiment: () => import('./experiment'),
  export: () => import('./export'),
  pretrain: () => import('./pretrain'),
  read: () => import('./read'),
  report: () => import('./report'),
};

export interface CommandResult {
  code: unknown;
  /** stdout and stderr. */
  text: string;
}

/**
 * Runs a command in this process as its own would, up to its exit.
 *
 * @param interruptAt interrupts it, as Ctrl-C does, once it has printed a line that matches
 */
export async function runCommand(
  command: keyof typeof COMMANDS,
  args: string[],
  interruptAt?: RegExp,
): Promise<CommandResult> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const argv = process.argv;
  const before = signals.map((signal) => process.listeners(signal));
  const added = () =>
    signals.map((signal, i) => process.listeners(signal).filter((listener) => !before[i]?.includes(listener)));
  const lines: string[] = [];
  const log = (...parts: unknown[]) => {
    const line = parts.join(' ');
    lines.push(line);
    if (interruptAt?.test(line) === true) for (const listener of added()[0] ?? []) listener('SIGINT');
  };
  process.argv = [process.execPath, `${command}.mjs`, ...args];
  const spies = [
    vi.spyOn(console, 'error').mockImplementation(log),
    vi.spyOn(console, 'log').mockImplementation(log),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk).trimEnd());
      return true;
    }),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code);
    }),
  ];
  // The modules run again, from their first line.
  vi.resetModules();
  try {
    await COMMANDS[command]();
    throw new Error('the command came to no end');
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, text: lines.join('\n') };
  } finally {
    process.argv = argv;
    for (const spy of spies) spy.mockRestore();
    for (const [i, listeners] of added().entries()) {
      for (const listener of listeners) process.removeListener(signals[i] ?? 'SIGINT', listener);
    }
  }
}
