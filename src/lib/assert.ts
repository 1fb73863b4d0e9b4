/**
 * Bad input by a person (a flag, a file, a link), as opposed to a fault of the program. The command line prints
 * `message` and `hint` and exits 2 without a stack; the page shows both.
 */
export class UserError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UserError';
    this.hint = hint;
  }
}

/** Throws an Error saying `message` unless `condition` holds: for what only a fault of the program can break. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}
