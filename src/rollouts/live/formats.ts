/** How a trajectory is written: where the model halts, what it asked, how passages are put into its text. */
import type { LivePassage } from './live-server';

/** What became of a turn. `text` is what the model wrote, its end tag put back where the server dropped it. */
export type Turn =
  | { kind: 'search'; text: string; query: string }
  /** @property answer null where it ended without one */
  | { kind: 'end'; text: string; answer: string | null };

export interface LiveFormat {
  name: string;
  /** Whether words stand one space apart, so that a space is put where two texts meet. */
  spaced: boolean;
  /** The server halts behind these, and may keep or drop them. */
  stop: readonly string[];
  /** Of one turn. */
  maxTokens: number;
  mostSearches: number;
  topK: number;
  /** @param finish as the server says why it halted */
  read(written: string, finish: string | null): Turn;
  insert(passages: readonly LivePassage[]): string;
}

/** A name or a relation: what a thought, a query or an answer of ours consists of. */
const WORD = '(?!source:)[^<>?:\\s][^<>:]*:(?:(?! (?:<|[a-z]+:))[^<>])+';
const THINK = `<think>((?: ${WORD}){0,2}) </think>`;
const OWN_SEARCH = new RegExp(`^${THINK} <search>((?: ${WORD}){1,2}) </search>$`);
const OWN_ANSWER = new RegExp(`^${THINK} <answer> (${WORD}) </answer>$`);

/**
 * Lines of ours, `cutpoint-trajectory`: words of a world (docs/method.md section 2). A turn has at most 8 tokens with `<eos>`, and
 * one that breaks the grammar ends the trajectory without an answer.
 */
export const OWN_LIVE_FORMAT: LiveFormat = {
  name: 'cutpoint-trajectory',
  spaced: true,
  stop: ['</search>'],
  maxTokens: 8,
  mostSearches: 4,
  topK: 3,
  read(written, finish) {
    const said = written.trim();
    const text = finish === 'stop' && isOpen(said, 'search') ? `${said} </search>` : said;
    const query = OWN_SEARCH.exec(text)?.[2];
    if (query !== undefined) return { kind: 'search', text, query: query.trim() };
    // What ends with anything but <eos> is not finished.
    const answer = finish === 'stop' ? OWN_ANSWER.exec(text)?.[2] : undefined;
    return { kind: 'end', text, answer: answer ?? null };
  },
  insert: (passages) => `<information> ${passages.map(({ text }) => text).join(' ')} </information>`,
};

function isOpen(text: string, tag: string): boolean {
  return text.lastIndexOf(`<${tag}>`) > text.lastIndexOf(`</${tag}>`);
}
