/** A line of a file of facts. */
export interface Line {
  /** 1-based. */
  readonly line: number;
  readonly content: string;
}
