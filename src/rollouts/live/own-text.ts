/** Text of one of our own networks, a word a token, in steps. */
import type { RolloutPassage, RolloutSide } from '../reading/record';
import { labelEvidence, PassageNumbers } from '../reading/label-evidence';
import { word } from '../reading/read-own';
import type { RawStep } from '../reading/steps';
import { exactMatch } from '../text/squad';

/** A tag, or a word with its type; names have spaces and colons are theirs alone. */
export const OWN_TOKEN = /<\/?[a-z]+>|\?|[^<>?:\s][^<>:\s]*:(?:(?! (?:<|[^<>?:\s]+:))[^<>])+/gu;

/** @param golds as a person reads them, without their type; none where nobody knows */
export function ownSide(text: string, golds: readonly string[]): RolloutSide {
  const raw = stepsOf(text);
  const { steps, coverage, density } = labelEvidence(raw, { golds, titles: [], useful: null }, new PassageNumbers());
  const answer = raw.find(({ kind }) => kind === 'answer')?.text ?? null;
  // Nobody knows what is right: neither right nor wrong.
  const em = golds.length > 0 ? exactMatch(answer, golds) : null;
  const reward = em === null ? null : em * (1 + density);
  return {
    ...{ steps, answer, em, coverage, reward, rewardGiven: false },
    endReason: answer === null ? 'no answer' : null,
    ...{ note: null, judgedBy: 'answer', tokens: null },
  };
}

/** A step begins at the first word, and behind passages. */
function stepsOf(text: string): RawStep[] {
  const steps: RawStep[] = [];
  for (let start = 0; start < text.length;) {
    const closed = text.indexOf('</information>', start);
    const end = closed < 0 ? text.length : closed + '</information>'.length;
    if (text.slice(start, end).trim() !== '') steps.push(stepOf(text.slice(start, end), start, end));
    start = end;
  }
  return steps;
}

function stepOf(said: string, start: number, end: number): RawStep {
  const words = said.match(OWN_TOKEN) ?? [];
  const thought = between(words, 'think')?.join(' · ') ?? '';
  const query = between(words, 'search');
  const answer = between(words, 'answer');
  const found = between(words, 'information');
  const step = { thought, start, end, passages: passagesOf(found ?? []) };
  if (query) return { ...step, kind: found ? 'search' : 'unfinished', text: query.join(' · ') || 'empty query' };
  if (answer) return { ...step, kind: 'answer', text: answer.join(' ') || 'empty answer' };
  return { ...step, kind: 'unfinished', text: thought || 'no search, no answer' };
}

/** Source, subject, relation, object. */
function passagesOf(words: readonly string[]): (Pick<RolloutPassage, 'title' | 'text'> & { label: null })[] {
  return Array.from({ length: Math.floor(words.length / 4) }, (_, k) => {
    const [source = '', ...rest] = words.slice(4 * k, 4 * k + 4);
    return { title: source, text: rest.join(' '), label: null };
  });
}

function between(words: readonly string[], tag: string): string[] | null {
  const open = words.indexOf(`<${tag}>`);
  if (open < 0) return null;
  const close = words.indexOf(`</${tag}>`, open);
  return words.slice(open + 1, close < 0 ? words.length : close).map(word);
}
