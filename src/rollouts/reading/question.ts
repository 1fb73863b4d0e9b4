/** The question within what a model was told, without instructions and without what a chat template leaves. */
import { turnsOf, withoutMarks } from './turns';

const ASKED = 'Question:';
/** Results stand in the user's turn in some templates. */
const RESULTS = /^<(?:tool_response|information|tool_result|result)\b/;

export function areResults(said: string): boolean {
  return RESULTS.test(said);
}

type Asks = 'named' | 'turn' | 'prompt' | 'whole';

/**
 * The line after the last "Question:", else what the user said, else all of it; null where nothing is left.
 *
 * @param from `named` is the question itself, though some write a whole prompt there; `turn` is one of a chat; of a `prompt` the
 * user's last turn asks, of a `whole` trajectory the first
 */
export function questionIn(source: string, from: Asks): string | null {
  if (last?.source !== source || last.from !== from) last = { source, from, question: found(source, from) };
  return last.question;
}

/** Rows of a group follow each other, and ask the same. */
let last: { source: string; from: Asks; question: string | null } | null = null;

function found(source: string, from: Asks): string | null {
  const turns = turnsOf(source, 'user');
  const plain = turns.length < 2 && withoutMarks(source) === source;
  if (from === 'named' && plain) return source.trim() === '' ? null : source.trim();
  const users = turns.filter(({ role }) => role === 'user').map(({ start, end }) => source.slice(start, end));
  const spoken = users.map((said) => withoutMarks(said).trim()).filter((said) => said !== '' && !areResults(said));
  if (from === 'prompt') spoken.reverse();
  for (const said of spoken) {
    const asked = afterLabel(said);
    if (asked !== null) return asked;
  }
  const said = spoken[0] ?? withoutMarks(source).trim();
  return said === '' ? null : said;
}

function afterLabel(said: string): string | null {
  for (let at = said.lastIndexOf(ASKED); at >= 0; at = at === 0 ? -1 : said.lastIndexOf(ASKED, at - 1)) {
    const line = /^\s{0,99}(\S[^\n]*)/.exec(said.slice(at + ASKED.length, at + ASKED.length + 20_000))?.[1]?.trim();
    if (line !== undefined && line !== '') return line;
  }
  return null;
}
