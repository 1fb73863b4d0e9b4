/** A tag within a completion. */
export type TagKind = 'think' | 'search' | 'information' | 'answer';

export interface Tag {
  kind: TagKind;
  name: string;
  closes: boolean;
  /** Characters [start, end). */
  start: number;
  end: number;
  /** What stands beside the name: `name="google_search"`. */
  attributes: string;
  /** A special token, which is in no one's prose. */
  special: boolean;
}
