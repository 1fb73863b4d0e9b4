import { inWords } from '../../../../lessons/cut/lesson';
import { say } from '../../../../lessons/words';
import type { CutValue, CutValues } from '../../../../recordings/cut-values';
import { fixed } from '../../../format';

/** Highest reward where it is gated: exact match and every search useful. */
const MOST = 2;

interface SweepTableProps {
  values: CutValues;
  /** 0 accepts, j cuts at step j; below 0 where nothing was chosen. */
  yours: number;
  refiner: number;
}

/** Mean reward of accepting and of each cut, with its interval, and who chose what. */
export function SweepTable({ values, yours, refiner }: SweepTableProps): React.JSX.Element {
  const { choices, best, uniform } = values;
  const most = Math.max(MOST, ...choices.map(({ mean, interval }) => interval?.high ?? mean));
  const marks = (step: number): string[] => [
    ...(step === yours ? [say('beat.you')] : []),
    ...(step === refiner ? [say('beat.refiner')] : []),
    ...(step === best ? [say('beat.best')] : []),
  ];
  return (
    <table className="beat-table sweep-table">
      <caption>{say('beat.sweep')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('beat.choice')}</th>
          <th scope="col">{say('beat.mean')}</th>
          <th scope="col">{say('beat.interval')}</th>
        </tr>
      </thead>
      <tbody>
        {choices.map((value) => (
          <tr key={value.step}>
            <th scope="row">
              {inWords(value.step)}
              <span className="sweep-marks">
                {marks(value.step).map((mark) => (
                  <span key={mark} className="sweep-mark">
                    {mark}
                  </span>
                ))}
              </span>
            </th>
            <td className="sweep-mean">{fixed(value.mean)}</td>
            <td>
              <Bar value={value} uniform={uniform} most={most} />
              <span className="visually-hidden">
                {value.interval === null
                  ? say('beat.own')
                  : `${fixed(value.interval.low)} – ${fixed(value.interval.high)}`}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={3}>{say('beat.random', { value: fixed(uniform) })}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** The mean as a dot on its interval; the dashed line is a cut drawn at random. */
function Bar({ value, uniform, most }: { value: CutValue; uniform: number; most: number }): React.JSX.Element {
  const { mean, interval } = value;
  const at = (reward: number): string => `${(100 * reward) / most}%`;
  return (
    <span className="sweep-bar" aria-hidden="true">
      <span className="sweep-random" style={{ left: at(uniform) }} />
      {interval !== null && (
        <span className="sweep-interval" style={{ left: at(interval.low), width: at(interval.high - interval.low) }} />
      )}
      <span className="sweep-dot" style={{ left: at(mean) }} />
    </span>
  );
}
