import { useStudioState } from './studio-context';

/**
 * False while the page starts: until it knows what it computes on. What is not read in the first second is fetched and drawn
 * after that, as each request and each piece of code would hold back what is.
 */
export function useMachineKnown(): boolean {
  return useStudioState((state) => state.support.status !== 'checking');
}
