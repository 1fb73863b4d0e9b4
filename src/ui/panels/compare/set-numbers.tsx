import type { RowSet, SetSummary } from '../../../store/view/rollout-sets';
import { count, fixed, signed } from '../../format';

interface SetNumbersProps {
  summaries: readonly [SetSummary, SetSummary];
  sets: readonly [RowSet, RowSet];
}

interface Line {
  name: string;
  of: (summary: SetSummary) => string;
  /** What is subtracted, in as many decimals. */
  value?: (summary: SetSummary) => number | null;
  decimals?: number;
}

/** What two sets came to, and the difference. */
export function SetNumbers({ summaries, sets }: SetNumbersProps): React.JSX.Element {
  const [a, b] = summaries;
  const units = [...new Set(sets.map(({ table }) => table.sizeUnit))];
  const length = units.length > 1 || units[0] === 'mixed' ? 'length' : `length in ${units[0]}`;
  const lines: Line[] = [
    { name: 'trajectories', of: ({ rows }) => count(rows) },
    { name: 'groups', of: ({ groups }) => count(groups) },
    {
      ...{ name: 'exact match', value: ({ em }) => em, decimals: 3 },
      of: ({ em, known, rows }) =>
        (em === null ? 'unknown' : em.toFixed(3)) + (known > 0 && known < rows ? ` (of ${count(known)} known)` : ''),
    },
    { name: 'reward', of: ({ reward }) => fixed(reward, 3), value: ({ reward }) => reward, decimals: 3 },
    { name: 'searches', of: ({ searches }) => fixed(searches), value: ({ searches }) => searches, decimals: 2 },
    // Tokens less characters would be nothing.
    {
      ...{ name: length, of: ({ size }) => fixed(size, 0), decimals: 0 },
      ...(units.length > 1 ? {} : { value: ({ size }: SetSummary) => size }),
    },
    {
      name: 'groups with equal rewards',
      of: ({ realGroups, equalGroups }) => (realGroups === 0 ? '–' : `${count(equalGroups)} of ${count(realGroups)}`),
    },
  ];
  return (
    <div className="compare-scroll" tabIndex={0} role="group" aria-label="Numbers of both">
      <table className="compare-table small">
        <thead>
          <tr>
            <th scope="col">mean over its trajectories</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B − A</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, of, value, decimals = 0 }) => {
            const [x, y] = [value?.(a) ?? null, value?.(b) ?? null];
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{of(a)}</td>
                <td>{of(b)}</td>
                <td>{x === null || y === null ? '' : signed(Number((y - x).toFixed(decimals)), decimals)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
