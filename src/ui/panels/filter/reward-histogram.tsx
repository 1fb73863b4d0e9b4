import { editList } from '../../../store/view/view-actions';
import { binRange, REWARD_BINS } from '../../../store/state/row-list';
import type { RowList } from '../../../store/state/row-list';
import { fixed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

const NO_BINS = Array.from({ length: REWARD_BINS }, () => 0);

/** Final rewards of what filter and search leave; a bar lists its rows alone, a second press all again. */
export function RewardHistogram({ list }: { list: RowList | null }): React.JSX.Element {
  const studio = useStudio();
  const chosen = useStudioState((state) => state.list.bin);
  const bins = list?.bins ?? NO_BINS;
  const most = Math.max(1, ...bins);
  return (
    <figure className="rewards">
      <figcaption className="small">
        <Term id="reward">Reward</Term> of the <Term id="final-trajectory">final trajectory</Term>
      </figcaption>
      <div className="reward-bins" role="group" aria-label="Filter by reward">
        {bins.map((number, bin) => {
          const [from, to] = binRange(bin);
          const label = `${number} with a reward from ${fixed(from)} to ${fixed(to)}`;
          return (
            <button
              key={bin}
              type="button"
              className="reward-bin"
              aria-pressed={chosen === bin}
              aria-label={label}
              title={label}
              disabled={number === 0 && chosen !== bin}
              onClick={() => editList(studio, { bin: chosen === bin ? null : bin })}
            >
              <span style={{ height: `${(100 * number) / most}%` }} />
            </button>
          );
        })}
      </div>
      <div className="reward-axis small quiet" aria-hidden="true">
        <span>0</span>
        <span>1</span>
        <span>2</span>
      </div>
    </figure>
  );
}
