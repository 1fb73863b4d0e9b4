/** What differs between Node and a browser. */
export interface Host {
  /** Such as "Node 20.20.0" or "Chromium 156.0". */
  readonly runtime: string;
  /** Version of the package that brings Dawn to Node; null in a browser, which has its own. */
  readonly dawn: string | null;
  /** Processor cores that may be used. */
  readonly cores: number;
  /** CPU seconds used so far by everything that computes, drivers' threads included; null where nobody counts them. */
  cpuSeconds(): Promise<number | null>;
  /** Whether cpuSeconds is read the moment it is asked for, so that short phases can be told apart. */
  readonly promptCpu: boolean;
  /** A file of public/. @throws Error where it is missing */
  readPublic(path: string): Promise<Uint8Array>;
  /** Lines of the result. */
  say(lines: string): void;
  /** What goes on, for the person who waits. */
  note(line: string): void;
}
