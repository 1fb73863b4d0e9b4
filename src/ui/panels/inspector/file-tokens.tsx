/** The tokens of a trainer's file: the same heat and table as for our own, with what the file has of their numbers. */
import { useEffect, useState } from 'react';
import type { FileTokens as Found, TokenNumber } from '../../../recordings/decode-trajectory';
import type { CurrentView } from '../../../store/view/current-view';
import { count } from '../../format';
import { Heat } from './heat';
import type { HeatMode } from './token-heat';
import { TokenTable } from './token-table';
import { TokensHead } from './tokens-head';

/** More tokens than that are shown step by step: each is an element of the page. */
const SHOWN = 2000;
const MODE_OF: readonly (readonly [TokenNumber, HeatMode])[] = [
  ['logProb', 'logProb'],
  ['entropy', 'entropy'],
  ['current', 'ratio'],
  ['reference', 'reference'],
];

export function FileTokens({ view }: { view: CurrentView }): React.JSX.Element | null {
  const { views, trajectory, step } = view;
  const [read, setRead] = useState<{ of: object; found: Found | null } | null>(null);
  const [showTable, setShowTable] = useState(false);
  useEffect(() => {
    let wanted = true;
    void views.fileTokens?.(trajectory).then((found) => wanted && setRead({ of: trajectory, found }));
    return () => {
      wanted = false;
    };
  }, [views, trajectory]);
  const found = read?.of === trajectory ? read.found : null;
  if (found === null || found.tokens.length === 0) return null;
  const { tokens, has, notes } = found;
  const ofStep = tokens.filter((token) => token.step === step.number || token.step === 0);
  const some = (tokens.length > SHOWN ? ofStep : tokens).slice(0, SHOWN);
  const inTable = ofStep.slice(0, SHOWN);
  const shown = showTable ? inTable.length : some.length;
  const of = showTable ? ofStep.length : tokens.length;
  return (
    <>
      <TokensHead table={showTable} onTable={setShowTable} />
      {showTable ? (
        <TokenTable tokens={inTable} inspection={null} file={{ advantages: has.advantage }} />
      ) : (
        <Heat
          key={trajectory.place}
          view={view}
          tokens={some}
          inspection={null}
          inserted="not trained on"
          modes={MODE_OF.filter(([number]) => has[number]).map(([, mode]) => mode)}
        >
          {null}
        </Heat>
      )}
      <p className="small quiet">
        {notes.join(' ')}
        {!showTable && some.some(({ written }) => !written) && ' Grey tokens are not trained on.'}
        {shown < of && ` Shown are ${count(shown)} of ${count(of)} tokens.`}
      </p>
    </>
  );
}
