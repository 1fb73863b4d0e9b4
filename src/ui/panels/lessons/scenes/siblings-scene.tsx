import './siblings-scene.css';
import { say } from '../../../../lessons/words';
import { percent, timesOf, wayOf, worstOf } from '../../../../lessons/siblings/change';
import type { Group, Sibling, SiblingsData } from '../../../../lessons/siblings/data';
import { fixed, signed } from '../../../format';
import type { SceneProps } from './scene-props';

/** What of the group is told at a step: nothing of what the step did before that was asked for. */
interface Seen {
  advantages: boolean;
  changes: boolean;
}

function seenAt(step: string, locked: boolean): Seen {
  switch (step) {
    case 'group':
      return { advantages: false, changes: false };
    case 'up':
      return { advantages: false, changes: locked };
    case 'advantage':
      return { advantages: locked, changes: true };
    default:
      return { advantages: locked, changes: locked };
  }
}

/** The eight tries with what they earned and what became of them; then the tokens of one. */
export function SiblingsScene({ data, place, step, scene }: SceneProps<SiblingsData>): React.JSX.Element {
  const locked = step in place.answers || step === 'takeaway';
  const group = scene === 'equal' ? data.equal : data.mixed;
  const at = worstOf(data.mixed);
  const sibling = data.mixed.siblings[at];
  return (
    <>
      <p className="lesson-question">{group.question}</p>
      {scene === 'tokens' && sibling !== undefined ? (
        <Tokens sibling={sibling} number={at + 1} told={locked} />
      ) : (
        <Tries group={group} {...seenAt(step, locked)} />
      )}
    </>
  );
}

function Tries({ group, advantages, changes }: { group: Group } & Seen): React.JSX.Element {
  return (
    <ol className="tries" aria-label={say('group.table')}>
      {group.siblings.map((sibling, at) => (
        <li key={at} className="try">
          <span className="try-numbers">
            <b>{say('group.try', { number: at + 1 })}</b>{' '}
            <span>
              {say('group.reward')} <b>{fixed(sibling.trajectory.reward)}</b>
            </span>{' '}
            {advantages && (
              <span>
                {say('group.advantage')} <b>{signed(sibling.advantage)}</b>
              </span>
            )}{' '}
            {changes && (
              <span>
                {say('group.change')} <b>{fixed(timesOf(sibling))}</b>
              </span>
            )}
          </span>{' '}
          <Told sibling={sibling} />
        </li>
      ))}
    </ol>
  );
}

/** A try in one line: what was asked for, then the answer. */
function Told({ sibling }: { sibling: Sibling }): React.JSX.Element {
  const { steps, em } = sibling.trajectory;
  return (
    <span className="try-steps">
      {steps.map(({ kind, text }, at) => (
        <span key={at} className={kind === 'search' ? 'try-search' : undefined}>
          {at > 0 && ' → '}
          {text}
        </span>
      ))}{' '}
      <span className="quiet">{say(em === 1 ? 'shown.right' : 'shown.wrong')}</span>
    </span>
  );
}

interface TokensProps {
  sibling: Sibling;
  number: number;
  /** Whether the step is seen. */
  told: boolean;
}

function Tokens({ sibling, number, told }: TokensProps): React.JSX.Element {
  const { tokens, before, after } = sibling;
  return (
    <figure className="try-tokens">
      <figcaption>{say('group.tokens', { number })}</figcaption>
      <ul>
        {tokens.map((token, at) => {
          const [was, is] = [percent(before[at]), percent(after[at])];
          const way = told ? wayOf(sibling, at) : 'same';
          return (
            <li key={at} className="try-token" data-way={way}>
              <span className="try-word">{token}</span>
              {told ? (
                <span>
                  <span className="visually-hidden">{say('group.before', { before: was, after: is })}</span>
                  <span aria-hidden="true">
                    {was} {way === 'up' ? '↑' : way === 'down' ? '↓' : '='} {is}
                  </span>
                </span>
              ) : (
                <span>{was}</span>
              )}
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
