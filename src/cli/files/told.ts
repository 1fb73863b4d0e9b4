/** What `npm run read` says of one file. */
export interface Told {
  /** One object a line with --json. */
  documents: readonly object[];
  /** The same for people. */
  lines: readonly string[];
  /** Whether something of it can be used. */
  opens: boolean;
  /** What was left out: where and why. */
  refusals: readonly string[];
}
