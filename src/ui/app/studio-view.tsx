import { Suspense, lazy } from 'react';
import { Evaluation } from '../panels/evaluation/evaluation';
import { Hero } from '../panels/hero/hero';
import { Filter } from '../panels/filter/filter';
import { Inspector } from '../panels/inspector/inspector';
import { RefinerBoard } from '../panels/refiner-board/refiner-board';
import { Timeline } from '../panels/timeline/timeline';
import { Trajectories } from '../panels/trajectories/trajectories';
import { isStaged } from '../../store/run/status';
import { useStudio, useStudioState } from '../studio-context';
import { useMachineKnown } from '../use-machine-known';
import { FirstVisit } from './first-visit';

// The chart library is most of the page's code; everything else can be read and used before it is here.
const Charts = lazy(async () => ({ default: (await import('../panels/charts/charts')).Charts }));

const CheckUp = lazy(async () => ({ default: (await import('../panels/check-up/check-up')).CheckUp }));

const RolloutStatistics = lazy(async () => ({
  default: (await import('../panels/rollouts/rollout-statistics')).RolloutStatistics,
}));

const Faults = lazy(async () => ({ default: (await import('../panels/rollouts/faults')).Faults }));

/** One large and four small. */
const PLACES = ['chart-large', '', '', '', ''];

/** The evaluation is read beside them, and needs no chart. */
function ChartsPlaceholder(): React.JSX.Element {
  return (
    <section className="panel" aria-label="Charts">
      <div className="panel-head">
        <h2>Charts</h2>
      </div>
      <div className="chart-grid chart-grid-main">
        {PLACES.map((place, index) => (
          <div key={index} className={`chart-waiting ${place}`} />
        ))}
        <Evaluation />
      </div>
    </section>
  );
}

export function StudioView(): React.JSX.Element {
  const studio = useStudio();
  const recorded = useStudioState((state) => state.rollouts.file !== null);
  // A board about reviews is nothing for a file without any.
  const reviewed = !recorded || studio.rollouts.shelf?.shown.hasRefiner === true;
  // Until the first moment is set nothing is told either.
  const phase = useStudioState((state) => state.replay?.phase ?? (isStaged(state) ? 'rollout' : undefined));
  return (
    <div className="studio" data-replay={phase}>
      <FirstVisit />
      <Hero />
      <div className="studio-top">
        <Filter />
        <Trajectories />
        <Inspector />
        {reviewed && <RefinerBoard />}
      </div>
      {recorded ? (
        <Suspense fallback={<section className="panel" aria-label="Training steps" />}>
          <Faults />
          <RolloutStatistics />
        </Suspense>
      ) : (
        <LiveRun />
      )}
    </div>
  );
}

function LiveRun(): React.JSX.Element {
  // Drawing them for the first time takes longer than all the rest: not before the page knows what it runs on.
  const known = useMachineKnown();
  return (
    <>
      <Timeline />
      {/* Its line is as high before it is here. */}
      <Suspense fallback={<CheckUpPlaceholder />}>{known ? <CheckUp /> : <CheckUpPlaceholder />}</Suspense>
      <Suspense fallback={<ChartsPlaceholder />}>
        {known ? (
          <Charts>
            <Evaluation />
          </Charts>
        ) : (
          <ChartsPlaceholder />
        )}
      </Suspense>
    </>
  );
}

function CheckUpPlaceholder(): React.JSX.Element {
  return <section className="panel check-up-waiting" aria-label="Check-up" />;
}
