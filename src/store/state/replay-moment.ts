import type { Phase } from '../../trainer/protocol/protocol';

/** Where slow motion is. */
export interface ReplayMoment {
  phase: Phase;
  /** Steps that are shown of what is being written. */
  steps: number;
}
