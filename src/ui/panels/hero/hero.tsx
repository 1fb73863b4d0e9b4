/** What a newcomer sees first: what this is, one draft that a cut saved, and how much is learnt. */
import './hero.css';
import { captionOf } from '../../../recordings/stage/caption';
import type { Hero as Story } from '../../../store/view/hero';
import { shownConfig } from '../../../store/run/status';
import { goToUpdate, select } from '../../../store/view/view-actions';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { TrajectoryStrip } from '../trajectories/trajectory-row';
import { Learnt } from './learnt';
import { useHero } from './use-hero';
import { whatItIs } from './what-it-is';
import { Term } from '../../terms/term';
import { LessonLink } from '../../primitives/lesson-link';

export function Hero(): React.JSX.Element | null {
  const hero = useHero();
  const file = useStudioState((state) => state.rollouts.file !== null);
  // Slow motion tells a story of its own, and this one would give its end away.
  const slow = useStudioState((state) => state.pace === 'slow');
  const what = useStudioState((state) => whatItIs(shownConfig(state)));
  // A page within another is small, and what it is about stands around it.
  const embedded = useStudioState((state) => state.page.embed);
  if (file || slow || embedded) return null;
  return (
    <section className="hero" aria-label="In short">
      <div className="hero-what">
        <p className="hero-sentence">{what}</p>
        <Learnt />
      </div>
      {hero ? (
        <StoryOf key={hero.update} hero={hero} />
      ) : (
        <p className="quiet">
          The most telling trajectory will stand here. <LessonLink to="one-question" />
        </p>
      )}
    </section>
  );
}

function StoryOf({ hero: { update, trajectory, question, answer } }: { hero: Story }): React.JSX.Element {
  const studio = useStudio();
  return (
    <div className="hero-story">
      <div className="hero-head">
        <h2 className="hero-question">{question}</h2>
        <span className="small quiet">
          {trajectory.verdict === 'saved' ? <Term id="saved">saved by a cut</Term> : 'from'}
          {trajectory.verdict === 'saved' && ' in'} <Term id="update">update</Term> {count(update)}
        </span>
      </div>
      <div className="hero-strip">
        <TrajectoryStrip
          trajectory={trajectory}
          selected={null}
          onStep={(selection) => {
            goToUpdate(studio, update);
            select(studio, selection);
          }}
        />
      </div>
      <p className="hero-caption">{captionOf(trajectory, answer).join(' ')}</p>
    </div>
  );
}
