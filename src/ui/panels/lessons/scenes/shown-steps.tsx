import type { ShownStep } from '../../../../lessons/scene-data';
import { say } from '../../../../lessons/words';

interface ShownStepsProps {
  steps: readonly ShownStep[];
  /** Whether the classes of passages are told. */
  classes: boolean;
  /** Whether the answer was right; null while that is not told. */
  em: number | null;
  /** From this step on (1-based) the trajectory is cut away; 0 and below cut nothing. */
  cut?: number;
  /** The step that is marked, from 1. */
  current?: number | undefined;
}

/** A trajectory, large: queries with the passages that came back, then the answer. */
export function ShownSteps({ steps, classes, em, cut = 0, current }: ShownStepsProps): React.JSX.Element {
  return (
    <ol className="shown-steps">
      {steps.map(({ kind, text, passages }, at) => (
        <li
          key={at}
          className="shown-step"
          data-away={cut > 0 && at + 1 >= cut ? '' : undefined}
          data-current={at + 1 === current ? '' : undefined}
        >
          <p className="shown-query">
            <span className="quiet">{say(`shown.${kind}`)}</span> {text}
            {kind === 'answer' && em !== null && (
              <b className="shown-em">{say(em > 0 ? 'shown.right' : 'shown.wrong')}</b>
            )}
          </p>
          <ul>
            {passages.map(({ sentence, source, evidence }, k) => (
              <li key={k} className="shown-passage" data-class={classes ? evidence : undefined}>
                <span>{sentence}</span> <span className="quiet">{source}</span>
                {classes && <span className="shown-class">{say(`shown.${evidence}`)}</span>}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
