/** Whether a text holds words, both normalised: between blanks, or where a script has none between its words. */

import { normalizeAnswer } from './squad';
import { isSpelt, standsIn } from './stands-in';

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** No article ends beside one of them. */
const LETTERS = /^[\p{L}\p{N} ]+$/u;
/** Longer ones are sought in the whole that is normalised: what repeats itself would be compared again and again. */
const MOST_LETTERS = 100;
const AROUND = 24;
const LONG = 60;
const MOST_PLACES = 20;
let segmenter: Intl.Segmenter | null = null;

/** Which of several normalised answers a text holds. */
export class WordSearch {
  private readonly words: readonly (readonly string[])[];
  private readonly longest: readonly string[];
  private readonly spaced: readonly boolean[];

  /** @param sought normalised */
  constructor(private readonly sought: readonly string[]) {
    this.spaced = sought.map((words) => words.length <= MOST_LETTERS && LETTERS.test(words) && !UNSPACED.test(words));
    this.words = sought.map((words) => words.split(' '));
    this.longest = this.words.map((words) => words.reduce((a, b) => (b.length > a.length ? b : a)));
  }

  /**
   * Whether the longest word of one of them stands there, maybe as a part of another. Most texts hold none.
   *
   * @param lower the text in small letters
   */
  mayBeIn(lower: string): boolean {
    return this.longest.some((word) => word.length > MOST_LETTERS || isSpelt(lower, word));
  }

  isIn(source: string): boolean {
    const lower = source.toLowerCase();
    let text: string | null = null;
    return this.sought.some((words, k) => {
      const known = this.spaced[k] === true ? standsIn(lower, this.words[k] ?? []) : null;
      if (known !== null) return known;
      text ??= normalizeAnswer(source);
      return holdsWords(text, words);
    });
  }
}

export function holdsWords(text: string, words: string): boolean {
  if (!UNSPACED.test(words)) return ` ${text} `.includes(` ${words} `);
  let at = text.indexOf(words);
  // As many words as this are no part of a longer one.
  if (words.length > LONG) return at >= 0;
  for (let tries = 0; at >= 0 && tries < MOST_PLACES; tries += 1) {
    if (areWords(text, at, at + words.length)) return true;
    at = text.indexOf(words, at + 1);
  }
  return false;
}

/** Whether words begin at the one place and end at the other. The surroundings suffice: a segmenter takes long over long texts. */
function areWords(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - AROUND);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const part = text.slice(from, end + AROUND);
  const bounds = new Set([part.length]);
  for (const { index } of segmenter.segment(part)) bounds.add(index);
  return bounds.has(start - from) && bounds.has(end - from);
}
