import './worth-scene.css';
import { useState } from 'react';
import { say } from '../../../../lessons/words';
import type { ShownStep, ShownTrajectory } from '../../../../lessons/scene-data';
import type { WorthData } from '../../../../lessons/worth/data';
import { shownAt } from '../../../../lessons/worth/lesson';
import { fixed } from '../../../format';
import { LiveFormula } from '../../../primitives/live-formula';
import type { FormulaTerm } from '../../../primitives/live-formula';
import type { SceneProps } from './scene-props';
import { ShownSteps } from './shown-steps';

function emTerm({ em, steps }: ShownTrajectory): FormulaTerm {
  const rightness = say(em === 1 ? 'shown.right' : 'shown.wrong');
  return { value: String(em), says: say('earn.em', { em, rightness }), step: steps.length };
}

function searchTerm({ useful, passages }: ShownStep, at: number): FormulaTerm {
  const step = at + 1;
  const found = passages.find(({ evidence }) => evidence === 'new');
  const says = found ? say('earn.useful', { step, sentence: found.sentence }) : say('earn.useless', { step });
  return { value: String(useful), says, step };
}

/** A trajectory with the formula that scores it; no formula before its reward was guessed. */
export function WorthScene({ data, place, step, scene }: SceneProps<WorthData>): React.JSX.Element {
  const locked = place.answers[step];
  const { scored, trajectory, combine } = shownAt(data, step, place.working ?? locked ?? null);
  const told = scene === 'bench' || place.working === null;
  return (
    <>
      <p className="lesson-question">{scored.question}</p>
      {/* What was pressed belongs to the formula that stands there. */}
      <Scored
        key={`${step} ${combine} ${trajectory.steps.length}`}
        trajectory={trajectory}
        combine={combine}
        told={told}
      />
    </>
  );
}

interface ScoredProps {
  trajectory: ShownTrajectory;
  combine: 'gated' | 'sum';
  told: boolean;
}

function Scored({ trajectory, combine, told }: ScoredProps): React.JSX.Element {
  const [pressed, setPressed] = useState<FormulaTerm | null>(null);
  const searches = trajectory.steps.filter(({ kind }) => kind === 'search');
  return (
    <>
      {told && (
        <div className="worth-formula">
          <LiveFormula
            combine={combine}
            symbol="u"
            em={emTerm(trajectory)}
            searches={searches.map(searchTerm)}
            reward={fixed(trajectory.reward)}
            current={pressed?.step}
            onTerm={setPressed}
          />
          <p className="worth-says" role="status">
            {pressed?.says ?? say('earn.press')}
          </p>
        </div>
      )}
      <ShownSteps steps={trajectory.steps} classes em={trajectory.em} current={pressed?.step} />
    </>
  );
}
