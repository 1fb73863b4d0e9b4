/** \boxed{..} of LaTeX, as models that learned on mathematics mark an answer. */

const BOX = /\\(?:boxed|fbox)\s{0,9}\{/g;
/** What only says how its content is set. */
const WRAPPED = /\\(?:text|textbf|textit|texttt|textrm|mathrm|mathbf|mbox|boxed|fbox)\s{0,9}\{([^{}]*)\}/g;
/** One within the other. */
const MOST_WRAPPED = 4;

/** What the last box holds, whose braces may be nested; null without one, or where none is closed. */
export function lastBox(source: string): string | null {
  if (!source.includes('boxed') && !source.includes('fbox')) return null;
  const closings = closingBraces(source);
  let last: string | null = null;
  let from = 0;
  for (const match of source.matchAll(BOX)) {
    const open = match.index + match[0].length;
    const close = closings.get(open - 1);
    // Within the box before: that one counts whole.
    if (close === undefined || match.index < from) continue;
    last = source.slice(open, close);
    from = close;
  }
  return last === null ? null : unwrapped(last);
}

/** Where each brace is closed, of those that are. */
function closingBraces(source: string): Map<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const c = source[at];
    if (c === '\\' && (source[at + 1] === '{' || source[at + 1] === '}')) at += 1;
    else if (c === '{') open.push(at);
    else if (c === '}') {
      const begun = open.pop();
      if (begun !== undefined) closings.set(begun, at);
    }
  }
  return closings;
}

/** \text{Oslo}, 50\% -> Oslo, 50%. */
function unwrapped(source: string): string {
  let plain = source;
  for (let k = 0; k < MOST_WRAPPED; k += 1) plain = plain.replace(WRAPPED, '$1');
  return plain.replace(/\\([%$&#_{} ,;!])/g, (_, c: string) => (/[ ,;!]/.test(c) ? ' ' : c)).trim();
}
