/** Our own lines, `cutpoint-trajectory/1` to /3 (docs/formats.md), as a Rollout. */
import { NEWER_HINT } from '../../lib/versions';
import { finite, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { SkippedRow } from './record';
import type {
  Evidence,
  Rollout,
  RolloutBranch,
  RolloutPassage,
  RolloutSide,
  RolloutStep,
  RolloutToken,
} from './record';

export const OWN_FORMAT = 'cutpoint-trajectory/';
/** The newest version that is read; version 3 has branches. */
export const OWN_VERSION = 3;
const CLASSES: readonly string[] = ['new', 'repeated', 'irrelevant', 'rumour'] satisfies Evidence[];

export function isOwnLine(row: JsonObject): boolean {
  return typeof row['format'] === 'string' && row['format'].startsWith(OWN_FORMAT);
}

/** @throws SkippedRow of another version, or where a key has not what the format says */
export function readOwnLine(row: JsonObject): Rollout {
  const version = Number(String(row['format']).slice(OWN_FORMAT.length));
  if (version > OWN_VERSION) {
    const format = String(row['format']).slice(0, 40);
    throw new SkippedRow(
      `of format ${format}, and this version reads up to ${OWN_FORMAT}${OWN_VERSION}. ${NEWER_HINT.replace(/\.$/, '')}`,
    );
  }
  if (![1, 2, 3].includes(version)) throw new SkippedRow(`unknown format ${String(row['format'])}`);
  const question = need(text(row['question']), 'question');
  const draft = readSide(need(object(row['draft']), 'draft'));
  const final = isObject(row['final']) ? readSide(row['final']) : draft;
  const review = object(row['review']);
  const cut = isObject(row['final']) ? (finite(review?.['cut']) ?? 0) : 0;
  if (!Number.isInteger(cut) || cut < 0 || cut > draft.steps.length) throw new SkippedRow(`"review.cut" is ${cut}`);
  const chances = chancesOf(review, draft.steps.length);
  return {
    question,
    golds: [word(need(text(row['answer']), 'answer'))],
    group: `${finite(row['poolMember']) ?? ''} ${question}`,
    step: finite(row['update']),
    draft,
    final: cut === 0 ? draft : final,
    cut,
    reviewed: cut > 0 || chances !== null,
    review: chances,
    advantage: finite(row['advantage']),
    reviewAdvantage: finite(row['reviewAdvantage']),
    truncated: null,
    branches: isArray(row['branches'])
      ? row['branches'].map((branch) => readBranch(need(object(branch), 'branches')))
      : [],
  };
}

function readBranch(branch: JsonObject): RolloutBranch {
  const number = (key: string): number => need(finite(branch[key]), `branches.${key}`);
  return {
    branch: number('branch'),
    parent: number('parent'),
    cut: number('cut'),
    weights: number('weights'),
    side: readSide(need(object(branch['side']), 'branches.side')),
  };
}

function need<T>(value: T | null | undefined, key: string): T {
  if (value === null || value === undefined) throw new SkippedRow(`"${key}" is missing or not of its kind`);
  return value;
}

function object(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

/** Log-probabilities of 0..5, null where illegal; all 0 where no model reviewed. */
function chancesOf(review: JsonObject | null, steps: number): number[] | null {
  const logProbs = review?.['logProbs'];
  if (!isArray(logProbs) || logProbs.every((value) => value === 0 || value === null)) return null;
  return logProbs.slice(0, steps + 1).map((value) => (typeof value === 'number' ? Math.exp(value) : 0));
}

function readSide(side: JsonObject): RolloutSide {
  const words = need(isArray(side['tokens']) ? side['tokens'].map(String) : null, 'tokens');
  const starts = need(isArray(side['stepStarts']) ? side['stepStarts'].map(finite) : null, 'stepStarts');
  if (starts.length === 0) throw new SkippedRow('"stepStarts" is empty: it has no step');
  const searches = isArray(side['searches']) ? side['searches'].filter(isObject) : [];
  const written = isArray(side['steps']) ? side['steps'].map(object) : [];
  let search = 0;
  const steps = starts.map((at, k): RolloutStep => {
    const start = need(at, 'stepStarts');
    const end = starts[k + 1] ?? words.length;
    const step = readStep(words.slice(start, end), start, end);
    const found = step.kind === 'search' ? searches[search++] : undefined;
    // Version 2 says a step in words of its own.
    const [thought, said] = [text(written[k]?.['thought']), text(written[k]?.['text'])];
    return { ...step, thought: thought ?? step.thought, text: said ?? step.text, ...(found ? readSearch(found) : {}) };
  });
  const end = text(side['end']);
  return {
    steps,
    answer: steps.find(({ kind }) => kind === 'answer')?.text ?? null,
    em: finite(side['em']) === 1 ? 1 : 0,
    reward: need(finite(side['reward']), 'reward'),
    rewardGiven: true,
    coverage: finite(side['coverage']) ?? 0,
    endReason: end === 'finished' ? null : end,
    note: null,
    judgedBy: 'world',
    tokens: readTokens(words, side),
  };
}

/** The steps of a side as text, as version 2 writes them. */
export function ownSteps(tokens: readonly string[], starts: readonly number[]): object[] {
  return starts.map((start, k) => {
    const {
      kind,
      end,
      thought,
      text: said,
    } = readStep(tokens.slice(start, starts[k + 1]), start, starts[k + 1] ?? tokens.length);
    return { kind, start, end, thought, text: said };
  });
}

function readSearch(search: JsonObject): Pick<RolloutStep, 'passages' | 'useful' | 'share'> {
  const list = isArray(search['passages']) ? search['passages'].filter(isObject) : [];
  const passages = list.map((passage): RolloutPassage => {
    const evidence = text(passage['class']);
    return {
      id: finite(passage['id']) ?? -1,
      title: text(passage['source']) ?? '',
      text: text(passage['text']) ?? '',
      evidence: isEvidence(evidence) ? evidence : null,
    };
  });
  return { passages, useful: finite(search['useful']), share: finite(search['share']) };
}

function isEvidence(value: string | null): value is Evidence {
  return value !== null && CLASSES.includes(value);
}

function readStep(words: readonly string[], start: number, end: number): RolloutStep {
  const thought = between(words, 'think')?.join(' · ') ?? '';
  const query = between(words, 'search');
  const answer = between(words, 'answer');
  const step = { thought, start, end, passages: [], useful: null, share: null };
  if (query) {
    const kind = words.includes('<information>') ? 'search' : 'unfinished';
    return { ...step, kind, text: query.join(' · ') || 'empty query' };
  }
  if (answer) return { ...step, kind: 'answer', text: answer.join(' ') || 'empty answer' };
  return { ...step, kind: 'unfinished', text: thought || 'no search, no answer' };
}

function between(words: readonly string[], tag: string): string[] | null {
  const open = words.indexOf(`<${tag}>`);
  if (open < 0) return null;
  const close = words.indexOf(`</${tag}>`, open);
  return words.slice(open + 1, close < 0 ? words.length : close).map(word);
}

/** "city:Monaco" -> "Monaco"; tags stay. */
export function word(token: string): string {
  const colon = token.startsWith('<') ? -1 : token.indexOf(':');
  return colon > 0 ? token.slice(colon + 1) : token;
}

function readTokens(words: readonly string[], side: JsonObject): RolloutToken[] {
  const logProbs = isArray(side['logProbs']) ? side['logProbs'] : [];
  const entropies = isArray(side['entropies']) ? side['entropies'] : [];
  let inserted = false;
  return words.map((token, position) => {
    if (token === '<information>') inserted = true;
    const read = {
      text: word(token),
      written: !inserted,
      logProb: finite(logProbs[position]) ?? 0,
      entropy: finite(entropies[position]),
    };
    if (token === '</information>') inserted = false;
    return read;
  });
}
