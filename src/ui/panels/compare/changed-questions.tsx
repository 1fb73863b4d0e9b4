import { useState } from 'react';
import type { SetRef } from '../../../store/state/compared';
import { openCompared } from '../../../store/view/compare-actions';
import type { QuestionChange, QuestionResult, SetChanges } from '../../../store/view/rollout-sets';
import { count, fixed } from '../../format';
import { useStudio } from '../../studio-context';

/** So many of each list are drawn before one asks for all. */
const FIRST_SHOWN = 100;

interface ChangedQuestionsProps {
  changes: SetChanges;
  refs: readonly [SetRef, SetRef];
}

/** Questions that both asked and that came out otherwise; a press opens a trajectory of each side by side. */
export function ChangedQuestions({ changes, refs }: ChangedQuestionsProps): React.JSX.Element {
  const { common, onlyBefore, onlyAfter, by, gained, lost, unknown } = changes;
  const [lostTitle, gainedTitle] = by === 'em' ? ['right → wrong', 'wrong → right'] : ['reward fell', 'reward rose'];
  return (
    <section aria-label="Questions whose result changed">
      <h3>Questions whose result changed, A → B</h3>
      <p className="small quiet">
        {count(common)} in both, {count(onlyBefore)} in A alone, {count(onlyAfter)} in B alone.{' '}
        {common > 0 &&
          (by === 'em'
            ? 'A question is right where more than half of its trajectories are.'
            : 'Exact match is unknown in both, so the mean reward decides.')}
        {unknown > 0 && ` Of ${count(unknown)} the result is unknown.`}
      </p>
      {common > 0 && (
        <div className="changes">
          <List title={lostTitle} by={by} changes={lost} refs={refs} />
          <List title={gainedTitle} by={by} changes={gained} refs={refs} />
        </div>
      )}
    </section>
  );
}

interface ListProps {
  title: string;
  by: SetChanges['by'];
  changes: readonly QuestionChange[];
  refs: readonly [SetRef, SetRef];
}

function List({ title, by, changes, refs }: ListProps): React.JSX.Element {
  const studio = useStudio();
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, FIRST_SHOWN);
  return (
    <div>
      <h4>
        {title} <span className="quiet">({count(changes.length)})</span>
      </h4>
      {changes.length === 0 && <p className="small quiet">None.</p>}
      <ul className="changes-list" aria-label={title}>
        {shown.map(({ question, before, after, pair }) => (
          <li key={question}>
            <button
              type="button"
              className="button plain changes-question"
              onClick={() =>
                openCompared(studio, {
                  kind: 'pair',
                  refs: [
                    { file: refs[0].file, row: pair[0] },
                    { file: refs[1].file, row: pair[1] },
                  ],
                })
              }
            >
              <span>{question}</span>{' '}
              <span className="small quiet">
                {resultText(before, by)} → {resultText(after, by)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length < changes.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show all {count(changes.length)}
        </button>
      )}
    </div>
  );
}

function resultText({ right, known, reward }: QuestionResult, by: SetChanges['by']): string {
  return by === 'em' ? `${right} of ${known} right` : `R ${fixed(reward)}`;
}
