import type { Em } from '../../lib/exact-match';
import type { SideView, StepView } from '../../recordings/decode-trajectory';
import { shownConfig } from '../../store/run/status';
import { emText, fixed } from '../format';
import { useStudioState } from '../studio-context';
import { Term } from '../terms/term';
import { LiveFormula } from './live-formula';

interface FormulaProps {
  side: SideView;
  /** The step that is looked at. */
  current?: StepView;
  /** Where a number of the formula leads; without it numbers are plain text. */
  onStep?: (step: StepView) => void;
}

/** R = EM x (1 + (1/M) sum u_i) with this trajectory's numbers, in the form that the run's settings give it. */
export function RewardFormula({ side, current, onStep }: FormulaProps): React.JSX.Element {
  const settings = useStudioState((state) => shownConfig(state).process);
  const combined = useStudioState((state) => shownConfig(state).combine);
  const { rewardFrom } = side;
  const process = rewardFrom ? 'search' : settings;
  const combine = rewardFrom ? 'gated' : combined;
  const searches = side.steps.filter((other) => other.kind === 'search');
  if (rewardFrom === 'file') {
    return (
      <p>
        {side.reward === null ? (
          'The file gives no reward'
        ) : (
          <>
            <Term id="reward">
              <i>R</i>
            </Term>{' '}
            = <b>{fixed(side.reward)}</b>, as the file gives it
          </>
        )}
        ; <Term id="exact-match">EM</Term> {emText(side.em)}, useful searches{' '}
        {searches.some((step) => step.useful === null)
          ? 'unknown'
          : `${searches.filter((step) => step.useful).length} of ${searches.length}`}
      </p>
    );
  }
  if (process === 'off') {
    return (
      <p>
        <Term id="reward">
          <i>R</i>
        </Term>{' '}
        = <Term id="exact-match">EM</Term> = <b>{fixed(side.reward)}</b>
      </p>
    );
  }
  const value = (step: StepView): number => (process === 'passage' ? step.share : step.useful) ?? 0;
  return (
    <LiveFormula
      combine={combine}
      symbol={process === 'passage' ? 'd' : 'u'}
      em={{ value: emText(side.em), says: emInWords(side.em), step: side.steps.at(-1)?.number }}
      searches={searches.map((step) => ({
        value: fixed(value(step), process === 'passage' ? 2 : 0),
        says: evidenceText(step, value(step)),
        step: step.number,
      }))}
      reward={fixed(side.reward)}
      current={current?.number}
      onTerm={
        onStep &&
        (({ step }) => {
          const at = side.steps.find(({ number }) => number === step);
          if (at !== undefined) onStep(at);
        })
      }
      onPoint={({ step }, at, on) => {
        const button = at.closest('.inspector')?.querySelector(`[data-factor-step="${step ?? 0}"]`);
        button?.toggleAttribute('data-linked', on);
      }}
    />
  );
}

function emInWords(em: Em): string {
  return em === 1 ? 'EM 1: the answer is right' : 'EM 0: the answer is wrong or missing';
}

/** What decided a search's share of the reward. */
function evidenceText(step: StepView, value: number): string {
  const found = step.passages.find((passage) => passage.evidence === 'new');
  if (!found) return `Step ${step.number}: ${value}, no passage supports a hop that nothing supported before`;
  return `Step ${step.number}: ${value}, “${found.sentence}” (${found.source}) supports a new hop`;
}
