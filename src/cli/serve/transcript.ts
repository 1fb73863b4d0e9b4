/** What one choice has said so far, as text with its stop words, and as the lists of log-probabilities. */
import type { Prompt } from './completion-request';
import type { Written } from './scheduler';

/** OpenAI's lists, one entry a token. */
export interface LogProbLists {
  tokens: string[];
  token_logprobs: (number | null)[];
  /** null where there is nothing before a token that would predict it. */
  top_logprobs: (Record<string, number> | null)[] | null;
  text_offset: number[];
}

export interface TranscriptOptions {
  prompt: Prompt;
  strings: readonly string[];
  eos: number;
  stop: readonly string[];
  keepStop: boolean;
  echo: boolean;
  logProbs: number | null;
}

export class Transcript {
  text = '';
  /** New tokens, the one that ended it included. */
  readonly ids: number[] = [];
  /** The stop word that ended it. */
  stopWord: string | null = null;
  private readonly entries: { text: string; offset: number; logProb: number | null; top: Written['top'] }[] = [];
  /** Characters that the prompt has before the text. */
  private readonly origin: number;
  private told = 0;
  private toldEntries = 0;

  constructor(private readonly options: TranscriptOptions) {
    this.origin = options.echo ? 0 : options.prompt.text.length;
    if (!options.echo) return;
    this.text = options.prompt.text;
    const [first] = options.prompt.tokens;
    // The first has nothing before it that would predict it.
    if (first !== undefined && options.logProbs !== null)
      this.addPrompt({ token: first.token, logProb: null, top: [] });
  }

  /** The next token of an echoed prompt. */
  addPrompt({ logProb, top }: Written): void {
    const { prompt } = this.options;
    const at = this.entries.length;
    const begin = prompt.tokens[at - 1]?.end ?? 0;
    this.entries.push({ text: prompt.text.slice(begin, prompt.tokens[at]?.end), offset: begin, logProb, top });
  }

  /** @returns whether the text ends with it */
  add({ token, logProb, top }: Written): boolean {
    const { strings, eos, stop, keepStop, prompt } = this.options;
    this.ids.push(token);
    if (token === eos) return true;
    const apart = this.ids.length > 1 || !/(^|\s)$/.test(prompt.text);
    const word = `${apart ? ' ' : ''}${strings[token] ?? ''}`;
    const before = this.text.length;
    this.entries.push({ text: word, offset: this.origin + before, logProb, top });
    this.text += word;
    const written = this.options.echo ? prompt.text.length : 0;
    for (const one of stop) {
      const at = this.text.indexOf(one, Math.max(written, before - one.length + 1));
      if (at < 0) continue;
      this.stopWord = one;
      this.text = this.text.slice(0, keepStop ? at + one.length : at);
      return true;
    }
    return false;
  }

  /** What was not told yet; text that may be the beginning of a stop word waits unless it is the end. */
  news(end: boolean): { text: string; logProbs: LogProbLists | null } {
    const { stop } = this.options;
    const held = end ? 0 : Math.max(0, ...stop.map((word) => overlap(this.text, word)));
    const upTo = Math.max(this.told, this.text.length - held);
    const text = this.text.slice(this.told, upTo);
    this.told = upTo;
    const limit = this.origin + upTo;
    const entries = this.entries.slice(this.toldEntries).filter(({ offset }) => offset < limit);
    this.toldEntries += entries.length;
    return { text, logProbs: this.lists(entries) };
  }

  private lists(entries: typeof this.entries): LogProbLists | null {
    const { logProbs, strings } = this.options;
    if (logProbs === null) return null;
    return {
      tokens: entries.map(({ text }) => text),
      token_logprobs: entries.map(({ logProb }) => logProb),
      top_logprobs:
        logProbs === 0
          ? null
          : entries.map(({ text, top }) => {
              if (top.length === 0) return null;
              const apart = /^\s/.test(text) ? ' ' : '';
              return Object.fromEntries(top.map(([token, logProb]) => [`${apart}${strings[token] ?? ''}`, logProb]));
            }),
      text_offset: entries.map(({ offset }) => offset),
    };
  }
}

/** The most characters that the text ends with and the word begins with. */
function overlap(text: string, word: string): number {
  let length = Math.min(text.length, word.length - 1);
  while (length > 0 && !text.endsWith(word.slice(0, length))) length--;
  return length;
}
