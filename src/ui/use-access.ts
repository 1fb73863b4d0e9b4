import { accessTo } from '../store/state/page-options';
import type { Access, ControlId } from '../store/state/page-options';
import { useStudioState } from './studio-context';

export const LOCKED_HELP = 'Locked by the link of this page';

/** Whether the link of the page hides or locks a control. */
export function useAccess(id: ControlId): Access {
  return useStudioState((state) => accessTo(state.page, id));
}
