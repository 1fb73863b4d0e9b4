/**
 * Whether words stand in a text once it is normalised (squad.ts), told from the text as it is: to take signs and articles out of
 * all of it takes ten times as long.
 */
import { ARTICLES, SIGNS } from './squad';

/** What a character is to a word. Beside one of `OTHER` an article may end: only normalising tells. */
const [LETTER, SIGN, BLANK, OTHER] = [0, 1, 2, 3];
const PARTS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (SIGNS.includes(character)) return SIGN;
  if (/\s/.test(character)) return BLANK;
  return /[a-z0-9]/i.test(character) ? LETTER : OTHER;
});

function partAt(text: string, at: number): number {
  return PARTS[text.charCodeAt(at)] ?? OTHER;
}

/** Whether a word stands there as itself or as a part of another, maybe with signs between its letters. */
export function isSpelt(lower: string, word: string): boolean {
  if (lower.includes(word)) return true;
  for (let at = beginOf(word, lower, 0); at >= 0; at = beginOf(word, lower, at + 1)) {
    if (endOf(word, lower, at) >= 0) return true;
  }
  return false;
}

/**
 * @param lower the text in small letters
 * @param words normalised, one at least, of letters and digits
 * @returns null where only normalising tells
 */
export function standsIn(lower: string, words: readonly string[]): boolean | null {
  const [word = ''] = words;
  for (let at = beginOf(word, lower, 0); at >= 0; at = beginOf(word, lower, at + 1)) {
    if (endOf(word, lower, at) < 0) continue;
    const begins = isEdge(lower, at - 1, -1);
    const stands = begins && stand(lower, words, at);
    if (stands !== false) return stands;
  }
  return false;
}

/** Whether all of them stand behind each other from `from` on, where a word begins. */
function stand(lower: string, words: readonly string[], from: number): boolean | null {
  let at = from;
  for (const word of words) {
    for (;;) {
      while (partAt(lower, at) === SIGN || partAt(lower, at) === BLANK) at += 1;
      const here = wordEnd(word, lower, at);
      if (here === null) return null;
      if (here >= 0) {
        at = here;
        break;
      }
      const article = articleEnd(lower, at);
      if (article === null) return null;
      if (article < 0) return at >= lower.length || partAt(lower, at) === LETTER ? false : null;
      at = article;
    }
  }
  return true;
}

function articleEnd(lower: string, at: number): number | null {
  for (const article of ARTICLES) {
    const end = wordEnd(article, lower, at);
    if (end !== -1) return end;
  }
  return -1;
}

/** Behind a word that begins at `at` and ends there; -1 where it does not, null where only normalising tells. */
function wordEnd(word: string, lower: string, at: number): number | null {
  const end = endOf(word, lower, at);
  if (end < 0) return -1;
  const ends = isEdge(lower, end, 1);
  return ends === null ? null : ends ? end : -1;
}

/** The next place from `from` on where a word may begin: its first letter, then its second one or a sign; -1 where there is none. */
function beginOf(word: string, lower: string, from: number): number {
  const first = word.charAt(0);
  const second = word.charCodeAt(1);
  for (let at = lower.indexOf(first, from); at >= 0; at = lower.indexOf(first, at + 1)) {
    const next = lower.charCodeAt(at + 1);
    if (next === second || word.length === 1 || PARTS[next] === SIGN) return at;
  }
  return -1;
}

/** Behind letters that begin at `at`, signs between them left out; -1 where they do not. */
function endOf(word: string, lower: string, at: number): number {
  let place = at;
  for (let letter = 0; letter < word.length; letter += 1, place += 1) {
    while (partAt(lower, place) === SIGN) place += 1;
    if (lower.charCodeAt(place) !== word.charCodeAt(letter)) return -1;
  }
  return place;
}

/** Whether a word ends beside `at`, signs left out; null where only normalising tells. */
function isEdge(lower: string, at: number, step: 1 | -1): boolean | null {
  let place = at;
  while (partAt(lower, place) === SIGN) place += step;
  if (place < 0 || place >= lower.length) return true;
  const part = partAt(lower, place);
  return part === OTHER ? null : part === BLANK;
}
