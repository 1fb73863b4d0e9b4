import './train-scene.css';
import type { TrainData } from '../../../../lessons/train/data';
import { drawnCurve, rightAtFirst, trueCurve } from '../../../../lessons/train/lesson';
import { say } from '../../../../lessons/words';
import { fixed } from '../../../format';
import { CurvePlot } from '../../../primitives/curve-plot';
import type { SceneProps } from './scene-props';

type Kind = 'drawn' | 'refined' | 'actor' | 'searchR1' | 'closedBook';
const NAMES = {
  drawn: 'curves.yours',
  refined: 'curves.refined',
  actor: 'curves.actor',
  searchR1: 'curves.searchR1',
  closedBook: 'curves.closedBook',
} as const;

/** Which curves stand there: none before it was asked for. */
export function curvesAt(step: string, locked: boolean): readonly Kind[] {
  switch (step) {
    case 'draw':
      return ['drawn'];
    case 'play':
      return locked ? ['drawn', 'refined'] : ['drawn'];
    case 'without':
      return locked ? ['refined', 'actor', 'searchR1'] : ['refined'];
    case 'closed':
      return locked ? ['refined', 'closedBook'] : ['refined'];
    default:
      return ['drawn', 'refined', 'actor', 'searchR1', 'closedBook'];
  }
}

/** Values at each of `updates`; the drawn curve begins where the true one does. */
function valuesOf(data: TrainData, kind: Kind, drawn: readonly number[]): readonly number[] {
  const { searchR2, searchR1 } = data;
  switch (kind) {
    case 'drawn':
      return drawn.length === trueCurve(data).length ? [...searchR2.refined.slice(0, 1), ...drawn] : [];
    case 'refined':
      return searchR2.refined;
    case 'actor':
      return searchR2.actor;
    case 'searchR1':
      return searchR1.actor;
    case 'closedBook':
      return searchR2.closedBook;
  }
}

/** The questions at the beginning, then exact match over updates with the same numbers in a table. */
export function TrainScene({ data, place, step, scene }: SceneProps<TrainData>): React.JSX.Element {
  const locked = step in place.answers;
  if (scene === 'questions' && !locked) return <Asked data={data} />;
  const drawn = drawnCurve(place.answers);
  const shown = curvesAt(step, locked)
    .map((kind) => ({ kind, values: valuesOf(data, kind, drawn) }))
    .filter(({ values }) => values.length > 0);
  const points = (values: readonly number[]) => values.map((y, at) => ({ x: data.updates[at] ?? 0, y }));
  const known = { kind: 'known', points: points(data.searchR2.refined.slice(0, 1)) };
  return (
    <div className="train-scene">
      <CurvePlot
        curves={[known, ...shown.map(({ kind, values }) => ({ kind, points: points(values) }))]}
        xTicks={data.updates}
        yTicks={[0, 0.25, 0.5, 0.75, 1]}
        xLabel={say('ask.curve.x')}
        yLabel={say('ask.curve.y')}
      />
      <table className="beat-table curve-table">
        <thead>
          <tr>
            <th scope="col">{say('curves.update')}</th>
            {data.updates.map((update) => (
              <th key={update} scope="col">
                {update}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ kind, values }) => (
            <tr key={kind}>
              <th scope="row">
                <svg className="curve-key" aria-hidden="true">
                  <line className={`curve curve-${kind}`} x1="0" x2="28" y1="4" y2="4" />
                </svg>{' '}
                {say(NAMES[kind])}
              </th>
              {data.updates.map((update, at) => (
                <td key={update}>{fixed(values[at])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each question a dot, those that were answered right filled. */
function Asked({ data: { questions, searchR2 } }: { data: TrainData }): React.JSX.Element {
  const right = rightAtFirst({ questions, searchR2 });
  return (
    <figure className="train-scene">
      <div className="asked" aria-hidden="true">
        {Array.from({ length: questions }, (_, at) => (
          <span key={at} className={at < right ? 'asked-one asked-right' : 'asked-one'} />
        ))}
      </div>
      <figcaption>{say('curves.asked', { right, questions })}</figcaption>
    </figure>
  );
}
