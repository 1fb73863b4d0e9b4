/**
 * The numbers of a completion that is searches with their results and an answer at its end, each in a block of its own, as most of
 * Search-R1's are. Loops without functions of their own: they are looked through for every row, and each thread compiles them anew.
 */
import { mayHoldTurns } from '../reading/turns';
import { arePieces, readPassages } from '../reading/passages';
import { closedBlocks } from '../text/closed-blocks';
import type { ClosedBlock } from '../text/closed-blocks';
import { bears, normalizeAnswer } from '../text/squad';
import { WordSearch } from '../text/word-match';
import { GROUNDED } from './row-faults';

export interface PlainSide {
  em: 0 | 1;
  searches: number;
  /** Mean u_i. */
  density: number;
  coverage: number;
  size: number;
  /** As in `Faults`. */
  useless: number;
  grounded: number;
}

/** null where it is any other, or no right answer is known that a passage can hold. What it says is what `readCompletion` would. */
export function plainSide(source: string, golds: readonly string[]): PlainSide | null {
  const { right, normal, wanted } = soughtIn(golds);
  if (right === null || mayHoldTurns(source)) return null;
  const blocks = closedBlocks(source);
  const results = blocks && resultsIn(blocks);
  const [first, last] = [blocks?.[0], blocks?.at(-1)];
  if (!results || !first || !last) return null;
  const answer = last.text;
  if (answer === '' || answer.includes('boxed') || answer.includes('fbox')) return null;
  const words = normalizeAnswer(answer);
  const isRight = wanted.length === 1 && wanted[0] === words;
  const said = bears(words) && !isRight ? searchFor(words) : null;
  const seen: string[] = [];
  let [useful, useless, holds] = [0, 0, false];
  for (let k = 0; k < results.length; k += 1) {
    const found = results[k] ?? '';
    if (!arePieces(found)) return null;
    const before = seen.length;
    let isNew = false;
    const lower = found.toLowerCase();
    if (right.mayBeIn(lower) || said?.mayBeIn(lower)) {
      for (const { title, text } of readPassages(found)) {
        const passage = `${title} ${text}`;
        const isThere = right.isIn(passage);
        holds ||= isRight ? isThere : said !== null && said.isIn(passage);
        if (!isThere) continue;
        const key = `${title}\n${text}`;
        const place = seen.indexOf(key);
        // What stands twice in one result is new in both places.
        isNew ||= place < 0 || place >= before;
        seen.push(key);
      }
    }
    if (isNew) useful += 1;
    else if (useless === 0) useless = k + 1;
  }
  return {
    em: normal.includes(words) ? 1 : 0,
    searches: results.length,
    density: useful / results.length,
    coverage: seen.length > 0 ? 1 : 0,
    size: last.end - first.start,
    useless,
    grounded: bears(words) ? (holds ? GROUNDED.yes : GROUNDED.no) : words === '' ? GROUNDED.noAnswer : GROUNDED.yesOrNo,
  };
}

/** What each search found; null where one of them has no block of results right behind it, or the answer does not end it all. */
function resultsIn(blocks: readonly ClosedBlock[]): string[] | null {
  const results: string[] = [];
  let asked = false;
  for (let k = 0; k < blocks.length; k += 1) {
    const { kind, text } = blocks[k]!;
    if (asked !== (kind === 'information')) return null;
    if ((kind === 'answer') !== (k === blocks.length - 1)) return null;
    if (kind === 'information') results.push(text);
    asked = kind === 'search';
  }
  return results;
}

interface Sought {
  golds: readonly string[];
  /** All of them, normalised, and those that a passage can hold. */
  normal: readonly string[];
  wanted: readonly string[];
  /** null where none can. */
  right: WordSearch | null;
}

/** Rows of a group follow each other, and have the same. */
let sought: Sought = { golds: [], normal: [], wanted: [], right: null };

function soughtIn(golds: readonly string[]): Sought {
  if (golds.length === sought.golds.length && golds.every((gold, k) => gold === sought.golds[k])) return sought;
  const normal = golds.map(normalizeAnswer);
  const wanted = normal.filter(bears);
  sought = { golds, normal, wanted, right: wanted.length === 0 ? null : new WordSearch(wanted) };
  return sought;
}

/** The same answers come again and again. */
const searches = new Map<string, WordSearch>();
const MOST_SEARCHES = 1000;

function searchFor(words: string): WordSearch {
  const known = searches.get(words);
  if (known !== undefined) return known;
  if (searches.size >= MOST_SEARCHES) searches.clear();
  const search = new WordSearch([words]);
  searches.set(words, search);
  return search;
}
