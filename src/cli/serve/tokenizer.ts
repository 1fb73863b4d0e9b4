/** Text to tokens and back, as tokenizer.json of an exported folder has it: a word a token. */
import { wordPattern } from '../../formats/hugging-face';

/** A token of a text with where it ends. What stands between two words belongs to the second. */
export interface TextToken {
  token: number;
  end: number;
}

export class Tokenizer {
  private readonly pattern: RegExp;
  private readonly ids: ReadonlyMap<string, number>;

  constructor(readonly strings: readonly string[]) {
    this.pattern = new RegExp(wordPattern({ strings }), 'gu');
    this.ids = new Map(strings.map((text, id) => [text, id]));
  }

  /** @returns the tokens, or the first word that is none */
  encode(text: string): TextToken[] | { unknown: string } {
    const tokens: TextToken[] = [];
    for (const match of text.matchAll(this.pattern)) {
      const token = this.ids.get(match[0]);
      if (token === undefined) return { unknown: match[0] };
      tokens.push({ token, end: match.index + match[0].length });
    }
    return tokens;
  }

  /** Those of the words that are tokens: what a search engine makes of a query. */
  known(text: string): number[] {
    return Array.from(text.matchAll(this.pattern), ([word]) => this.ids.get(word)).filter((id) => id !== undefined);
  }

  /** The words of tokens, one space apart, as `encode` would have found them. */
  decode(tokens: readonly number[]): { text: string; tokens: TextToken[] } {
    let text = '';
    const found = tokens.map((token, i): TextToken => {
      text += `${i === 0 ? '' : ' '}${this.strings[token] ?? ''}`;
      return { token, end: text.length };
    });
    return { text, tokens: found };
  }
}
