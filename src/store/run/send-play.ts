import type { Studio } from '../state/studio-state';

/** Plays up to the target where there is one ahead, else until paused. */
export function sendPlay({ store, client }: Studio): void {
  const { target, update } = store.getState();
  const until = target !== null && target > update ? target : null;
  store.setState({ playWanted: false, playing: true, target: until });
  client.send(until === null ? { type: 'play' } : { type: 'play', until });
}
