import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { inspectTokens } from '../../../store/view/view-actions';
import type { CurrentView } from '../../../store/view/current-view';
import type { StudioState } from '../../../store/state/studio-state';
import { useStudio, useStudioState } from '../../studio-context';
import { useMachineKnown } from '../../use-machine-known';
import { ItsWeights } from '../../primitives/its-weights';
import { TokensHead } from './tokens-head';

const Heat = lazy(async () => ({ default: (await import('./heat')).Heat }));
const TokenTable = lazy(async () => ({ default: (await import('./token-table')).TokenTable }));
const FileTokens = lazy(async () => ({ default: (await import('./file-tokens')).FileTokens }));

/** Clicking through rows asks once. */
const ASK_AFTER_MS = 150;

/** All tokens of the trajectory, coloured by what the policy made of them; the numbers of the step are in a table behind. */
export function Tokens({ view }: { view: CurrentView }): React.JSX.Element | null {
  const [showTable, setShowTable] = useState(false);
  const { views, trajectory, side, step } = view;
  const tokens = useMemo(() => views.tokensOf(trajectory, side), [views, side, trajectory]);
  const inspection = useInspection(view);
  const known = useMachineKnown();
  // A file of completions has words; some have the numbers of their tokens too.
  if (tokens.length === 0) {
    return views.fileTokens === undefined ? null : (
      <Suspense>
        <FileTokens view={view} />
      </Suspense>
    );
  }
  return (
    <>
      <TokensHead table={showTable} onTable={setShowTable} />
      {known && (
        <Suspense>
          {showTable ? (
            <TokenTable tokens={tokens.filter((token) => token.step === step.number)} inspection={inspection} />
          ) : (
            <Heat view={view} tokens={tokens} inspection={inspection}>
              <HeatNote view={view} inspection={inspection} />
            </Heat>
          )}
        </Suspense>
      )}
    </>
  );
}

/** What base and present weights make of the tokens, asked once a trajectory stays on screen. */
function useInspection(view: CurrentView): StudioState['inspection'] {
  const studio = useStudio();
  const asked = useRef(-1);
  const answer = useStudioState((state) => state.inspection);
  // Training goes on and on: only what a person holds, or what stands still, is worth asking for.
  const still = useStudioState((state) => state.heldUpdate !== null || state.runState === 'paused');
  const recorded = useStudioState((state) => state.recording !== null);
  // At rest the weights of the newest update are what there is to compare with.
  const rested = useStudioState((state) => (state.runState === 'paused' ? state.update : -1));
  const { engine, trajectory, side } = view;
  useEffect(() => {
    asked.current = -1;
    if (!still || recorded || engine === null) return;
    const timer = setTimeout(() => (asked.current = inspectTokens(studio, engine, trajectory, side)), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [studio, engine, trajectory, side, still, rested, recorded]);
  const length = engine?.batch[side].lengths[trajectory.place];
  // Compared here rather than in the store: an answer to an older question comes late.
  // eslint-disable-next-line react-hooks/refs
  return answer !== null && answer.id === asked.current && answer.current.length === length ? answer : null;
}

interface HeatNoteProps {
  view: CurrentView;
  inspection: StudioState['inspection'];
}

function HeatNote({ view, inspection }: HeatNoteProps): React.JSX.Element {
  const recorded = useStudioState((state) => state.recording !== null);
  return (
    <>
      {recorded && view.engine !== null && (
        <p>
          <ItsWeights />
        </p>
      )}
      <p className="small quiet">
        {recorded || view.engine === null
          ? 'Recorded: ratio and base need the weights of the run. Grey tokens were retrieved: nobody is trained on them.'
          : inspection === null
            ? 'Ratio and base follow once the trajectory is held or the run rests.'
            : `Ratio: the weights after update ${inspection.update} over those that wrote the token. Grey tokens were retrieved: nobody is trained on them.`}
      </p>
    </>
  );
}
