/** A rollout of a file: cut by a connected model server in the same panels as our own, else compared as the file has it. */
import './live.css';
import { useEffect } from 'react';
import { enterLive, liveRefusal } from '../../../store/lab/live/live-lab';
import type { LiveBench } from '../../../store/state/lab-state';
import type { CurrentView } from '../../../store/view/current-view';
import { useStudio, useStudioState } from '../../studio-context';
import { Branches } from './branches';
import { Compare } from './compare';
import { HandBranches } from './hand-branches';
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
  const at = useStudioState((state) => state.lab.at);
  const [step = view.step] = live.view.draft.steps;
  // A branch on the bench was reviewed by nobody.
  const stored = { ...view.stored, hasRefiner: at === null && view.stored.hasRefiner };
  const bench: CurrentView = { ...view, stored, trajectory: live.view, step };
  return (
    <div className="lab-body">
      <Ribbon view={bench} />
      <SweepLine view={bench} />
      <Progress />
      {live.rollout.notes.map((note) => (
        <p key={note} className="small quiet">
          {note}
        </p>
      ))}
      <Compare view={bench} isDraft={at === null} byHand />
      <Branches shelf={null} />
      <HandBranches branches={view.trajectory.handBranches ?? []} />
    </div>
  );
}
