import './threshold-scene.css';
import { say } from '../../../../lessons/words';
import type { ThresholdData } from '../../../../lessons/threshold/data';
import { outcomeTold, thresholdOf, thresholdText } from '../../../../lessons/threshold/lesson';
import { ALWAYS, curveOf, marginOf, NEVER, outcomeAt } from '../../../../lessons/threshold/outcome';
import { CurvePlot, share } from '../../../primitives/curve-plot';
import type { SceneProps } from './scene-props';

const ENDS = [-5, 5] as const;
/** Of the columns in which drafts of like margin stand. */
const WIDTH = 0.5;

/** The drafts by their margin with the threshold on them, then what each threshold comes to. */
export function ThresholdScene({ data, place, step, scene }: SceneProps<ThresholdData>): React.JSX.Element {
  const locked = step in place.answers;
  if (scene === 'curve') return <Curve data={data} yours={thresholdOf(place.answers)} />;
  if (scene === 'always') return <Drafts data={data} threshold={locked ? ALWAYS : 0} />;
  if (step === 'idea') return <Drafts data={data} threshold={null} />;
  const { working } = place;
  const moved = step === 'margin' && working?.kind === 'number' ? working.value : thresholdOf(place.answers);
  return <Drafts data={data} threshold={step === 'margin' ? (moved ?? 0) : 0} />;
}

interface DraftsProps {
  data: ThresholdData;
  /** null before there is one. */
  threshold: number | null;
}

/** Wrong drafts upwards, right ones downwards; those that are cut in the colour of the cut. */
function Drafts({ data, threshold }: DraftsProps): React.JSX.Element {
  const columns = new Map<number, { wrong: number; right: number }>();
  // What lies beyond an end stands in its last column.
  const at = (margin: number): number =>
    Math.floor(Math.min(Math.max(margin, ENDS[0]), ENDS[1] - WIDTH) / WIDTH) * WIDTH;
  const marks = data.drafts.map((draft) => {
    const margin = marginOf(draft);
    const column = at(margin);
    const heap = columns.get(column) ?? { wrong: 0, right: 0 };
    columns.set(column, heap);
    return { ...draft, margin, column, height: draft.right ? heap.right++ : heap.wrong++ };
  });
  const heaps = [...columns.values()];
  const up = Math.max(...heaps.map(({ wrong }) => wrong));
  const down = Math.max(...heaps.map(({ right }) => right));
  const right = data.drafts.filter((draft) => draft.right).length;
  const counts = { right, wrong: data.drafts.length - right, drafts: data.drafts.length };
  const x = (margin: number): number => 100 * share(margin, ENDS);
  const line = threshold === null || Number.isFinite(threshold) ? threshold : ENDS[0];
  const captions = (at: number): string => {
    const place = at === ALWAYS ? say('margin.always') : thresholdText(at);
    return say('margin.caption', { ...counts, ...outcomeTold(outcomeAt(data, at)), threshold: place });
  };
  return (
    <figure className="drafts">
      <p className="drafts-side">{say('margin.wrong')}</p>
      <div className="drafts-field" style={{ height: `${(up + down) * 9 + 12}px` }} aria-hidden="true">
        <span className="drafts-axis" style={{ top: `${up * 9 + 6}px` }} />
        {marks.map(({ right: isRight, margin, column, height }, i) => (
          <span
            key={i}
            className={isRight ? 'draft-mark draft-right' : 'draft-mark'}
            data-cut={threshold !== null && margin >= threshold ? '' : undefined}
            style={{
              left: `calc(${x(column)}% + 1px)`,
              top: `${isRight ? up * 9 + 10 + height * 9 : (up - height - 1) * 9 + 3}px`,
            }}
          />
        ))}
        {line !== null && <span className="drafts-threshold" style={{ left: `${x(line)}%` }} />}
      </div>
      <p className="drafts-side">{say('margin.right')}</p>
      <div className="drafts-ticks" aria-hidden="true">
        {[-4, -2, 0, 2, 4].map((tick) => (
          <span key={tick} style={{ left: `${x(tick)}%` }}>
            {thresholdText(tick)}
          </span>
        ))}
      </div>
      <p className="drafts-label">{say('margin.axis')}</p>
      <figcaption>{threshold === null ? say('margin.open', counts) : captions(threshold)}</figcaption>
    </figure>
  );
}

const TICKS = 4;

/** Saved against harmed at every threshold, and the numbers of a few. */
function Curve({ data, yours }: { data: ThresholdData; yours: number | undefined }): React.JSX.Element {
  const points = curveOf(data).map(({ saved, harmed }) => ({ x: harmed, y: saved }));
  const most = Math.ceil(Math.max(...points.flatMap(({ x, y }) => [x, y])) / TICKS) * TICKS;
  const ticks = Array.from({ length: TICKS + 1 }, (_, at) => (most * at) / TICKS);
  const rows = [
    { kind: 'never', threshold: NEVER, name: say('margin.never') },
    { kind: 'zero', threshold: 0, name: say('margin.zero') },
    ...(yours === undefined
      ? []
      : [{ kind: 'yours', threshold: yours, name: say('margin.yours', { threshold: thresholdText(yours) }) }]),
    { kind: 'always', threshold: ALWAYS, name: say('margin.always') },
  ].map((row) => ({ ...row, outcome: outcomeAt(data, row.threshold) }));
  return (
    <div className="threshold-curve">
      <CurvePlot
        curves={[
          { kind: 'even', points: [0, most].map((at) => ({ x: at, y: at })) },
          { kind: 'threshold', points },
        ]}
        xTicks={ticks}
        yTicks={ticks}
        xLabel={say('margin.harmed')}
        yLabel={say('margin.saved')}
      >
        {rows.map(({ kind, outcome }) => (
          <span
            key={kind}
            className="curve-mark"
            data-kind={kind}
            aria-hidden="true"
            style={{ left: `${100 * share(outcome.harmed, ticks)}%`, bottom: `${100 * share(outcome.saved, ticks)}%` }}
          />
        ))}
      </CurvePlot>
      <table className="beat-table">
        <caption>{say('margin.table')}</caption>
        <thead>
          <tr>
            {(['place', 'cut', 'saved', 'harmed', 'gain'] as const).map((head) => (
              <th key={head} scope="col">
                {say(`margin.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, name, outcome }) => {
            const { cut, saved, harmed, gain } = outcomeTold(outcome);
            return (
              <tr key={kind}>
                <th scope="row">
                  <span className="curve-mark curve-key-mark" data-kind={kind} aria-hidden="true" /> {name}
                </th>
                <td>{cut}</td>
                <td>{saved}</td>
                <td>{harmed}</td>
                <td>{gain}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
