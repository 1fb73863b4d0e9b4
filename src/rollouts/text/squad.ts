/** Exact match as the SQuAD script counts it (evaluate-v1.1.py; Search-R1 and verl copy it): normalise, then compare. */

// Python's string.punctuation.
export const SIGNS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g;
// Python's \b knows letters of all alphabets, JavaScript's only the Latin ones.
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
export const ARTICLES = ['a', 'an', 'the'] as const;

/** The same answers come again and again: those of a group, and each is compared more than once. */
const known = new Map<string, string>();
const MOST_KNOWN = 1000;
const SHORT = 200;

/** Lower case, without punctuation and the articles a, an, the; white space as single blanks. */
export function normalizeAnswer(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const plain = text.toLowerCase().replace(PUNCTUATION, '');
  const answer = plain.replace(ARTICLE, ' ').replace(/\s+/g, ' ').trim();
  if (text.length > SHORT) return answer;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, answer);
  return answer;
}

/** 1 where the answer equals one of the right ones, else 0. */
export function exactMatch(answer: string | null, golds: readonly string[]): 0 | 1 {
  if (answer === null) return 0;
  const given = normalizeAnswer(answer);
  return golds.some((gold) => normalizeAnswer(gold) === given) ? 1 : 0;
}

/** Answers, normalised, that a passage can hold. */
export function bearing(answers: readonly string[]): string[] {
  return answers.map(normalizeAnswer).filter(bears);
}

/** @param words normalised: "yes" and "no" stand in many passages without answering anything */
export function bears(words: string): boolean {
  return words !== '' && words !== 'yes' && words !== 'no';
}
