/** Exact match as the SQuAD script counts it (evaluate-v1.1.py; Search-R1 and verl copy it): normalise, then compare. */

// Python's string.punctuation.
const SIGNS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
// Python's \b knows letters of all alphabets, JavaScript's only the Latin ones.
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** The same answers come again and again: those of a group, and each is compared more than once. */
const known = new Map<string, string>();
const MOST_KNOWN = 1000;
const SHORT = 200;

/** Lower case, without punctuation and the articles a, an, the; white space as single blanks. */
export function normalizeAnswer(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const answer = normalized(plainText(text));
  if (text.length > SHORT) return answer;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, answer);
  return answer;
}

/** The first half of it, which leaves each word as it will be. */
export function plainText(text: string): string {
  return text.toLowerCase().replace(PUNCTUATION, '');
}

/** What a character of ASCII is to a word: 0 a part, 1 a sign, 2 white space. */
const PARTS = Uint8Array.from({ length: 128 }, (_, code) =>
  SIGNS.includes(String.fromCharCode(code)) ? 1 : /\s/.test(String.fromCharCode(code)) ? 2 : 0,
);

/** Whether that makes words that do not stand in the text: "can't" has a sign within. A pattern takes ten times as long. */
export function hasSignsInWords(text: string): boolean {
  let before = 2;
  let within = false;
  for (let at = 0; at < text.length; at += 1) {
    const part = PARTS[text.charCodeAt(at)] ?? 0;
    if (part === 1) within ||= before === 0;
    else {
      if (part === 0 && within) return true;
      within = false;
    }
    before = part;
  }
  return false;
}

/** The second half, which takes four times as long. */
export function normalized(plain: string): string {
  return plain.replace(ARTICLES, ' ').replace(/\s+/g, ' ').trim();
}

/** 1 where the answer equals one of the right ones, else 0. */
export function exactMatch(answer: string | null, golds: readonly string[]): 0 | 1 {
  if (answer === null) return 0;
  const given = normalizeAnswer(answer);
  return golds.some((gold) => normalizeAnswer(gold) === given) ? 1 : 0;
}
