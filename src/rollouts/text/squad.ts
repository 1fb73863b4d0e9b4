/** Exact match as the SQuAD script counts it (evaluate-v1.1.py; Search-R1 and verl copy it): normalise, then compare. */

// Python's string.punctuation.
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
// Python's \b knows letters of all alphabets, JavaScript's only the Latin ones.
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** Lower case, without punctuation and the articles a, an, the; white space as single blanks. */
export function normalizeAnswer(text: string): string {
  return normalized(plainText(text));
}

/** The first half of it, which leaves each word as it will be. */
export function plainText(text: string): string {
  return text.toLowerCase().replace(PUNCTUATION, '');
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
