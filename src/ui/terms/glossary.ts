/** The entries of docs/glossary.md, as its first lines describe them. A chunk of its own: loaded when a sign is asked about. */
import text from '../../../docs/glossary.md?raw';

export interface GlossaryEntry {
  term: string;
  /** One or two sentences. */
  text: string;
  /** Which way is good, where it is judged. */
  good: 'up' | 'down' | null;
}

/** By anchor, as GitHub makes it of the heading. */
export const GLOSSARY: ReadonlyMap<string, GlossaryEntry> = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [term = '', ...lines] = part.split('\n').map((line) => line.trim());
      const good = lines.includes('Good is up.') ? 'up' : lines.includes('Good is down.') ? 'down' : null;
      const sentences = lines.filter((line) => line !== '' && !/^(Sign:|Good is)/.test(line));
      return [anchorOf(term), { term, text: plain(sentences.join(' ')), good }] as const;
    }),
);

/** Of a heading, as GitHub makes it. */
function anchorOf(term: string): string {
  return term
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Markdown that the entries use: links and code. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}
