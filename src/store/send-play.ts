import type { Studio } from './studio-state';

export function sendPlay({ store, client }: Studio): void {
  store.setState({ playWanted: false, playing: true });
  client.send({ type: 'play' });
}
