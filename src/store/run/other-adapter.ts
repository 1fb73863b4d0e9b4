/** A run that goes on where it was not begun: said once it is known who computes here. */
import type { Studio, StudioState } from '../state/studio-state';
import { adapterName } from './status';

/**
 * @param begunOn name of the adapter that the run was recorded on; browsers and other implementations of WebGPU name one adapter
 *   differently, and one that has no name here may be any
 */
export function sayOtherAdapter({ store }: Studio, begunOn: string): void {
  const { runId } = store.getState();
  const say = ({ adapter, notes }: StudioState): boolean => {
    if (adapter === null) return false;
    const here = adapterName(adapter);
    if (here !== begunOn) store.setState({ notes: [...notes, noteOf(begunOn, here)] });
    return true;
  };
  if (say(store.getState())) return;
  const stop = store.subscribe((state) => {
    if (state.runId !== runId) stop();
    else if (state.adapter !== null) {
      stop();
      say(state);
    }
  });
}

function noteOf(begunOn: string, here: string): string {
  return `This run was begun on “${begunOn}” and goes on here on “${here}”. Other adapters and browsers may round otherwise: from now on it may differ from the run that it would have been there.`;
}
