import { UserError } from '../../lib/assert';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import type { Studio } from '../state/studio-state';

export type CheckpointEvent = Extract<TrainerEvent, { type: 'checkpoint' }>;

/**
 * Asks the engine for the state after the last whole update. @throws UserError where the run ends before it answers
 */
export function requestCheckpoint({ client, store }: Studio): Promise<CheckpointEvent> {
  const { runId } = store.getState();
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      stopListening();
      stopWatching();
      finish();
    };
    const stopListening = client.subscribe((event) => {
      if (event.type === 'checkpoint') settle(() => resolve(event));
    });
    const stopWatching = store.subscribe((state) => {
      if (state.runId === runId && state.runState !== 'failed') return;
      settle(() => reject(new UserError('The run ended before its checkpoint was made.')));
    });
    client.send({ type: 'checkpoint' });
  });
}
