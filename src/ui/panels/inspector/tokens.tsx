import { Fragment, lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { inspectTokens, select } from '../../../store/view/view-actions';
import type { CurrentView } from '../../../store/view/current-view';
import type { TokenView } from '../../../recordings/decode-trajectory';
import type { StudioState } from '../../../store/state/studio-state';
import { fixed, signed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { ItsWeights } from '../../primitives/its-weights';
import { HeatPainter } from './heat-painter';
import { HEAT_MODES, heatOf, isHeatMode } from './token-heat';
import type { HeatMode } from './token-heat';
import { Term } from '../../terms/term';

const TokenTable = lazy(async () => ({ default: (await import('./token-table')).TokenTable }));

/** Clicking through rows asks once. */
const ASK_AFTER_MS = 150;

/** All tokens of the trajectory, coloured by what the policy made of them; the numbers of the step are in a table behind. */
export function Tokens({ view }: { view: CurrentView }): React.JSX.Element | null {
  const [showTable, setShowTable] = useState(false);
  const { views, trajectory, side, step } = view;
  const tokens = useMemo(() => views.tokensOf(trajectory, side), [views, side, trajectory]);
  const inspection = useInspection(view);
  // A file of completions has words, no tokens.
  if (tokens.length === 0) return null;
  return (
    <>
      <div className="tokens-head">
        <h3>
          <Term id="token">Tokens</Term>
        </h3>
        <button
          type="button"
          className="button plain"
          aria-pressed={showTable}
          aria-label="Table of tokens"
          onClick={() => setShowTable(!showTable)}
        >
          Table
        </button>
      </div>
      {showTable ? (
        <Suspense>
          <TokenTable tokens={tokens.filter((token) => token.step === step.number)} inspection={inspection} />
        </Suspense>
      ) : (
        <Heat view={view} tokens={tokens} inspection={inspection} />
      )}
    </>
  );
}

/** What base and present weights make of the tokens, asked once a trajectory stays on screen. */
function useInspection(view: CurrentView): StudioState['inspection'] {
  const studio = useStudio();
  const asked = useRef(-1);
  const answer = useStudioState((state) => state.inspection);
  // Training goes on and on: only what a person holds, or what stands still, is worth asking for.
  const still = useStudioState((state) => state.heldUpdate !== null || state.runState === 'paused');
  const recorded = useStudioState((state) => state.recording !== null);
  // At rest the weights of the newest update are what there is to compare with.
  const rested = useStudioState((state) => (state.runState === 'paused' ? state.update : -1));
  const { engine, trajectory, side } = view;
  useEffect(() => {
    asked.current = -1;
    if (!still || recorded || engine === null) return;
    const timer = setTimeout(() => (asked.current = inspectTokens(studio, engine, trajectory, side)), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [studio, engine, trajectory, side, still, rested, recorded]);
  const length = engine?.batch[side].lengths[trajectory.place];
  // Compared here rather than in the store: an answer to an older question comes late.
  // eslint-disable-next-line react-hooks/refs
  return answer !== null && answer.id === asked.current && answer.current.length === length ? answer : null;
}

interface HeatProps {
  view: CurrentView;
  tokens: readonly TokenView[];
  inspection: StudioState['inspection'];
}

/** The heat lies on a canvas behind the words: another mode repaints it and a hover sets one text, neither through React. */
function Heat({ view, tokens, inspection }: HeatProps): React.JSX.Element {
  const studio = useStudio();
  const list = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const output = useRef<HTMLOutputElement>(null);
  const painter = useRef<HeatPainter>(null);
  const mode = useRef<HeatMode>('logProb');
  useLayoutEffect(() => {
    if (!list.current || !canvas.current) return;
    const made = (painter.current = new HeatPainter(list.current, canvas.current));
    return () => made.destroy();
  }, []);
  const paint = useCallback(() => {
    painter.current?.paint(tokens.map((token) => heatOf(token, mode.current, inspection)));
  }, [tokens, inspection]);
  useLayoutEffect(() => painter.current?.measureSoon(), [tokens]);
  useLayoutEffect(paint, [paint]);
  const show = (event: React.SyntheticEvent): void => {
    const { target } = event;
    const index = target instanceof HTMLElement ? Number(target.dataset['token'] ?? -1) : -1;
    const token = tokens[index];
    if (output.current) output.current.textContent = token ? describe(token, inspection) : '';
  };
  const { trajectory, side, step } = view;
  const recorded = useStudioState((state) => state.recording !== null);
  return (
    <>
      <label className="small tokens-mode">
        <span className="quiet">stronger where</span>
        <select
          className="field"
          defaultValue="logProb"
          onChange={(event) => {
            if (!isHeatMode(event.target.value)) return;
            mode.current = event.target.value;
            paint();
          }}
        >
          {HEAT_MODES.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <div className="heat-tokens" ref={list} onPointerOver={show} onPointerLeave={show}>
        <canvas className="heat-canvas" ref={canvas} aria-hidden="true" />
        {tokens.map((token, index) => (
          <Fragment key={token.position}>
            {index > 0 && tokens[index - 1]?.step !== token.step && <br />}
            <span
              data-token={index}
              className={[
                'tok',
                token.written ? '' : 'tok-inserted',
                token.step === step.number ? 'tok-current' : '',
              ].join(' ')}
              onClick={() => select(studio, { row: trajectory.row, side, step: token.step })}
            >
              {token.text}
            </span>
          </Fragment>
        ))}
      </div>
      <output className="small tokens-output" ref={output} />
      {recorded && view.engine !== null && (
        <p>
          <ItsWeights />
        </p>
      )}
      <p className="small quiet">
        {recorded || view.engine === null
          ? 'Recorded: ratio and base need the weights of the run. Grey tokens were retrieved: nobody is trained on them.'
          : inspection === null
            ? 'Ratio and base follow once the trajectory is held or the run rests.'
            : `Ratio: the weights after update ${inspection.update} over those that wrote the token. Grey tokens were retrieved: nobody is trained on them.`}
      </p>
    </>
  );
}

function describe(token: TokenView, inspection: StudioState['inspection']): string {
  if (!token.written) return `${token.text}: retrieved, written by the environment`;
  const parts = [`${token.text}: log p ${fixed(token.logProb, 3)}`, `entropy ${fixed(token.entropy, 3)}`];
  const current = inspection?.current[token.position];
  const reference = inspection?.reference[token.position];
  if (current !== undefined) parts.push(`ratio ${fixed(Math.exp(current - token.logProb), 3)}`);
  if (reference !== undefined) {
    parts.push(`base ${fixed(reference, 3)} (${signed(token.logProb - reference, 3)})`);
  }
  return parts.join(' · ');
}
