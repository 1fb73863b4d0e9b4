/** An honest page for the view that is still to come: what it will show and what can be done today. */
import { setView } from '../../store/run/actions';
import { useStudio } from '../studio-context';

export function LessonsPage(): React.JSX.Element {
  return (
    <ComingPage
      title="Lessons"
      intro="Here will be seven short lessons: one trajectory, reward and density, groups and advantages, where to cut, accept or reject, training both, and what can go wrong."
      today={[
        'In Studio press Step and select a row: the Inspector fills in the reward formula with its numbers.',
        'Press Play and watch exact match of drafts and of final trajectories draw apart in the charts.',
        'In Settings choose the preset “Search-R1”, which has no refiner, apply, and compare.',
      ]}
    />
  );
}

function ComingPage({ title, intro, today }: { title: string; intro: string; today: string[] }): React.JSX.Element {
  const studio = useStudio();
  return (
    <section className="coming" aria-label={title}>
      <h2>{title}</h2>
      <p>{intro}</p>
      <p className="quiet">This view is not built yet. Today you can already do this:</p>
      <ul className="coming-list">
        {today.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      <button type="button" className="button" onClick={() => setView(studio, 'studio')}>
        Go to Studio
      </button>
    </section>
  );
}
