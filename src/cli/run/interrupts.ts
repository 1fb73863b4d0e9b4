/** Ctrl-C and SIGTERM: the first asks the run to stop where it can be continued, the second ends the process at once. */

/** Exit code of a command that was interrupted, as a shell has it for SIGINT. */
export const INTERRUPTED = 130;

let asked = false;
let listening = false;

export function listenForInterrupts(): void {
  // A second listener would take the first signal for the second.
  if (listening) return;
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(INTERRUPTED);
      asked = true;
    });
  }
}

export function interrupted(): boolean {
  return asked;
}

/** The command line that starts this command again, quoted for a shell. */
export function thisCommand(name: string, args: readonly string[] = process.argv.slice(2)): string {
  const quoted = args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`));
  return [`npm run ${name} --`, ...quoted].join(' ');
}
