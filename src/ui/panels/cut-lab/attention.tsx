import type { TokenReport } from '../../../store/lab/tokens';
import type { TokenView } from '../../../recordings/decode-trajectory';
import { count, fixed } from '../../format';

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
  return (
    <div className="attention">
      <p className="small quiet">
        Attention from this token to those before it, as the kernels computed it with the weights of update{' '}
        {count(update)}: a strip a head, from the first token to this one. Pick a head to see it on the text.
      </p>
      <div className="attention-grid" style={{ '--heads': heads }}>
        {all.map((k) => {
          const row = weights.subarray(k * seen, (k + 1) * seen);
          const most = row.indexOf(Math.max(...row));
          const text = `layer ${Math.floor(k / heads) + 1}, head ${(k % heads) + 1}: most on “${tokens[most]?.text ?? ''}”, ${fixed(row[most])}`;
          return (
            <button
              key={k}
              type="button"
              className="attention-head"
              aria-pressed={head === k}
              aria-label={text}
              title={text}
              onClick={() => onHead(head === k ? null : k)}
            >
              <span className="small">
                L{Math.floor(k / heads) + 1} H{(k % heads) + 1}
              </span>
              <Strip weights={row} />
            </button>
          );
        })}
      </div>
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
