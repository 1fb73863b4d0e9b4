/** The question within what a model was told, without instructions and without what a chat template leaves. */
import { turnsOf, withoutMarks } from './turns';

/** What stands before a question; most of it only at the beginning of a line. */
const LABEL =
  /Question:|问题[:：]|(?<=^|\n)[ \t]{0,9}(?:\*\*)?(?:(?:[Tt]he|[Yy]our|[Uu]ser|[Ii]nput)[ \t])?(?:[Qq](?:uestion|uery|UESTION)|Q)(?:\*\*)?[ \t]?:(?:\*\*)?|(?<=^|\n)#{2,4}[ \t](?:Instruction|Question|Input)s?:?[ \t]{0,9}(?=\n)/g;
/** Of many meanings: it asks where nothing else follows. */
const TASK = /(?:^|\n)[ \t]{0,9}(?:\*\*)?(?:New t|T)ask(?:\*\*)?[ \t]?:(?:\*\*)?\s{0,9}(\S[^\n]*)\s{0,99}$/;
/** Prompts of base models: "User: .. Assistant:", "Human:", "Q: .. A:", the model's turn at the end. */
const OPEN_TURN =
  /(?:\n|\s)(?:Assistant|AI|A|Answer|Response)[ \t]?:\s{0,9}(?:<think>\s{0,9})?$|\n#{2,4} Response:?\s{0,9}$/;
const ANSWERED = /\n[ \t]{0,9}(?:Assistant|AI)[ \t]?:/;
const SPOKEN = /(?<=^|[\s.])(?:User|Human)[ \t]?:[ \t]{0,9}/g;
/** A prompt that tells of "a conversation between User and Assistant" ends with what the user says. */
const LAST_SPOKEN = /(?:^|\n)[ \t]{0,9}(?:User|Human)[ \t]?:[ \t]{0,9}/g;
/** Results stand in the user's turn in some templates. */
const RESULTS = /^<(?:tool_response|information|tool_result|result)\b/;

export function areResults(said: string): boolean {
  return RESULTS.test(said);
}

/** Whether a turn of a chat says where its question is. */
export function saysQuestion(said: string): boolean {
  return said.includes('uestion') && afterLabel(said) !== null;
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
  const own = from === 'turn' ? null : spokenIn(source);
  if (own !== null) return afterLabel(own) ?? own;
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

/** What a base model's prompt says last as the user; null where it is no such prompt. */
function spokenIn(source: string): string | null {
  const end = OPEN_TURN.exec(source.slice(-200));
  if (end === null) return null;
  const before = source.slice(0, Math.max(0, source.length - 200) + end.index);
  const mark = [...before.matchAll(SPOKEN)].at(-1);
  const said = withoutMarks(mark === undefined ? before : before.slice(mark.index + mark[0].length)).trim();
  return said === '' || (mark === undefined && afterLabel(said) === null) ? null : said;
}

function afterLabel(said: string): string | null {
  for (const label of [...said.matchAll(LABEL)].reverse()) {
    const from = label.index + label[0].length;
    const line = askedIn(said.slice(from, from + 20_000));
    if (line !== '') return line;
  }
  const end = said.slice(-20_000);
  const task = TASK.exec(end)?.[1]?.trim();
  if (task !== undefined) return task;
  const spoken = [...end.matchAll(LAST_SPOKEN)].at(-1);
  const rest = spoken === undefined ? '' : end.slice(spoken.index + spoken[0].length).trim();
  // Behind it a dialogue may go on: then it is an example.
  return rest === '' || ANSWERED.test(rest) ? null : rest;
}

/** The first line, and those that it goes on in: behind a comma and the like. */
function askedIn(rest: string): string {
  const lines = rest.replace(/^[\s*]+/, '').split('\n');
  const end = lines.findIndex((line, k) => !/[,;:]\s{0,9}$/.test(line) || (lines[k + 1] ?? '').trim() === '');
  return lines
    .slice(0, end + 1)
    .join('\n')
    .trim();
}
