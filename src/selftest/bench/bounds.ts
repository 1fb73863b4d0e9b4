/**
 * How close a result must be: |got_i - want_i| <= atol + rtol * max_j |want_j| over each tensor, and got_i finite;
 * integers equal. The bounds are those that come with the golden fixtures (src/testing/golden/README.md).
 */
export interface Bound {
  rtol: number;
  atol: number;
}

export interface Comparison {
  ok: boolean;
  /** Largest |got - want|; Infinity where the length differs or a value is not finite. */
  worst: number;
  /** Where that is: index into the flat tensor. */
  at: number;
  /** `worst` as a share of what the bound allows: above 1 fails. */
  share: number;
  /** The absolute error that the bound allows here. */
  allowed: number;
  /** Largest |want|, which errors are relative to. */
  largest: number;
}

export const EXACT: Bound = { rtol: 0, atol: 0 };

/**
 * For float32 results: the first row whose file and `case/output` pattern match holds (* = any text, ? = one sign).
 * The reason for each bound is in the golden README.
 */
const FLOAT32_BOUNDS: readonly (Bound & { file: string; pattern: string })[] = [
  { file: 'rope', pattern: 'extreme-far-offset/*', rtol: 1e-4, atol: 1e-6 },
  // Weights recomputed as exp(score - logsumexp) carry the logsumexp's rounding, up to 1e-3 at scores of 2e4.
  { file: 'attention', pattern: 'extreme-1e4/d?', rtol: 5e-3, atol: 2e-6 },
  { file: 'attention', pattern: '*', rtol: 2e-5, atol: 2e-6 },
  { file: 'embedding', pattern: '*/y', ...EXACT },
  { file: 'model', pattern: '*/loss', rtol: 1e-5, atol: 1e-6 },
  { file: 'model', pattern: '*', rtol: 5e-5, atol: 1e-6 },
  { file: 'grpo', pattern: '*', rtol: 2e-5, atol: 2e-6 },
  { file: 'adamw', pattern: '*/m.*', rtol: 1e-5, atol: 0 },
  { file: 'adamw', pattern: '*/v.*', rtol: 1e-5, atol: 0 },
  { file: 'train_curve', pattern: '*', rtol: 1e-4, atol: 1e-6 },
  { file: 'philox', pattern: '*', ...EXACT },
  { file: 'decomposition', pattern: 'extreme-1e4/*', rtol: 1e-4, atol: 1e-6 },
  { file: '*', pattern: '*', rtol: 1e-5, atol: 1e-6 },
];

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
}

/** The bound of one output of one case, computed in float32. */
export function float32Bound(file: string, caseId: string, output: string): Bound {
  const row = FLOAT32_BOUNDS.find((r) => matches(r.file, file) && matches(r.pattern, `${caseId}/${output}`));
  return row ? { rtol: row.rtol, atol: row.atol } : EXACT;
}

/** Compares plain numbers over one tensor. */
export function compareNumbers(got: ArrayLike<number>, want: ArrayLike<number>, bound: Bound): Comparison {
  let largest = 0;
  for (let i = 0; i < want.length; i++) largest = Math.max(largest, Math.abs(want[i]!));
  const allowed = bound.atol + bound.rtol * largest;
  let worst = got.length === want.length ? 0 : Infinity;
  let at = 0;
  for (let i = 0; i < want.length && worst < Infinity; i++) {
    const got_i = got[i]!;
    const error = Number.isFinite(got_i) ? Math.abs(got_i - want[i]!) : Infinity;
    if (error > worst) {
      worst = error;
      at = i;
    }
  }
  const share = worst === 0 ? 0 : allowed === 0 ? Infinity : worst / allowed;
  return { ok: worst <= allowed, worst, at, share, allowed, largest };
}

/** The first element that is not the same number bit for bit (NaN equals NaN, 0 is not -0), or -1. */
export function differs(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const at = Array.from(a).findIndex((x, i) => !Object.is(x, b[i]));
  return at < 0 && a.length !== b.length ? Math.min(a.length, b.length) : at;
}
