import { Suspense, lazy } from 'react';
import { Evaluation } from '../panels/evaluation/evaluation';
import { Filter } from '../panels/filter/filter';
import { Inspector } from '../panels/inspector/inspector';
import { RefinerBoard } from '../panels/refiner-board/refiner-board';
import { Timeline } from '../panels/timeline/timeline';
import { Trajectories } from '../panels/trajectories/trajectories';

// The chart library is most of the page's code; everything else can be read and used before it is here.
const Charts = lazy(async () => ({ default: (await import('../panels/charts/charts')).Charts }));

function ChartsPlaceholder(): React.JSX.Element {
  return (
    <section className="panel charts-placeholder" aria-label="Charts">
      <div className="panel-head">
        <h2>Charts</h2>
      </div>
    </section>
  );
}

export function StudioView(): React.JSX.Element {
  return (
    <div className="studio">
      <div className="studio-top">
        <Filter />
        <Trajectories />
        <Inspector />
      </div>
      <Timeline />
      <div className="studio-bottom">
        <div className="studio-rail">
          <RefinerBoard />
          <Evaluation />
        </div>
        <Suspense fallback={<ChartsPlaceholder />}>
          <Charts />
        </Suspense>
      </div>
    </div>
  );
}
