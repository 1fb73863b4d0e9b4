import './wrong-scene.css';
import type { RunConfig } from '../../../../config/schema';
import { say } from '../../../../lessons/words';
import type { Row, WrongData } from '../../../../lessons/wrong/data';
import { foundIn } from '../../../../lessons/wrong/lesson';
import { BROKEN_RUNS, configOf, healthyConfig, updatesOf } from '../../../../lessons/wrong/runs';
import { fixed } from '../../../format';
import { CurvePlot } from '../../../primitives/curve-plot';
import { FailureCard } from '../../check-up/failure-card';
import type { SceneProps } from './scene-props';

/** The charts of a run, by the metric and the least height of the axis. */
const SHOWN = [
  { id: 'emFinal', top: 1 },
  { id: 'rewardMean', top: 2 },
  { id: 'equal', top: 1 },
  { id: 'searches', top: 4 },
  { id: 'klK3', top: 0.2 },
  { id: 'entropy', top: 0.5 },
] as const;

interface ShownRun {
  rows: readonly Row[];
  /** With which settings an update was made. */
  configAt: (update: number) => Pick<RunConfig, 'prompts'>;
}

function valuesOf({ rows, configAt }: ShownRun, id: string): { x: number; y: number }[] {
  return rows.flatMap(({ update, metrics }) => {
    const value = id === 'equal' ? (metrics['zeroVarianceGroups'] ?? NaN) / configAt(update).prompts : metrics[id];
    return typeof value === 'number' && Number.isFinite(value) ? [{ x: update, y: value }] : [];
  });
}

/** A run beside a healthy one; once its cure is chosen, how it goes on with it and what the doctor said. */
export function WrongScene({ data, place, step, scene }: SceneProps<WrongData>): React.JSX.Element {
  const locked = step in place.answers;
  const [kind, number = ''] = scene.split('-');
  const at = Number(number);
  const run = BROKEN_RUNS[at];
  const cured = kind === 'cured' && locked;
  const { broken, all } = updatesOf(data);
  const updates = kind === 'healthy' || cured ? all : broken;
  const healthy: ShownRun = { rows: data.healthy.slice(0, updates), configAt: () => healthyConfig(data) };
  const common = { healthy, updates, cureAfter: broken };
  if (kind === 'healthy' || run === undefined) return <Charts {...common} run={null} />;
  const shown: ShownRun = {
    rows: (data.broken[at] ?? []).slice(0, updates),
    configAt: (update) => configOf(run, data, update > broken),
  };
  const failure = foundIn(data, at).find(({ id }) => id === run.failure);
  return (
    <>
      <Charts {...common} run={{ ...shown, name: String.fromCharCode(65 + at) }} cured={cured} />
      {cured && failure && <FailureCard failure={failure} config={configOf(run, data, false)} />}
    </>
  );
}

interface ChartsProps {
  healthy: ShownRun;
  run: (ShownRun & { name: string }) | null;
  updates: number;
  cureAfter: number;
  cured?: boolean;
}

function Charts({ healthy, run, updates, cureAfter, cured = false }: ChartsProps): React.JSX.Element {
  return (
    <div className="wrong-charts">
      <p className="wrong-legend">
        {run && (
          <span>
            <Key kind="run" /> {say('charts.run', { run: run.name })}
          </span>
        )}
        <span>
          <Key kind={run ? 'healthy' : 'run'} /> {say('charts.healthy')}
        </span>
        {cured && (
          <span>
            <Key kind="cure" /> {say('charts.cure')}
          </span>
        )}
      </p>
      <div className="wrong-grid">
        {SHOWN.map(({ id, top }) => {
          const mine = run && valuesOf(run, id);
          const well = valuesOf(healthy, id);
          const most = Math.max(top, ...[...(mine ?? []), ...well].map(({ y }) => y));
          const yTicks = [0, most === top ? top : Number(most.toPrecision(2))];
          const curves = mine
            ? [
                { kind: 'healthy', points: well },
                { kind: 'run', points: mine },
              ]
            : [{ kind: 'run', points: well }];
          const chart = say(`charts.${id}`);
          return (
            <figure key={id}>
              <CurvePlot
                curves={cured ? [...curves, { kind: 'cure', points: cureLine(cureAfter, yTicks[1] ?? 1) }] : curves}
                xTicks={cured || run === null ? [0, cureAfter, updates] : [0, updates]}
                yTicks={yTicks}
                xLabel={say('ask.curve.x')}
                yLabel={chart}
              />
              <figcaption className="visually-hidden">
                {say('charts.now', { chart, value: lastOf(mine ?? well), healthy: lastOf(well) })}
              </figcaption>
            </figure>
          );
        })}
      </div>
    </div>
  );
}

function Key({ kind }: { kind: string }): React.JSX.Element {
  return (
    <svg className="wrong-key" aria-hidden="true">
      <line className={`curve curve-${kind}`} x1="0" x2="28" y1="6" y2="6" />
    </svg>
  );
}

const cureLine = (x: number, top: number) => [0, top].map((y) => ({ x, y }));
const lastOf = (points: readonly { y: number }[]): string => fixed(points.at(-1)?.y);
