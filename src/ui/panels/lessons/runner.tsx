import { useEffect, useRef } from 'react';
import type { LessonId } from '../../../lessons/ids';
import { say } from '../../../lessons/words';
import {
  canCompute,
  computeLesson,
  leaveLesson,
  lessonAfter,
  moveInLesson,
  openLesson,
} from '../../../store/lessons/play-lesson';
import type { LessonsState } from '../../../store/state/lessons-state';
import { useStudio, useStudioState } from '../../studio-context';
import { Ask } from './asks';
import { BeatRefiner } from './beat-refiner';
import { Scene } from './scene';
import { Words } from './words';

type Reading = NonNullable<LessonsState['open']>;

/** One lesson: at the left what is said and asked, at the right the picture it is about. */
export function Runner({ lesson }: { lesson: LessonId }): React.JSX.Element {
  const studio = useStudio();
  const open = useStudioState((state) => state.lessons.open);
  const problem = useStudioState((state) => state.lessons.problem);
  const title = say(`${lesson}.title`);
  return (
    <section className="lesson" aria-label={title}>
      <header className="lesson-head">
        <button type="button" className="button" onClick={() => leaveLesson(studio)}>
          {say('runner.leave')}
        </button>
        <h2 className="lesson-title">{title}</h2>
        {open !== null && <Source lesson={lesson} reading={open} />}
      </header>
      {problem !== null && (
        <div className="message" role="alert">
          <p>
            <b>{problem.message}</b> {problem.hint}
          </p>
          {open === null && (
            <button type="button" className="button" onClick={() => void openLesson(studio, lesson)}>
              {say('runner.again')}
            </button>
          )}
        </div>
      )}
      {open === null ? <Unopened lesson={lesson} /> : <Step lesson={lesson} reading={open} />}
    </section>
  );
}

const SOURCES = { recording: 'runner.recorded', engine: 'runner.computed', run: 'beat.fromRun' } as const;

/** Where the numbers come from: written down when the lesson was recorded, or computed in this browser. */
function Source({ lesson, reading }: { lesson: LessonId; reading: Reading }): React.JSX.Element {
  return (
    <p className="lesson-source">
      {say(SOURCES[reading.source])} <Compute lesson={lesson} />
    </p>
  );
}

/** Until the recording is here; where it cannot be had, the engine can make the lesson instead. */
function Unopened({ lesson }: { lesson: LessonId }): React.JSX.Element {
  const opening = useStudioState((state) => state.lessons.problem === null && state.lessons.stop === null);
  return <p className="empty">{opening ? say('runner.opening') : <Compute lesson={lesson} />}</p>;
}

/** Has the engine make the lesson anew, where this browser can; what it is at meanwhile. */
function Compute({ lesson }: { lesson: LessonId }): React.JSX.Element | null {
  const studio = useStudio();
  const able = useStudioState(() => canCompute(studio, lesson));
  const computing = useStudioState((state) => state.lessons.stop !== null);
  const progress = useStudioState((state) => state.lessons.progress);
  if (computing) {
    return (
      <>
        <span role="status">{say('runner.computing')}</span>{' '}
        {progress !== null && <b>{say('runner.progress', { ...progress })}</b>}{' '}
        <button type="button" className="button" onClick={() => studio.store.getState().lessons.stop?.()}>
          {say('runner.cancel')}
        </button>
      </>
    );
  }
  if (!able) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => void computeLesson(studio)}>
        {say(`${lesson}.compute`)}
      </button>{' '}
      {lesson === 'cut' && <BeatRefiner />}
    </>
  );
}

function Step({ lesson, reading }: { lesson: LessonId; reading: Reading }): React.JSX.Element {
  const studio = useStudio();
  const { played, place } = reading;
  const step = played.steps[place.step];
  const key = `${lesson}.${step?.words ?? ''}`;
  const told = played.told(place);
  const asked = played.asked(place);
  const done = played.isDone(place);
  const last = played.isLast(place);
  const heading = useRef<HTMLHeadingElement>(null);
  const arrived = useRef(place.step);
  // Whoever reads by keyboard or by ear goes on where the new step begins.
  useEffect(() => {
    if (arrived.current === place.step) return;
    arrived.current = place.step;
    heading.current?.focus();
  }, [place.step]);
  const verdict = useRef<HTMLDivElement>(null);
  const open = place.working !== null;
  const wasOpen = useRef<number | null>(null);
  // What locked the answer is gone with it: the keys go on from what it brought.
  useEffect(() => {
    if (!open && wasOpen.current === place.step) verdict.current?.focus();
    wasOpen.current = open ? place.step : null;
  }, [open, place.step]);
  const next = lessonAfter(lesson);
  return (
    <div className="lesson-body">
      <div className="lesson-words">
        <h3 className="lesson-step" ref={heading} tabIndex={-1}>
          {say('runner.step', { step: place.step + 1, steps: played.steps.length })}
        </h3>
        <p className="lesson-text">
          <Words of={`${key}.text`} told={told} />
        </p>
        {asked !== null && (
          <Ask
            key={place.step}
            asked={asked}
            label={say(`${key}.ask`, told)}
            working={place.working}
            locked={place.answers[step?.id ?? '']}
            canLock={played.canLock(place)}
            onChange={(answer) => moveInLesson(studio, { type: 'change', answer })}
            onLock={() => moveInLesson(studio, { type: 'lock' })}
          />
        )}
        <div className="lesson-verdict" role="status" ref={verdict} tabIndex={-1}>
          {asked !== null && done && (
            <p>
              <Words of={`${key}.verdict`} told={told} />
            </p>
          )}
        </div>
        <nav className="lesson-moves" aria-label={say('runner.moves')}>
          <button
            type="button"
            className="button"
            disabled={place.step === 0}
            onClick={() => moveInLesson(studio, { type: 'back' })}
          >
            {say('runner.back')}
          </button>
          {last ? (
            <button
              type="button"
              className="button primary"
              disabled={!done}
              onClick={() => (next === null ? leaveLesson(studio) : void openLesson(studio, next))}
            >
              {next === null ? say('runner.leave') : say('runner.next', { title: say(`${next}.title`) })}
            </button>
          ) : (
            <button
              type="button"
              className="button primary"
              disabled={!done}
              onClick={() => moveInLesson(studio, { type: 'forward' })}
            >
              {say('runner.forward')}
            </button>
          )}
          <button type="button" className="button" onClick={() => moveInLesson(studio, { type: 'startOver' })}>
            {say('runner.startOver')}
          </button>
        </nav>
      </div>
      <div className="lesson-picture">
        <Scene picture={reading.picture} place={place} step={step?.id ?? ''} scene={played.scene(place)} />
      </div>
    </div>
  );
}
