import './live-formula.css';
import { createElement } from 'react';
import { Term } from '../terms/term';

/** A number of the formula: its value, and in words what it is and where it comes from. */
export interface FormulaTerm {
  value: string;
  says: string;
  /** Number of the step that it comes from; without one it leads nowhere. */
  step: number | undefined;
}

export interface LiveFormulaProps {
  combine: 'gated' | 'sum';
  /** What is summed: u, whether a search was useful, or d, the share of its passages that were. */
  symbol: 'u' | 'd';
  em: FormulaTerm;
  searches: readonly FormulaTerm[];
  reward: string;
  /** The step that is looked at. */
  current?: number | undefined;
  /** Where a number leads; without it numbers are plain text. */
  onTerm?: ((term: FormulaTerm) => void) | undefined;
  /** The pointer or the focus comes to a number, or leaves it. */
  onPoint?: (term: FormulaTerm, at: HTMLElement, on: boolean) => void;
}

/** MathML, of which JSX knows no names. React makes no button within it, so a formula is signs and buttons in reading order. */
const sign = (tag: string, ...children: React.ReactNode[]): React.JSX.Element => createElement(tag, null, ...children);
const math = (...children: React.ReactNode[]): React.JSX.Element => sign('math', ...children);
const op = (text: string): React.JSX.Element => createElement('mo', { stretchy: 'false' }, text);
const name = (text: string): React.JSX.Element => sign('mi', text);
const over = (below: React.JSX.Element): React.JSX.Element => sign('mfrac', sign('mn', '1'), below);
const EQUALS = math(op('='));

/** R = EM x (1 + (1/M) sum u_i), then the same with numbers that lead to where they come from, then what it comes to. */
export function LiveFormula({ combine, symbol, em, searches, reward, ...links }: LiveFormulaProps): React.JSX.Element {
  const gated = combine === 'gated';
  const before = gated ? math(op('×'), op('('), sign('mn', '1'), op('+')) : math(op('+'));
  return (
    <>
      <p className="live-formula">
        <Term id="reward" label="R">
          {math(name('R'))}
        </Term>{' '}
        {EQUALS}{' '}
        <Term id="exact-match" label="EM">
          {math(name('EM'))}
        </Term>{' '}
        {before}{' '}
        <Term id="m" label="1/M">
          {math(over(name('M')))}
        </Term>{' '}
        {math(op('∑'), sign('msub', name(symbol), name('i')), gated && op(')'))}
      </p>
      <p className="live-formula">
        {EQUALS} <Factor {...links} term={em} /> {before}{' '}
        {searches.length > 0 ? (
          <>
            {math(over(sign('mn', searches.length)), op('('))}
            {searches.map((term, i) => (
              <span key={i}>
                {i > 0 && math(op('+'))} <Factor {...links} term={term} />{' '}
              </span>
            ))}
            {math(op(')'))}
          </>
        ) : (
          math(sign('mn', '0'))
        )}
        {gated && math(op(')'))}
      </p>
      <p className="live-formula">
        {EQUALS} <b>{reward}</b>
      </p>
    </>
  );
}

interface FactorProps extends Pick<LiveFormulaProps, 'current' | 'onTerm' | 'onPoint'> {
  term: FormulaTerm;
}

/** Pointing at it shows the step it comes from, pressing it goes there. */
function Factor({ term, current, onTerm, onPoint }: FactorProps): React.JSX.Element {
  const { value, says, step } = term;
  const number = math(sign('mn', value));
  if (!onTerm) return number;
  const point = (on: boolean) => (event: React.SyntheticEvent<HTMLElement>) => onPoint?.(term, event.currentTarget, on);
  return (
    <button
      type="button"
      className={step !== undefined && step === current ? 'factor factor-current' : 'factor'}
      title={says}
      aria-label={says}
      disabled={step === undefined}
      onPointerEnter={point(true)}
      onPointerLeave={point(false)}
      onFocus={point(true)}
      onBlur={point(false)}
      onClick={() => onTerm(term)}
    >
      {number}
    </button>
  );
}
