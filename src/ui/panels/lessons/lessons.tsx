import './lessons.css';
import { useEffect, useId } from 'react';
import { LESSON_IDS } from '../../../lessons/ids';
import { LESSONS } from '../../../lessons/lessons';
import { say } from '../../../lessons/words';
import { openLesson, recallFinished } from '../../../store/lessons/play-lesson';
import { useStudio, useStudioState } from '../../studio-context';
import { BeatRefiner } from './beat-refiner';
import { Runner } from './runner';

/** The list of lessons, or the one that is read. */
export function Lessons(): React.JSX.Element {
  const studio = useStudio();
  const at = useStudioState((state) => state.lessons.at);
  const open = useStudioState((state) => state.lessons.open);
  const failed = useStudioState((state) => state.lessons.problem !== null);
  const computing = useStudioState((state) => state.lessons.stop !== null);
  const wanted = open === null && !failed && !computing ? at : null;
  useEffect(() => recallFinished(studio), [studio]);
  // A link names a lesson before anybody has pressed anything.
  useEffect(() => {
    if (wanted !== null) void openLesson(studio, wanted.lesson, wanted.step);
  }, [studio, wanted]);
  if (at === null) return <LessonList />;
  return <Runner lesson={at.lesson} />;
}

function LessonList(): React.JSX.Element {
  const studio = useStudio();
  const beat = useId();
  const able = useStudioState((state) => state.support.status === 'ok');
  const finished = useStudioState((state) => state.lessons.finished);
  return (
    <section className="lessons" aria-label={say('list.title')}>
      <h2 className="lessons-title">{say('list.title')}</h2>
      <p className="lessons-intro">{say('list.intro')}</p>
      <ol className="lesson-list">
        {LESSON_IDS.filter((id) => LESSONS[id] !== undefined).map((id, at) => (
          <li key={id}>
            <button type="button" className="lesson-card" onClick={() => void openLesson(studio, id)}>
              <span className="lesson-number">{at + 1}</span>
              <span className="lesson-name">{say(`${id}.title`)}</span>
              <span className="lesson-asks">{say(`${id}.question`)}</span>
              {finished.has(id) && <span className="lesson-mark">{say('list.finished')}</span>}
            </button>
          </li>
        ))}
      </ol>
      {able && (
        <section className="lessons-more" aria-labelledby={beat}>
          <h3 className="lesson-name" id={beat}>
            {say('beat.title')}
          </h3>
          <p>{say('beat.intro')}</p>
          <BeatRefiner />
        </section>
      )}
    </section>
  );
}
