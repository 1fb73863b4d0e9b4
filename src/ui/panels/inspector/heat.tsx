import { Fragment, useCallback, useLayoutEffect, useRef } from 'react';
import type { TokenView } from '../../../recordings/decode-trajectory';
import type { StudioState } from '../../../store/state/studio-state';
import type { CurrentView } from '../../../store/view/current-view';
import { select } from '../../../store/view/view-actions';
import { fixed, signed } from '../../format';
import { useStudio } from '../../studio-context';
import { HeatPainter } from './heat-painter';
import { HEAT_MODES, heatOf, isHeatMode, othersOf, ratioOf } from './token-heat';
import type { HeatMode } from './token-heat';

const ALL_MODES: readonly HeatMode[] = HEAT_MODES.map(({ id }) => id);

interface HeatProps {
  view: CurrentView;
  tokens: readonly TokenView[];
  inspection: StudioState['inspection'];
  /** What a token is that the policy did not write. */
  inserted?: string;
  /** By what they can be coloured, the first one at first. */
  modes?: readonly HeatMode[];
  /** What there is to say below. */
  children: React.ReactNode;
}

/** The heat lies on a canvas behind the words: another mode repaints it and a hover sets one text, neither through React. */
export function Heat({
  view,
  tokens,
  inspection,
  inserted = 'retrieved, written by the environment',
  modes = ALL_MODES,
  children,
}: HeatProps): React.JSX.Element {
  const studio = useStudio();
  const list = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const output = useRef<HTMLOutputElement>(null);
  const painter = useRef<HeatPainter>(null);
  const mode = useRef<HeatMode>(modes[0] ?? 'logProb');
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
    if (output.current) output.current.textContent = token ? describe(token, inspection, inserted) : '';
  };
  const { trajectory, side, step } = view;
  return (
    <>
      {modes.length > 0 && (
        <label className="small tokens-mode">
          <span className="quiet">stronger where</span>
          <select
            className="field"
            defaultValue={modes[0]}
            onChange={(event) => {
              if (!isHeatMode(event.target.value)) return;
              mode.current = event.target.value;
              paint();
            }}
          >
            {HEAT_MODES.filter(({ id }) => modes.includes(id)).map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
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
              onClick={() => token.step > 0 && select(studio, { row: trajectory.row, side, step: token.step })}
            >
              {token.text}
            </span>
          </Fragment>
        ))}
      </div>
      <output className="small tokens-output" ref={output} />
      {children}
    </>
  );
}

function describe(token: TokenView, inspection: StudioState['inspection'], inserted: string): string {
  if (!token.written) return `${token.text}: ${inserted}`;
  const { logProb, entropy, advantage = null } = token;
  const parts = [`${token.text}: log p ${fixed(logProb, 3)}`, `entropy ${fixed(entropy, 3)}`];
  const { reference } = othersOf(token, inspection);
  const ratio = ratioOf(token, inspection);
  if (ratio !== null) parts.push(`ratio ${fixed(ratio, 3)}`);
  if (reference !== null) {
    const apart = logProb === null ? '' : ` (${signed(logProb - reference, 3)})`;
    parts.push(`base ${fixed(reference, 3)}${apart}`);
  }
  if (advantage !== null) parts.push(`advantage ${signed(advantage, 3)}`);
  return parts.join(' · ');
}
