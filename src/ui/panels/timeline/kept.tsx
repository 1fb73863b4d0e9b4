import { HISTORY_CAPACITY } from '../../../recordings/metric-history';
import { count } from '../../format';
import { Term } from '../../terms/term';
import { usePacedState } from '../../paced';
import { useStudio } from '../../studio-context';

/** What of the run is kept, and what was dropped. */
export function Kept(): React.JSX.Element {
  const { batches, history } = useStudio();
  usePacedState((state) => state.batchVersion);
  usePacedState((state) => state.metricsVersion);
  const { whole, sampled, dropped } = batches.counts();
  // Trajectories come a few times a second; of a fast run not every update shows its own.
  const skipped = Math.max(0, history.length + history.dropped - whole - sampled - dropped);
  const notes = [
    `${count(whole)} ${whole === 1 ? 'update' : 'updates'} whole`,
    ...(sampled > 0 ? [`${count(sampled)} earlier ones sampled`] : []),
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
    ...(skipped > 0 ? [`${count(skipped)} not sent (four a second are)`] : []),
  ];
  const numbers = history.dropped > 0 ? ` Numbers: the last ${count(HISTORY_CAPACITY)} updates.` : '';
  return (
    <span className="small quiet timeline-kept">
      {whole > 0 && (
        <>
          <Term id="kept" then=":">
            Kept
          </Term>{' '}
          {`${notes.join(', ')}.${numbers}`}
        </>
      )}
    </span>
  );
}
