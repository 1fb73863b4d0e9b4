import type { SideName } from '../../recordings/decode-trajectory';

/** What the person looks at. `null` follows the most telling row of every new batch. */
export interface Selection {
  /** Row number within the update; of a file, within what is listed of it. */
  row: number;
  side: SideName;
  /** 1-based. */
  step: number;
}
