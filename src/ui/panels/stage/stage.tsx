/** One trajectory, large: what has happened to it by now, as a line of steps and as a sentence. */
import './stage.css';
import { useEffect } from 'react';
import { sentenceOf } from '../../../recordings/stage/stage-sentence';
import { placeOfMoment } from '../../../recordings/stage/stage-moments';
import type { StageMoment } from '../../../recordings/stage/stage-moments';
import { shownConfig } from '../../../store/run/status';
import type { CurrentView } from '../../../store/view/current-view';
import { goOnStage, holdStage, stageMoments, startStage, stepStage, toNeighbour } from '../../../store/view/stage';
import { count, fixed } from '../../format';
import { RewardFormula } from '../../primitives/reward-formula';
import { useStudio, useStudioState } from '../../studio-context';
import { useRowList } from '../../use-row-list';
import { KEY_HINTS, pressOnStage } from './stage-keys';
import { Phases } from './phases';
import { StageSteps } from './stage-steps';

/** In the place of the list; its keys act while it has the focus. */
export function Stage({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const { places } = useRowList(view);
  return (
    <div
      className="stage"
      role="group"
      aria-label="Stage"
      tabIndex={0}
      onKeyDown={(event) => {
        if (pressOnStage(studio, { view, listed: places }, event)) event.preventDefault();
      }}
    >
      <StageBody view={view} listed={places} />
      <KeyHints />
    </div>
  );
}

interface BodyProps {
  view: CurrentView;
  /** Places of the rows that are listed. */
  listed: readonly number[];
}

export function StageBody({ view, listed }: BodyProps): React.JSX.Element {
  const studio = useStudio();
  const replay = useStudioState((state) => state.replay);
  const { trajectory, stored } = view;
  useEffect(() => {
    // Something else is on screen, or the stage has just been opened: it begins with the question.
    if (replay === null) startStage(studio);
  }, [studio, replay, trajectory, stored]);
  const moments = stageMoments(studio, view);
  const at = placeOfMoment(moments, replay);
  const moment = moments[at];
  if (!moment) return <></>;
  return (
    <>
      <Question view={view} />
      <Phases moments={moments} at={at} />
      <Sentence view={view} moment={moment} />
      <StageSteps trajectory={trajectory} moment={moment} />
      <Detail view={view} moment={moment} />
      <Controls view={view} listed={listed} at={at} last={moments.length - 1} />
    </>
  );
}

function Question({ view: { stored, trajectory, group } }: { view: CurrentView }): React.JSX.Element {
  const { batch, summary, groups, rows } = stored;
  const mine = rows.filter((_, place) => groups[place] === group);
  const size = summary.groups[group]?.size ?? mine.length;
  return (
    <div className="stage-question">
      <h2>{batch.questions[group] ?? ''}</h2>
      <p className="stage-where">
        question {count(group + 1)} of {count(batch.prompts)}
        {size > 1 && stored.whole && `, trajectory ${mine.indexOf(trajectory.row) + 1} of ${size}`}
      </p>
    </div>
  );
}

function Sentence({ view, moment }: { view: CurrentView; moment: StageMoment }): React.JSX.Element {
  const reviewsTrained = useStudioState((state) => shownConfig(state).reviewWeight > 0);
  const { trajectory, views, stored, group } = view;
  const text = sentenceOf(moment, {
    trajectory,
    reviewsTrained,
    answer: views.answerOf(trajectory),
    group: stored.summary.groups[group] ?? null,
    written:
      moment.phase === 'update' ? views.tokensOf(trajectory, 'final').filter(({ written }) => written).length : 0,
  });
  return (
    <p className="stage-sentence" aria-live="polite">
      {text}
    </p>
  );
}

/** What the newest search found, how the reward came about, or what it is compared with. */
function Detail({ view, moment }: { view: CurrentView; moment: StageMoment }): React.JSX.Element {
  const { trajectory, stored } = view;
  const { draft, final, cut } = trajectory;
  const { phase, steps } = moment;
  const written =
    phase === 'rollout' ? draft.steps[steps - 1] : phase === 'regenerate' ? final.steps[cut + steps - 2] : undefined;
  const isNew = steps > 0 && written?.kind === 'search';
  return (
    <div className="stage-detail">
      {isNew && (
        <ul className="stage-passages" aria-label="Passages found">
          {written.passages.map((passage, k) => (
            <li key={k}>
              {passage.sentence}
              {passage.source !== '' && <span className="stage-source"> {passage.source}</span>}
            </li>
          ))}
        </ul>
      )}
      {phase === 'reward' && <RewardFormula side={final} />}
      {(phase === 'advantage' || phase === 'update') && stored.whole && <Rewards view={view} />}
    </div>
  );
}

/** More of them are no picture any more. */
const MOST_REWARDS = 16;

function Rewards({ view: { stored, trajectory, group } }: { view: CurrentView }): React.JSX.Element | null {
  const places = stored.rows.flatMap((_, place) => (stored.groups[place] === group ? [place] : []));
  if (places.length > MOST_REWARDS) return null;
  return (
    <ol className="stage-rewards" aria-label="Rewards of this question">
      {places.map((place) => {
        const reward = stored.batch.final.rewards[place];
        return (
          <li key={place} aria-current={place === trajectory.place ? 'true' : undefined}>
            <span className="stage-reward-bar">
              <span style={{ height: `${50 * Math.min(2, Math.max(0, reward ?? 0))}%` }} />
            </span>
            {fixed(reward)}
          </li>
        );
      })}
    </ol>
  );
}

function Controls({ view, listed, at, last }: BodyProps & { at: number; last: number }): React.JSX.Element {
  const studio = useStudio();
  const held = useStudioState((state) => state.stageHeld);
  const toTrajectory = (direction: -1 | 1) => toNeighbour(studio, view, listed, 'trajectory', direction);
  return (
    <div className="stage-controls" role="group" aria-label="Stage controls">
      <button type="button" className="button" disabled={at === 0} onClick={() => stepStage(studio, -1)}>
        Back
      </button>
      <button type="button" className="button primary" disabled={at === last} onClick={() => stepStage(studio, 1)}>
        Next
      </button>
      <button type="button" className="button" onClick={() => (held ? goOnStage(studio) : holdStage(studio))}>
        {held ? 'Go on' : 'Hold'}
      </button>
      <span className="stage-count">
        {at + 1} of {last + 1}
      </span>
      <button type="button" className="button" onClick={() => toTrajectory(-1)}>
        Previous trajectory
      </button>
      <button type="button" className="button" onClick={() => toTrajectory(1)}>
        Next trajectory
      </button>
    </div>
  );
}

export function KeyHints({ more = [] }: { more?: readonly { keys: string; what: string }[] }): React.JSX.Element {
  return (
    <p className="stage-keys">
      {[...KEY_HINTS, ...more].map(({ keys, what }) => (
        <span key={keys}>
          <kbd>{keys}</kbd> {what}
        </span>
      ))}
    </p>
  );
}
