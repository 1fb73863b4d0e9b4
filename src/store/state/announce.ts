import type { Studio } from './studio-state';

/** Short confirmation for screen readers and the status line. */
export function announce({ store }: Studio, announcement: string): void {
  store.setState({ announcement });
}
