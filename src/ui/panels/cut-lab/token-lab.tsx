import { useMemo, useState } from 'react';
import { refusalText } from '../../../store/run/ask-engine';
import type { CurrentView } from '../../../store/view/current-view';
import { decodeTokens, tokenWord } from '../../../recordings/decode-trajectory';
import type { TokenView } from '../../../recordings/decode-trajectory';
import { askToken, continueWith } from '../../../store/lab/tokens';
import type { TokenReport } from '../../../store/lab/tokens';
import { count, fixed, probability } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import { Attention } from './attention';

/** The tokens of what lies on the bench. Choosing one shows what else could stand there, and where each head looks from it. */
export function TokenLab({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const world = useStudioState((state) => state.world);
  const [report, setReport] = useState<TokenReport | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [mode, setMode] = useState<number | null>(null);
  const { engine, trajectory } = view;
  const batch = engine?.batch;
  const { place } = trajectory;
  const tokens = useMemo(() => {
    if (!world || !batch) return [];
    const asked = questionTokens(batch, place, trajectory.draft.steps[0]?.start ?? 0, world);
    return [...asked, ...decodeTokens(batch, world, 'draft', place, trajectory.draft.steps)];
  }, [batch, world, place, trajectory]);
  const choose = async (token: TokenView): Promise<void> => {
    setChosen(token.position);
    setProblem(null);
    try {
      setReport(await askToken(studio, token.position, token.written));
    } catch (error) {
      setReport(null);
      setProblem(refusalText(error));
    }
  };
  const goOn = async (token: number): Promise<void> => {
    const at = tokens.find(({ position }) => position === chosen);
    if (!at) return;
    try {
      await continueWith(studio, at, [token]);
    } catch (error) {
      setProblem(refusalText(error));
    }
  };
  const weights = mode === null || report === null ? null : headWeights(report, mode);
  return (
    <section className="lab-part" aria-label="Tokens">
      <div className="lab-part-head">
        <h3>
          <Term id="token">Tokens</Term>
        </h3>
        <span className="small quiet">
          of what lies on the{' '}
          <Term id="bench" then=";">
            bench
          </Term>{' '}
          choose one
        </span>
      </div>
      <TokenRow tokens={tokens} chosen={chosen} weights={weights} onChoose={(token) => void choose(token)} />
      {problem !== null && (
        <p className="small" role="alert">
          {problem}
        </p>
      )}
      {report && report.position === chosen && (
        <div className="token-report">
          {report.alternatives && world && (
            <AlternativeList
              report={report}
              written={tokens.find(({ position }) => position === chosen)?.text ?? ''}
              nameOf={(token) => tokenWord(world, token)}
              onChoose={(token) => void goOn(token)}
            />
          )}
          <Attention attention={report.attention} tokens={tokens} head={mode} onHead={setMode} />
        </div>
      )}
    </section>
  );
}

/** The question is read as well, though nobody writes it. */
function questionTokens(
  { draft, positions }: NonNullable<CurrentView['engine']>['batch'],
  place: number,
  end: number,
  world: Parameters<typeof tokenWord>[0],
): TokenView[] {
  return Array.from({ length: end }, (_, position) => ({
    ...{ position, step: 0, written: false, logProb: 0, entropy: 0 },
    text: tokenWord(world, draft.tokens[place * positions + position] ?? 0),
  }));
}

function headWeights({ attention }: TokenReport, head: number): Float32Array {
  const seen = attention.position + 1;
  return attention.weights.subarray(head * seen, (head + 1) * seen);
}

interface TokenRowProps {
  tokens: readonly TokenView[];
  chosen: number | null;
  /** Of the chosen head over the tokens, null for none. */
  weights: Float32Array | null;
  onChoose: (token: TokenView) => void;
}

/** One stop for the Tab key; arrows walk over the tokens and Enter chooses. */
function TokenRow({ tokens, chosen, weights, onChoose }: TokenRowProps): React.JSX.Element {
  const [focused, setFocused] = useState(0);
  const move = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.min(tokens.length - 1, Math.max(0, focused + by));
    setFocused(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="token-row" role="group" aria-label="Tokens on the bench" onKeyDown={move}>
      {tokens.map((token, index) => (
        <button
          key={token.position}
          type="button"
          className={token.written ? 'tok' : 'tok tok-inserted'}
          data-step={token.step}
          tabIndex={index === focused ? 0 : -1}
          aria-pressed={token.position === chosen}
          style={{ '--heat': weights?.[token.position] ?? 0 }}
          onFocus={() => setFocused(index)}
          onClick={() => onChoose(token)}
        >
          {token.text}
        </button>
      ))}
    </div>
  );
}

interface AlternativeListProps {
  report: TokenReport;
  written: string;
  nameOf: (token: number) => string;
  onChoose: (token: number) => void;
}

function AlternativeList({ report, written, nameOf, onChoose }: AlternativeListProps): React.JSX.Element | null {
  const { alternatives } = report;
  if (!alternatives) return null;
  const { tokens, logProbs, entropy, logProb, rank, update } = alternatives;
  return (
    <div className="alternatives">
      <p className="small quiet">
        “{written}” has probability {probability(Math.exp(logProb))} here, place {count(rank)};{' '}
        <Term id="entropy">entropy</Term> {fixed(entropy)} nats; weights of update {count(update)}. Continue from here
        with another token:
      </p>
      <ol>
        {[...tokens].map((token, k) => (
          <li key={token}>
            <button type="button" className="button plain" onClick={() => onChoose(token)}>
              {nameOf(token)}
            </button>
            <span className="alternative-bar" style={{ '--share': Math.exp(logProbs[k] ?? 0) }} />
            <span className="small">{probability(Math.exp(logProbs[k] ?? 0))}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
