import { useEffect } from 'react';
import { STEP, togglePlay, toggleSettings } from '../../store/run/actions';
import { toggleRuns } from '../../store/files/saved/runs-actions';
import { closeCompared } from '../../store/view/compare-actions';
import { accessTo } from '../../store/state/page-options';
import { useStudio } from '../studio-context';

/** Keys act on the page, not where a person types or where the focused control uses the key itself. */
function ownsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, select, textarea, [contenteditable]')) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}

/** Space plays or pauses, "." makes one update, Escape closes the settings. */
export function useShortcuts(): void {
  const studio = useStudio();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // Before the check for fields: Escape leaves the drawer from inside its fields too.
      if (event.key === 'Escape' && studio.store.getState().settingsOpen) toggleSettings(studio);
      if (event.key === 'Escape' && studio.store.getState().runsOpen) toggleRuns(studio);
      if (event.key === 'Escape') closeCompared(studio);
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || ownsKey(event.target, event.key)) return;
      if (event.key === ' ') {
        event.preventDefault();
        togglePlay(studio);
      } else if (event.key === STEP.key) {
        const state = studio.store.getState();
        if (STEP.enabled(state) && accessTo(state.page, 'step') === 'free') STEP.perform(studio);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [studio]);
}
