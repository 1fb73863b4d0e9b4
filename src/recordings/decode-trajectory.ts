/**
 * From the engine's typed arrays to what a person reads: steps, queries, passages, verdicts. Pure functions of one batch and
 * the world it was sampled in; only the rows on screen are decoded.
 */
import { emAt } from '../lib/exact-match';
import type { Em } from '../lib/exact-match';
import { END_REASONS } from '../trainer/protocol/protocol';
import type { TrajectoryBatch, TrajectorySide, WorldDescription } from '../trainer/protocol/protocol';

export const MAX_SEARCHES = 4;
export const MAX_STEPS = 5;
const PASSAGES = 3;
/** Reviews have one integer per cut 1..5 and 0 = accept. */
export const REVIEW_CHOICES = MAX_STEPS + 1;
/** Most hops of a question that a review thinks of. */
export const REVIEW_THOUGHTS = 4;

export type EvidenceClass = 'new' | 'repeated' | 'irrelevant' | 'rumour';
export const EVIDENCE_CLASSES: readonly EvidenceClass[] = ['new', 'repeated', 'irrelevant', 'rumour'];

export type SideName = 'draft' | 'final';

/**
 * What a review did to exact match: saved = wrong, cut, right; harmed = right, cut, wrong; wasted = cut and still as right or
 * wrong as before; missed = wrong and accepted; kept = right and accepted. `none` = no refiner in this run.
 */
export type Verdict = 'saved' | 'harmed' | 'wasted' | 'missed' | 'kept' | 'none';
export const BOARD_VERDICTS = ['saved', 'harmed', 'wasted', 'missed'] as const;
export const VERDICTS = [...BOARD_VERDICTS, 'kept'] as const;

export interface PassageView {
  id: number;
  source: string;
  sentence: string;
  /** Words of the query that it holds, and the BM25 score that they give. */
  matched: string[];
  /** null where nothing is known of the retrieval. */
  score: number | null;
  evidence: EvidenceClass | null;
}

export interface StepView {
  /** 1-based, as the refiner counts. */
  number: number;
  kind: 'search' | 'answer' | 'unfinished';
  /** Token positions [start, end). */
  start: number;
  end: number;
  thought: string;
  /** Search steps: the query as a phrase; answer steps: the answer. */
  text: string;
  /** The same in as few words as possible, for the strip: "Ada · born in". */
  label: string;
  passages: PassageView[];
  /** An answer that a later one took the place of. */
  superseded?: boolean;
  /** u_i; null for a step without a search. */
  useful: number | null;
  /** Share of supporting passages that are new (the density on screen). */
  share: number | null;
}

export interface SideView {
  steps: StepView[];
  searches: number;
  answer: string | null;
  em: Em;
  /** null where it is unknown. */
  reward: number | null;
  coverage: number;
  /** null when the trajectory ended as it should. */
  endReason: string | null;
  /** Where its reward comes from, if not from the run's settings: a file, or EM x (1 + mean u_i) in place of one. */
  rewardFrom?: 'file' | 'density';
  /** What there is to say of how the answer was found in a file. */
  answerNote?: string;
}

export interface TrajectoryView {
  /** Row number within the update. */
  row: number;
  /** Where it lies in the batch's arrays: the row number, unless rows were dropped. */
  place: number;
  group: number;
  draft: SideView;
  final: SideView;
  /** 0 accepts, j cuts at step j. */
  cut: number;
  /** Probability of accepting (index 0) and of each cut 1..S of the draft; null when no model reviewed. */
  review: number[] | null;
  /** What the review wrote of each hop before it judged, in English; missing where it writes nothing. */
  thoughts?: readonly string[];
  /** null where there is none. */
  advantage: number | null;
  reviewAdvantage: number;
  verdict: Verdict;
  /** Cuts that a person made, or other ends of the same conversation, where a file has them. */
  handBranches?: readonly HandBranch[];
}

export interface HandBranch {
  branch: number;
  /** 0 for the draft; null where it has a beginning of its own. */
  parent: number | null;
  cut: number;
  /** null where no person cut it. */
  weights: number | null;
  side: SideView;
}

export interface TokenView {
  position: number;
  /** 1-based; 0 where a file does not tell. */
  step: number;
  text: string;
  /** false for text the environment inserted: it is never trained on. */
  written: boolean;
  /** null where it was not recorded. */
  logProb: number | null;
  /** Nats; null where it was not recorded. */
  entropy: number | null;
  /** Log-probability under the weights that are trained and under the reference model, where a file has them. */
  current?: number | null;
  reference?: number | null;
  advantage?: number | null;
}

/** The numbers of tokens that a trainer's file has. */
export interface FileTokens {
  tokens: TokenView[];
  /** Which of its numbers any token has. */
  has: Readonly<Record<TokenNumber, boolean>>;
  /** Where the numbers come from, and what is missing. */
  notes: string[];
}
export type TokenNumber = 'logProb' | 'entropy' | 'current' | 'reference' | 'advantage';

/** "city:Monaco" -> "Monaco"; tags such as "<think>" stay whole. */
export function tokenWord(world: WorldDescription, token: number): string {
  const text = world.tokenStrings[token] ?? `token ${token}`;
  if (text.startsWith('<')) return text;
  const colon = text.indexOf(':');
  return colon > 0 ? text.slice(colon + 1) : text;
}

function relationOf(world: WorldDescription, token: number): { name: string; ask: string; state: string } | null {
  return world.relations[token - world.relationBase] ?? null;
}

/** Entities and relations as a person would say them: "the capital of France" when there is one of each, else the words. */
export function phrase(world: WorldDescription, tokens: readonly number[]): string {
  const [first, second] = tokens;
  if (tokens.length === 2 && first !== undefined && second !== undefined) {
    const relation = relationOf(world, first) ?? relationOf(world, second);
    const entity = relationOf(world, first) ? second : first;
    if (relation && !relationOf(world, entity)) return relation.ask.replace('{x}', () => tokenWord(world, entity));
  }
  return words(world, tokens);
}

function words(world: WorldDescription, tokens: readonly number[]): string {
  return tokens.map((token) => tokenWord(world, token)).join(' · ');
}

function passageSentence(world: WorldDescription, subject: number, relation: number, object: number): string {
  const template = relationOf(world, relation)?.state;
  const s = tokenWord(world, subject);
  const o = tokenWord(world, object);
  if (!template) return `${s} ${tokenWord(world, relation)} ${o}`;
  // Functions, since names from a file may hold "$&"; in one pass, since they may hold braces.
  return template.replace(/\{([so])\}/g, (_, which) => (which === 's' ? s : o));
}

function evidenceOf(code: number): EvidenceClass | null {
  return EVIDENCE_CLASSES[code] ?? null;
}

/** Tokens strictly between an opening tag at or after `from` and its end tag (or the step's end). */
function segment(tokens: readonly number[], from: number, open: number, close: number): number[] | null {
  const start = tokens.indexOf(open, from);
  if (start < 0) return null;
  const stop = tokens.indexOf(close, start + 1);
  return tokens.slice(start + 1, stop < 0 ? tokens.length : stop);
}

function decodeSide(batch: TrajectoryBatch, world: WorldDescription, side: TrajectorySide, row: number): SideView {
  const positions = batch.positions;
  const length = side.lengths[row] ?? 0;
  const stepCount = Math.min(side.stepCounts[row] ?? 0, MAX_STEPS);
  const steps: StepView[] = [];
  let searches = 0;
  let answer: string | null = null;
  for (let step = 0; step < stepCount; step += 1) {
    const start = side.stepStarts[row * MAX_STEPS + step] ?? 0;
    const end = step + 1 < stepCount ? (side.stepStarts[row * MAX_STEPS + step + 1] ?? length) : length;
    const tokens = Array.from(side.tokens.subarray(row * positions + start, row * positions + end));
    const special = world.special;
    const thought = segment(tokens, 0, special.think, special.endThink) ?? [];
    const query = segment(tokens, 0, special.search, special.endSearch);
    const given = segment(tokens, 0, special.answer, special.endAnswer);
    const view: StepView = {
      number: step + 1,
      kind: 'unfinished',
      start,
      end,
      thought: phrase(world, thought),
      text: '',
      label: '',
      passages: [],
      useful: null,
      share: null,
    };
    const information = segment(tokens, 0, special.information, special.endInformation);
    if (query) {
      view.text = query.length > 0 ? phrase(world, query) : 'empty query';
      view.label = query.length > 0 ? words(world, query) : view.text;
      if (information) {
        view.kind = 'search';
        view.passages = decodePassages(world, side, row, searches, query, information);
        view.useful = side.useful[row * MAX_SEARCHES + searches] ?? 0;
        view.share = side.shares[row * MAX_SEARCHES + searches] ?? 0;
        searches += 1;
      }
    } else if (given) {
      view.kind = 'answer';
      view.text = given.length > 0 ? given.map((token) => tokenWord(world, token)).join(' ') : 'empty answer';
      view.label = view.text;
      answer = view.text;
    } else {
      view.text = thought.length > 0 ? view.thought : 'no search, no answer';
      view.label = thought.length > 0 ? words(world, thought) : view.text;
    }
    steps.push(view);
  }
  const reason = side.reasons[row] ?? 0;
  return {
    steps,
    searches,
    answer,
    em: emAt(side.em, row),
    reward: side.rewards[row] ?? 0,
    coverage: side.coverage[row] ?? 0,
    endReason: reason === 1 ? null : (END_REASONS[reason] ?? `reason ${reason}`),
  };
}

function decodePassages(
  world: WorldDescription,
  side: TrajectorySide,
  row: number,
  search: number,
  query: readonly number[],
  information: readonly number[],
): PassageView[] {
  const passages: PassageView[] = [];
  for (let k = 0; k < PASSAGES; k += 1) {
    const at = (row * MAX_SEARCHES + search) * PASSAGES + k;
    const id = side.passages[at] ?? -1;
    const [source, subject, relation, object] = information.slice(4 * k, 4 * k + 4);
    if (id < 0 || source === undefined || subject === undefined || relation === undefined || object === undefined) {
      continue;
    }
    passages.push({
      id,
      source: world.sources[source - world.sourceBase] ?? tokenWord(world, source),
      sentence: passageSentence(world, subject, relation, object),
      matched: [source, subject, relation, object]
        .filter((token) => query.includes(token))
        .map((token) => tokenWord(world, token)),
      score: side.scores[at] ?? 0,
      evidence: evidenceOf(side.passageClasses[at] ?? 255),
    });
  }
  return passages;
}

export function verdictOf(hasRefiner: boolean, cut: number, draftEm: Em, finalEm: Em): Verdict {
  if (!hasRefiner || draftEm === null || finalEm === null) return 'none';
  if (cut === 0) return draftEm > 0 ? 'kept' : 'missed';
  if (draftEm === finalEm) return 'wasted';
  return finalEm > draftEm ? 'saved' : 'harmed';
}

/** Probabilities of accept and of each legal cut, or null where no model reviewed (then all log-probabilities are 0). */
export function reviewProbabilities(batch: TrajectoryBatch, row: number): number[] | null {
  const logProbs = batch.reviewLogProbs.subarray(row * REVIEW_CHOICES, (row + 1) * REVIEW_CHOICES);
  if (logProbs.every((value) => value === 0)) return null;
  const stepCount = Math.min(batch.draft.stepCounts[row] ?? 0, MAX_STEPS);
  return Array.from(logProbs.subarray(0, stepCount + 1), (value) => Math.exp(value));
}

/** The entities that the review believed in, hop by hop; undefined where it wrote none down. */
function thoughtsOf(batch: TrajectoryBatch, world: WorldDescription, place: number): string[] | undefined {
  const thoughts = batch.reviewThoughts?.subarray(place * REVIEW_THOUGHTS, (place + 1) * REVIEW_THOUGHTS);
  if (thoughts === undefined || reviewProbabilities(batch, place) === null) return undefined;
  const written = thoughts.filter((token) => token > 0);
  return Array.from(written, (token) => {
    const word = tokenWord(world, token);
    return word === '?' ? 'unknown' : word;
  });
}

export function decodeTrajectory(
  batch: TrajectoryBatch,
  world: WorldDescription,
  place: number,
  hasRefiner: boolean,
  row = place,
): TrajectoryView {
  const cut = batch.cuts[place] ?? 0;
  const draft = decodeSide(batch, world, batch.draft, place);
  const final = cut > 0 ? decodeSide(batch, world, batch.final, place) : draft;
  const thoughts = thoughtsOf(batch, world, place);
  return {
    ...(thoughts && { thoughts }),
    row,
    place,
    group: Math.floor(row / batch.groupSize),
    draft,
    final,
    cut,
    review: reviewProbabilities(batch, place),
    advantage: batch.advantages[place] ?? 0,
    reviewAdvantage: batch.reviewAdvantages[place] ?? 0,
    verdict: verdictOf(hasRefiner, cut, draft.em, final.em),
  };
}

/** Tokens of a whole side with what the policy knew of them. Everything inside an information segment comes from the environment. */
export function decodeTokens(
  batch: TrajectoryBatch,
  world: WorldDescription,
  sideName: SideName,
  place: number,
  steps: readonly StepView[],
): TokenView[] {
  const side = batch[sideName];
  const tokens: TokenView[] = [];
  for (const step of steps) {
    let inserted = false;
    for (let position = step.start; position < step.end; position += 1) {
      const at = place * batch.positions + position;
      const token = side.tokens[at] ?? 0;
      if (token === world.special.information) inserted = true;
      tokens.push({
        position,
        step: step.number,
        text: tokenWord(world, token),
        written: !inserted,
        logProb: side.logProbs[at] ?? 0,
        entropy: side.entropies[at] ?? 0,
      });
      if (token === world.special.endInformation) inserted = false;
    }
  }
  return tokens;
}
