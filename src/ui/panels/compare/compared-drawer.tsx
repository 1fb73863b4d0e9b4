/** What lies over the page: one trajectory word for word, the answers to a question, two trajectories, or two steps or files. */
import './compare.css';
import { backFromCompared, closeCompared } from '../../../store/view/compare-actions';
import type { Compared } from '../../../store/state/compared';
import { Drawer } from '../../primitives/drawer';
import { useStudio, useStudioState } from '../../studio-context';
import { WholeTrajectory } from '../whole/whole-trajectory';
import { Answers } from './answers';
import { PairOfTrajectories } from './pair';
import { Sets } from './sets';

const TITLES: Readonly<Record<Compared['kind'], string>> = {
  whole: 'Whole trajectory',
  answers: 'Answers to one question',
  pair: 'Two trajectories',
  sets: 'Two steps or files',
};

export function ComparedDrawer(): React.JSX.Element | null {
  const studio = useStudio();
  const compared = useStudioState((state) => state.compared);
  const newest = compared.at(-1);
  if (!newest) return null;
  return (
    // Each begins at its top, with the focus.
    <Drawer key={compared.length} title={TITLES[newest.kind]} wide onClose={() => closeCompared(studio)}>
      {compared.length > 1 && (
        <button type="button" className="button compare-back" onClick={() => backFromCompared(studio)}>
          Back to the list
        </button>
      )}
      {newest.kind === 'whole' && <WholeTrajectory of={newest.of} side={newest.side} />}
      {newest.kind === 'answers' && <Answers from={newest.from} />}
      {newest.kind === 'pair' && <PairOfTrajectories refs={newest.refs} />}
      {newest.kind === 'sets' && <Sets refs={newest.refs} />}
    </Drawer>
  );
}
