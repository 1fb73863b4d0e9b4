import { LESSON_IDS } from '../../lessons/ids';
import type { LessonId } from '../../lessons/ids';
import { readLesson } from '../../store/view/view-actions';
import { useStudio } from '../studio-context';
import { useAccess } from '../use-access';

/** Under an empty place: which lesson explains what will stand there. */
export function LessonLink({ to }: { to: LessonId }): React.JSX.Element | null {
  const studio = useStudio();
  if (useAccess('views') !== 'free') return null;
  return (
    <button type="button" className="lesson-link" onClick={() => readLesson(studio, to)}>
      Lesson {LESSON_IDS.indexOf(to) + 1} explains it.
    </button>
  );
}
