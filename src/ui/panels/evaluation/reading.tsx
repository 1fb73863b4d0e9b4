/** How well drafts are read, evaluation by evaluation: the network's reviews between the frozen base's and the symbolic reader's. */
import { fixed } from '../../format';
import { Term } from '../../terms/term';
import type { TermId } from '../../terms/term-ids';

const SERIES: readonly { metric: string; label: string; term?: TermId; colour: string; dash?: string }[] = [
  { metric: 'reviewAuc', label: 'reviews', term: 'review', colour: 'var(--ink)' },
  { metric: 'reviewAucBase', label: 'base', term: 'base', colour: 'var(--ink-3)', dash: '4 3' },
  { metric: 'reviewAucReader', label: 'by rules', colour: 'var(--ink-3)', dash: '1 3' },
];

interface Evaluated {
  update: number;
  metrics: Readonly<Record<string, number | null>>;
}

const WIDTH = 240;
const HEIGHT = 48;
/** Of the vertical axis: chance is at the bottom. */
const LOWEST = 0.5;

export function Reading({ evaluations }: { evaluations: readonly Evaluated[] }): React.JSX.Element | null {
  const measured = evaluations.filter(({ metrics }) => typeof metrics['reviewAuc'] === 'number');
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return null;
  const span = Math.max(1, last.update - first.update);
  const x = (update: number): number => 1 + ((WIDTH - 2) * (update - first.update)) / span;
  const y = (auc: number): number => 1 + (HEIGHT - 2) * (1 - (Math.max(auc, LOWEST) - LOWEST) / (1 - LOWEST));
  const values = SERIES.map((series) => ({ ...series, value: last.metrics[series.metric] }));
  return (
    <figure className="reading small">
      <figcaption>
        How well it reads <span className="quiet">(</span>
        <Term id="auc">AUC</Term>
        <span className="quiet">, 0.5 to 1)</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Whether reviews tell wrong drafts from right ones, over ${measured.length} evaluations: ${values
          .map(({ label, value }) => `${label} ${fixed(value)}`)
          .join(', ')}`}
      >
        <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line-strong)" />
        {SERIES.map(({ metric, colour, dash }) => {
          const points = measured.flatMap(({ update, metrics }) => {
            const value = metrics[metric];
            return typeof value === 'number' ? [`${x(update).toFixed(1)} ${y(value).toFixed(1)}`] : [];
          });
          // One evaluation is a line across: what was reached so far.
          const line = points.length === 1 ? `M${points[0] ?? ''}H${WIDTH}` : `M${points.join('L')}`;
          return (
            <path
              key={metric}
              d={line}
              fill="none"
              stroke={colour}
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              {...(dash === undefined ? {} : { strokeDasharray: dash })}
            />
          );
        })}
      </svg>
      <ul>
        {values.map(({ metric, label, term, colour, dash, value }) => (
          <li key={metric}>
            <svg width="14" height="8" aria-hidden="true">
              <path
                d="M0 4H14"
                stroke={colour}
                strokeWidth="2"
                {...(dash === undefined ? {} : { strokeDasharray: dash })}
              />
            </svg>
            {term ? <Term id={term}>{label}</Term> : label} <b>{fixed(value)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}
