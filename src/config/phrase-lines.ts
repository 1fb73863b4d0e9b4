/**
 * Phrases that a person gives relations stand in the text of the facts as comments, `# phrase: bornIn = was born in`
 * (docs/formats.md): they travel with the facts, and leave what is trained on, its hash and its links as they are.
 */
import { MAX_NAME_LENGTH } from './triple-limits';

const LINE = /^[ \t]*#[ \t]*phrase:[ \t]*(.+?)[ \t]+=[ \t]*(.*)$/;

/** By relation; of two for one relation the last. */
export function phrasesIn(text: string): ReadonlyMap<string, string> {
  const phrases = new Map<string, string>();
  // Without splitting all of the text, which is long.
  for (const [line] of text.matchAll(/^[ \t]*#[ \t]*phrase:.*$/gm)) {
    const [, relation = '', phrase = ''] = LINE.exec(line.trimEnd()) ?? [];
    if (phrase !== '') phrases.set(relation.normalize('NFC'), phrase.slice(0, MAX_NAME_LENGTH));
  }
  return phrases;
}

/** The text with a phrase for a relation in place of the one that it had; an empty one leaves none. */
export function withPhrase(text: string, relation: string, phrase: string): string {
  const lines = text.split('\n');
  const others = lines.filter((line) => LINE.exec(line.trimEnd())?.[1]?.normalize('NFC') !== relation);
  const own = phrase.trim() === '' ? [] : [`# phrase: ${relation} = ${phrase}`];
  return [...own, ...others].join('\n');
}
