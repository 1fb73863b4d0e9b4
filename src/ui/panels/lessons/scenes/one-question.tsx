import { takenOf } from '../../../../lessons/one-question/lesson';
import type { OneQuestion } from '../../../../lessons/one-question/data';
import type { ShownStep } from '../../../../lessons/scene-data';
import { ShownSteps } from './shown-steps';
import type { SceneProps } from './scene-props';

/** What of the trajectory is to be seen at each step of the lesson: nothing before it was asked for. */
export function seenAt({ choices, rest }: OneQuestion, step: string, locked: boolean): ShownStep[] {
  const [first, second] = choices.map(takenOf);
  const steps = first && second ? [first, second, ...rest] : [];
  const shown: Record<string, number> = {
    question: 0,
    first: locked ? 1 : 0,
    second: locked ? 2 : 1,
    rumour: 2,
    classes: 2,
  };
  return steps.slice(0, shown[step] ?? steps.length);
}

/** Classes of passages are told from the rumour on. */
export function OneQuestionScene({ data, place, step }: SceneProps<OneQuestion>): React.JSX.Element {
  const locked = step in place.answers;
  const classes = !['question', 'first', 'second', 'rumour'].includes(step) || (step === 'rumour' && locked);
  const verdict = step === 'takeaway' || (step === 'right' && locked);
  return (
    <>
      <p className="lesson-question">{data.question}</p>
      <ShownSteps steps={seenAt(data, step, locked)} classes={classes} em={verdict ? data.em : null} />
    </>
  );
}
