/** Everything that needs to be said above the panels: no WebGPU, notes on the link and problems of the engine. */
import { Suspense, lazy, useState } from 'react';
import { dismissNewVersion, dismissNotes, dismissProblem, openDoctor, startSmaller } from '../../store/run/actions';
import type { Problem } from '../../store/state/studio-state';
import { useStudio, useStudioState } from '../studio-context';
import { RecordingBar } from './recording-bar';
import { SaveProblem } from './save-problem';
import { WebGpuHelp } from './webgpu-help';

interface Message {
  id: string;
  body: React.JSX.Element;
}

/** One slot: what matters most stands in it, and the rest is a press away. */
export function Messages(): React.JSX.Element {
  const messages = useMessages();
  const [wanted, setWanted] = useState<string | null>(null);
  const first = messages[0]?.id ?? null;
  // What is new and matters more comes to the front by itself.
  const [seen, setSeen] = useState(first);
  if (seen !== first) {
    setSeen(first);
    setWanted(null);
  }
  const at = Math.max(
    0,
    messages.findIndex(({ id }) => id === wanted),
  );
  const shown = messages[at];
  if (!shown) return <></>;
  const next = messages[(at + 1) % messages.length];
  return (
    <div className="slot">
      {shown.body}
      {messages.length > 1 && next && (
        <button
          type="button"
          className="button plain slot-next"
          aria-label={`Message ${at + 1} of ${messages.length}: next`}
          onClick={() => setWanted(next.id)}
        >
          {at + 1} of {messages.length} ›
        </button>
      )}
    </div>
  );
}

/** What there is to say, what matters most first. */
function useMessages(): Message[] {
  const problems = useStudioState((state) => state.problems);
  const has = {
    saveProblem: useStudioState((state) => state.saveProblem !== null),
    rollouts: useStudioState(
      ({ rollouts }) => (rollouts.reading ?? rollouts.file ?? rollouts.following ?? rollouts.wanted) !== null,
    ),
    offer: useStudioState((state) => state.offer !== null),
    recording: useStudioState((state) => state.recording !== null),
    help: useStudioState(({ support }) => support.status === 'missing' || support.status === 'noAdapter'),
    notes: useStudioState((state) => state.notes.length > 0),
    newVersion: useStudioState((state) => state.newVersion !== null),
  };
  const bodies: readonly [keyof typeof has, React.JSX.Element][] = [
    ['saveProblem', <SaveProblem key="saveProblem" />],
    ['rollouts', <Fetched key="rollouts" part={RolloutBar} />],
    ['offer', <Fetched key="offer" part={ResumeOffer} />],
    ['notes', <Notes key="notes" />],
    // A recording says itself that nothing can be trained.
    ['recording', <RecordingBar key="recording" />],
    ['help', <WebGpuHelp key="help" />],
    ['newVersion', <NewVersion key="newVersion" />],
  ];
  return [
    ...problems
      .toReversed()
      .map((problem) => ({ id: `problem ${problem.id}`, body: <ProblemMessage problem={problem} /> })),
    ...bodies
      .filter(([id]) => has[id] && !(id === 'help' && has.recording))
      .map(([id, body]): Message => ({ id, body })),
  ];
}

// Their code comes with the first file, and with the first saved run.
const RolloutBar = lazy(async () => ({ default: (await import('../panels/rollouts/rollout-bar')).RolloutBar }));
const ResumeOffer = lazy(async () => ({ default: (await import('./resume-offer')).ResumeOffer }));

function Fetched({ part: Part }: { part: React.ComponentType }): React.JSX.Element {
  return (
    <Suspense fallback={null}>
      <Part />
    </Suspense>
  );
}

export function ProblemMessage({ problem }: { problem: Problem }): React.JSX.Element {
  const studio = useStudio();
  const measured = useStudioState((state) => state.update > 0);
  const { smaller } = problem;
  return (
    <div className="message message-problem" role="alert">
      <p>
        <b>{problem.message}</b>
        <br />
        {problem.hint}
        {problem.fatal && measured && ' What was measured so far stays on the page.'}
      </p>
      {smaller && (
        <button type="button" className="button" onClick={() => startSmaller(studio, smaller)}>
          Start the smaller run
        </button>
      )}
      {problem.fatal && (
        <button type="button" className="button plain" onClick={() => openDoctor(studio)}>
          Doctor
        </button>
      )}
      <button type="button" className="button plain" onClick={() => dismissProblem(studio, problem.id)}>
        Dismiss
      </button>
    </div>
  );
}

export function Notes(): React.JSX.Element | null {
  const studio = useStudio();
  const notes = useStudioState((state) => state.notes);
  if (notes.length === 0) return null;
  return (
    <div className="message" role="status">
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <button type="button" className="button plain" onClick={() => dismissNotes(studio)}>
        Dismiss
      </button>
    </div>
  );
}

/** Calm: nothing happens until the person wants it. */
function NewVersion(): React.JSX.Element | null {
  const studio = useStudio();
  const load = useStudioState((state) => state.newVersion);
  const measured = useStudioState((state) => state.update > 0);
  if (load === null) return null;
  return (
    <div className="message" role="status">
      <p>
        A new version of Cutpoint is ready.
        {measured && ' Reloading ends the run on this page; until then nothing changes.'}
      </p>
      <button type="button" className="button" onClick={load}>
        Reload
      </button>
      <button type="button" className="button plain" onClick={() => dismissNewVersion(studio)}>
        Later
      </button>
    </div>
  );
}
