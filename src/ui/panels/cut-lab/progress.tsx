import { wantedWeights } from '../../../store/lab/lab-events';
import { liveProgress } from '../../../store/lab/live/live-lab';
import type { LabState, LiveBench } from '../../../store/state/lab-state';
import type { StudioState } from '../../../store/state/studio-state';
import { count, rightness } from '../../format';
import { useStudioState } from '../../studio-context';

/** What is being computed, or why it was not, in one line that is always there. */
export function Progress(): React.JSX.Element {
  const text = useStudioState(progressText);
  return (
    <p className="lab-progress small quiet" role="status">
      {text}
    </p>
  );
}

function progressText(state: StudioState): string {
  const { lab, runState, update } = state;
  if (lab.refusal) return `${lab.refusal.message} ${lab.refusal.hint}`.trim();
  if (lab.live) return liveText(lab, lab.live);
  const after = runState === 'running' ? ', once the update under way is done' : '';
  const weights = `the weights of update ${wantedWeights(lab) ?? update}`;
  if (lab.cutAsked !== null) return `Regenerating from your cut with ${weights}${after} …`;
  if (lab.sweepAsked !== null) return `Regenerating every cut with ${weights}${after} …`;
  if (!lab.branch) return '';
  const { step, view, wanted, forced, update: used } = lab.branch;
  const what = forced ? `Your token in step ${step}` : `Your cut at ${step}`;
  const instead =
    wanted === null || wanted === used
      ? ''
      : ` The weights of update ${wanted} are no longer kept: these are those of update ${used}.`;
  const again = forced ? '' : ' Press Cut again for other random numbers.';
  return `${what}: ${view.final.answer ?? 'no answer'}, ${rightness(view.final.em)}.${instead}${again}`;
}

function liveText({ sweepAsked, cutAsked, branch }: LabState, live: LiveBench): string {
  const { done, of } = liveProgress(live);
  if (cutAsked !== null) return `${live.model} goes on from your cut …`;
  if (sweepAsked !== null) return `${live.model} regenerates every cut: ${count(done)} of ${count(of)} …`;
  if (branch?.live) {
    const { answer, em } = branch.view.final;
    return `${branch.live.note === '' ? `Your cut at ${branch.step}` : `Your ${branch.live.note}`}: ${answer ?? 'no answer'}, ${rightness(em)}.`;
  }
  return done < of ? `${count(done)} of ${count(of)} regenerations are kept. Run more asks for the rest.` : '';
}
