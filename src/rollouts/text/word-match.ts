/** Whether a text holds words, both normalised: between blanks, or where a script has none between its words. */

import { hasSignsInWords, normalized, plainText } from './squad';

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const AROUND = 24;
const LONG = 60;
const MOST_PLACES = 20;
let segmenter: Intl.Segmenter | null = null;

/** Which of several normalised answers a text holds. Most hold none, which is seen before anything is taken out of them. */
export class WordSearch {
  private readonly longest: readonly string[];

  /** @param sought normalised */
  constructor(private readonly sought: readonly string[]) {
    this.longest = sought.map((words) => words.split(' ').reduce((a, b) => (b.length > a.length ? b : a)));
  }

  isIn(source: string): boolean {
    const lower = source.toLowerCase();
    // Where no sign within a word goes, each word stands there as it will be.
    if (!this.longest.some((word) => lower.includes(word)) && !hasSignsInWords(lower)) return false;
    const plain = plainText(source);
    let text: string | null = null;
    return this.sought.some((words, k) => {
      if (!plain.includes(this.longest[k] ?? '')) return false;
      text ??= normalized(plain);
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
