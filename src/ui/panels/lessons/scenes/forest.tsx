import './forest.css';

export interface ForestRow {
  label: string;
  /** Written beside it. */
  text: string;
  /** The interval; null where there is none. */
  bounds: { mean: number; low: number; high: number } | null;
  /** Single values behind it, e.g. one a seed. */
  points?: readonly number[];
}

interface ForestProps {
  rows: readonly ForestRow[];
  low: number;
  high: number;
  /** A line across, e.g. where nothing differs. */
  mark?: number;
  /** What the axis measures. */
  label: string;
}

/** Estimates with their intervals under one axis. The numbers stand beside them, for the eye and for the ear. */
export function Forest({ rows, low, high, mark, label }: ForestProps): React.JSX.Element {
  const x = (value: number): string => `${(100 * (value - low)) / (high - low)}%`;
  return (
    <figure className="forest">
      <figcaption className="forest-label">{label}</figcaption>
      <ul>
        {rows.map(({ label: name, text, bounds, points = [] }, at) => (
          <li key={at} className="forest-row">
            <span className="forest-name">{name}</span>
            <span className="forest-track" aria-hidden="true">
              {mark !== undefined && <span className="forest-mark" style={{ left: x(mark) }} />}
              {points.map((value, k) => (
                <span key={k} className="forest-point" style={{ left: x(value) }} />
              ))}
              {bounds && (
                <>
                  <span
                    className="forest-interval"
                    style={{ left: x(bounds.low), right: `calc(100% - ${x(bounds.high)})` }}
                  />
                  <span className="forest-mean" style={{ left: x(bounds.mean) }} />
                </>
              )}
            </span>
            <span className="forest-text">{text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
