import { useState } from 'react';
import { phrasesIn } from '../../../config/phrase-lines';
import { MAX_NAME_LENGTH } from '../../../config/triple-limits';
import { editPhrase } from '../../../store/files/world/own-world-choices';
import type { TriplesSummary } from '../../../store/state/studio-state';
import { useStudio } from '../../studio-context';

interface PhrasesProps {
  phrases: TriplesSummary['phrases'];
  /** The facts, where a person's phrases stand as comments. */
  text: string;
}

/** How each relation reads, with a question to try it on. */
export function Phrases({ phrases, text }: PhrasesProps): React.JSX.Element {
  const studio = useStudio();
  const given = phrasesIn(text);
  const doubtful = phrases.filter(({ isDoubtful }) => isDoubtful).length;
  // Opens by itself where it is needed, and never closes under the hands of whoever types.
  const [open, setOpen] = useState(doubtful > 0);
  return (
    <details className="own-world-phrases" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        How relations read
        <span className="small quiet">{doubtful > 0 && ` · ${doubtful} read${doubtful === 1 ? 's' : ''} badly`}</span>
      </summary>
      <p className="small quiet">
        Write what stands between the two names (“was born in”), or what the second is of the first (“the birthplace
        of”). Words alone change: the run and its link stay the same.
      </p>
      <ul>
        {phrases.map(({ relation, phrase, question, isDoubtful }) => (
          <li key={relation}>
            <label>
              {relation}
              <input
                className="field"
                defaultValue={given.get(relation) ?? ''}
                placeholder={phrase}
                maxLength={MAX_NAME_LENGTH}
                autoComplete="off"
                aria-invalid={isDoubtful}
                onChange={(event) => editPhrase(studio, relation, event.target.value)}
              />
            </label>
            <p aria-live="polite">
              {question}
              {isDoubtful && <b className="small"> Reads badly: give it a phrase.</b>}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
