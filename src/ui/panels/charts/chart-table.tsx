import type { ChartPoint } from '../../../recordings/metric-history';
import { fixed } from '../../format';
import type { ChartSpec } from './chart-specs';

/** The numbers behind a chart, newest first. */
export function ChartTable({ spec, points }: { spec: ChartSpec; points: readonly ChartPoint[] }): React.JSX.Element {
  return (
    // Scrollable regions need focus to be scrolled from the keyboard.
    <div className="chart-table" tabIndex={0} role="group" aria-label={`Numbers of ${spec.title}`}>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">update</th>
            {spec.series.map((series) => (
              <th key={series.metric} scope="col">
                {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...points].reverse().map((point) => (
            <tr key={point.update}>
              <th scope="row">{point.update}</th>
              {spec.series.map((series) => (
                <td key={series.metric} data-metric={series.metric} data-value={point[series.metric] ?? ''}>
                  {fixed(point[series.metric], Math.max(spec.decimals, 4))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
