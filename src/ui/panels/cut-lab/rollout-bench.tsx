/** A rollout of a file: cut by a connected model server in the same panels as our own, else compared as the file has it. */
import './live.css';
import { useEffect, useState } from 'react';
import { enterLive, liveRefusal } from '../../../store/lab/live/live-lab';
import { reviewLive } from '../../../store/lab/live/live-review';
import { shelvesOf } from '../../../store/lab/shelves';
import type { LiveBench } from '../../../store/state/lab-state';
import type { CurrentView } from '../../../store/view/current-view';
import { useStudio, useStudioState } from '../../studio-context';
import { Branches } from './branches';
import { LiveCases } from './cases';
import { Compare } from './compare';
import { HandBranches } from './hand-branches';
import { LiveBoard } from './live-board';
import { LiveJudge } from './live-judge';
import { LiveTurn } from './live-turn';
import { Progress } from './progress';
import { Ribbon, SweepLine } from './ribbon';

export function RolloutBench({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const connected = useStudioState((state) => state.live !== undefined);
  const waiting = useStudioState(liveRefusal);
  const live = useStudioState((state) => state.lab.live);
  const problem = useStudioState((state) => state.lab.refusal?.message ?? null);
  useEffect(() => {
    if (connected && waiting === null) void enterLive(studio, view);
  }, [studio, view, connected, waiting]);
  if (live !== null && waiting === null) return <LiveView view={view} live={live} />;
  const why = connected ? (waiting ?? problem) : null;
  return (
    <div className="lab-body">
      <p className="small quiet">
        {why ??
          'Recorded: what would follow from another cut can be had only from the model that wrote this. Settings, Models says how to connect it.'}{' '}
        {view.stored.hasRefiner
          ? 'Draft and final trajectory are compared as the file has them.'
          : 'The file has no draft beside it.'}
      </p>
      <Compare view={view} isDraft />
      <HandBranches branches={view.trajectory.handBranches ?? []} />
    </div>
  );
}

function LiveView({ view, live }: { view: CurrentView; live: LiveBench }): React.JSX.Element {
  const { live: shelf } = shelvesOf(useStudio());
  const at = useStudioState((state) => state.lab.at);
  const [step = view.step] = live.view.draft.steps;
  // A branch on the bench was reviewed by nobody.
  const stored = { ...view.stored, hasRefiner: at === null && view.stored.hasRefiner };
  const bench: CurrentView = { ...view, stored, trajectory: live.view, step };
  const { review } = live;
  const reviewed = review
    ? {
        ...bench,
        stored: { ...stored, hasRefiner: true },
        trajectory: { ...live.view, review: [...review.chances], cut: review.cut },
      }
    : bench;
  return (
    <div className="lab-body">
      <Ribbon view={reviewed} />
      <SweepLine view={reviewed} />
      <Review live={live} />
      <Progress />
      {live.asked !== null && (
        <p>
          Your question: <b>{live.rollout.question}</b>
        </p>
      )}
      {live.rollout.golds.length === 0 && (
        <p className="small quiet">
          No right answer is known, so cuts have no reward. Branches show what comes of them.
        </p>
      )}
      {live.rollout.notes.map((note) => (
        <p key={note} className="small quiet">
          {note}
        </p>
      ))}
      {live.rendered && <RenderedChat rendered={live.rendered} />}
      <Compare view={bench} isDraft={at === null} byHand />
      <LiveJudge live={live} />
      <LiveTurn live={live} />
      <Branches shelf={shelf} />
      <LiveCases shelf={shelf} />
      <LiveBoard hasReviews={view.stored.hasRefiner} />
      <HandBranches branches={view.trajectory.handBranches ?? []} />
    </div>
  );
}

/** Whether the server's template writes the chat as the model that wrote the file saw it. */
function RenderedChat({ rendered }: { rendered: NonNullable<LiveBench['rendered']> }): React.JSX.Element {
  const { same, told, text } = rendered;
  return (
    <div className="small" role={same === false ? 'alert' : undefined}>
      <p className={same === true ? 'quiet' : undefined}>
        {same === false && <b>Another text. </b>}
        {told}
      </p>
      {text !== null && (
        <details>
          <summary>As the server renders it</summary>
          <pre className="live-rendered">{text}</pre>
        </details>
      )}
    </div>
  );
}

const HOW = {
  text: 'by the log-probabilities of 0 to the number of steps',
  next: 'by the likeliest next tokens: what is not among them counts as 0',
  samples: 'by 16 samples, as the server gives no log-probabilities',
} as const;

/** The connected model as the paper's refiner. */
function Review({ live }: { live: LiveBench }): React.JSX.Element {
  const studio = useStudio();
  const [asking, setAsking] = useState<AbortController | null>(null);
  const margin = useStudioState((state) => state.config.margin);
  const { review, model } = live;
  const ask = async (): Promise<void> => {
    const controller = new AbortController();
    setAsking(controller);
    await reviewLive(studio, controller.signal);
    setAsking(null);
  };
  return (
    <div className="sweep-line small">
      <p className="quiet">
        {review
          ? `${model} as the paper’s refiner, ${HOW[review.by]}: ${review.cut === 0 ? 'it accepts' : `it cuts at ${review.cut}`} by a margin of ${margin} nats.`
          : `${model} can review it by the paper’s prompt: which step is the first flawed one?`}
      </p>
      {asking ? (
        <button type="button" className="button" onClick={() => asking.abort()}>
          Cancel the review
        </button>
      ) : (
        <button type="button" className="button" onClick={() => void ask()}>
          {review ? 'Review again' : 'Review'}
        </button>
      )}
    </div>
  );
}
