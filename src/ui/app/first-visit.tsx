import { useState } from 'react';
import { endFirstVisit, isFirstVisit } from '../../store/view/first-visit';
import { readLesson } from '../../store/view/view-actions';
import { useStudio, useStudioState } from '../studio-context';

/** One line that offers lesson 1, until it is taken or put away. It is there with the first paint, so that nothing moves. */
export function FirstVisit(): React.JSX.Element | null {
  const studio = useStudio();
  const whole = useStudioState(({ page }) => !page.embed && !page.teacher && !page.lock.includes('views'));
  const [open, setOpen] = useState(isFirstVisit);
  if (!open || !whole) return null;
  const end = (): void => {
    endFirstVisit();
    setOpen(false);
  };
  return (
    <p className="first-visit">
      New here?{' '}
      <button
        type="button"
        className="button plain"
        onClick={() => {
          end();
          readLesson(studio, 'one-question');
        }}
      >
        Lesson 1: one question, step by step
      </button>{' '}
      <button type="button" className="button plain" aria-label="No lesson, thank you" onClick={end}>
        ×
      </button>
    </p>
  );
}
