import type { TokenReport } from '../../../store/lab/tokens';
import type { TokenView } from '../../../recordings/decode-trajectory';
import { count, fixed } from '../../format';
import { Term } from '../../terms/term';

interface AttentionProps {
  attention: TokenReport['attention'];
  tokens: readonly TokenView[];
  /** Layer times heads plus head; null for none. */
  head: number | null;
  onHead: (head: number | null) => void;
}

/** A strip for each head of each layer over the tokens that the chosen one sees; a head that is picked shows on the text. */
export function Attention({ attention, tokens, head, onHead }: AttentionProps): React.JSX.Element {
  const { layers, heads, position, weights, update } = attention;
  const seen = position + 1;
  const all = Array.from({ length: layers * heads }, (_, k) => k);
  const rowOf = (k: number): Float32Array => weights.subarray(k * seen, (k + 1) * seen);
  const describe = (k: number): string => {
    const row = rowOf(k);
    const most = row.indexOf(Math.max(...row));
    return `layer ${Math.floor(k / heads) + 1}, head ${(k % heads) + 1}: most on “${tokens[most]?.text ?? ''}”, ${fixed(row[most])}`;
  };
  return (
    <div className="attention">
      <p className="small quiet">
        <Term id="attention">Attention</Term> from this token to those before it, as the kernels computed it with the
        weights of update {count(update)}: a strip a head, from the first token to this one. Pick a head to see it on
        the text.
      </p>
      <div className="attention-grid" style={{ '--heads': heads }}>
        {all.map((k) => (
          <button
            key={k}
            type="button"
            className="attention-head"
            aria-pressed={head === k}
            aria-label={describe(k)}
            onClick={() => onHead(head === k ? null : k)}
          >
            <span className="small">
              L{Math.floor(k / heads) + 1} H{(k % heads) + 1}
            </span>
            <Strip weights={rowOf(k)} />
          </button>
        ))}
      </div>
      <p className="small" role="status">
        {head !== null && describe(head)}
      </p>
    </div>
  );
}

/** A bar a token, its height the weight: that of one token alone would be full. */
function Strip({ weights }: { weights: Float32Array }): React.JSX.Element {
  const bars = [...weights].map((weight, j) => `M${j} 20h1v${-Math.round(200 * weight) / 10}h-1z`).join('');
  return (
    <svg className="attention-strip" viewBox={`0 0 ${weights.length} 20`} preserveAspectRatio="none" aria-hidden="true">
      <path d={bars} />
    </svg>
  );
}
