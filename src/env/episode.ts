/**
 * The state machine of one trajectory (method.md section 2), the reference that the GPU's episode kernel follows token by token.
 * It sees tokens only: who chose them (a sampler, a demonstrator, a person) is the caller's affair.
 */
import { isContent, type Vocabulary } from '../retrieval/vocabulary';
import { INFORMATION_TOKENS, MAX_QUERY_CONTENT, MAX_SEARCHES, MAX_THINK_CONTENT } from './episode-limits';

export const PHASE = {
  expectThink: 0,
  inThink: 1,
  afterThink: 2,
  inSearch: 3,
  /** The environment writes here: 14 forced tokens. */
  information: 4,
  inAnswer: 5,
  afterAnswer: 6,
  done: 7,
} as const;
export type EpisodePhase = (typeof PHASE)[keyof typeof PHASE];

export const END_REASON = {
  running: 0,
  finished: 1,
  fifthSearch: 2,
  overLongThink: 3,
  overLongQuery: 4,
  overLongAnswer: 5,
  unexpectedToken: 6,
  emptyQuery: 7,
  emptyAnswer: 8,
} as const;
export type EndReason = (typeof END_REASON)[keyof typeof END_REASON];

export interface EpisodeStep {
  /** Position of the step's first token: cutting at this step keeps the tokens before it. */
  readonly start: number;
  /** Index into `searches` if the step's query was closed, else -1. */
  search: number;
}

export interface EpisodeSearch {
  /** Content tokens of the query, 1 or 2. */
  readonly query: readonly number[];
  /** Position of `<information>`. */
  readonly informationStart: number;
}

export interface Outcome {
  readonly steps: readonly EpisodeStep[];
  readonly searches: readonly EpisodeSearch[];
  /** The answer's token; -1 unless the trajectory finished properly, since a malformed one scores 0. */
  readonly answer: number;
  readonly reason: EndReason;
  /** Number of tokens, question included, up to and including the one that ended the trajectory. */
  readonly length: number;
}

export class Episode {
  phase: EpisodePhase = PHASE.expectThink;
  reason: EndReason = END_REASON.running;
  readonly steps: EpisodeStep[] = [];
  readonly searches: EpisodeSearch[] = [];
  /** Content tokens of the open segment; in `information`, the number of forced tokens so far. */
  private content: number[] = [];
  private forced = 0;
  private answered = -1;

  /** @param length position of the first token after the question */
  constructor(
    private readonly vocabulary: Vocabulary,
    public length: number,
  ) {}

  /** Content tokens of the segment that is open or was closed last. */
  get segment(): readonly number[] {
    return this.content;
  }

  /** Tokens of the information block that are still to come. */
  get forcedLeft(): number {
    return this.phase === PHASE.information ? INFORMATION_TOKENS - this.forced : 0;
  }

  /** Takes the next token and returns the phase after it. After `</search>` the phase is `information`: 14 forced tokens follow. */
  push(token: number): EpisodePhase {
    if (this.phase === PHASE.done) return this.phase;
    const position = this.length++;
    if (this.phase === PHASE.expectThink) this.steps.push({ start: position, search: -1 });
    this.advance(token);
    return this.phase;
  }

  outcome(): Outcome {
    const answer = this.reason === END_REASON.finished ? this.answered : -1;
    return { steps: this.steps, searches: this.searches, answer, reason: this.reason, length: this.length };
  }

  private advance(token: number): void {
    const { special } = this.vocabulary;
    switch (this.phase) {
      case PHASE.expectThink:
        if (token === special.think) this.open(PHASE.inThink);
        else this.end(END_REASON.unexpectedToken);
        return;
      case PHASE.inThink:
        if (token === special.endThink) this.phase = PHASE.afterThink;
        else this.collect(token, MAX_THINK_CONTENT, END_REASON.overLongThink);
        return;
      case PHASE.afterThink:
        if (token === special.answer) this.open(PHASE.inAnswer);
        else if (token !== special.search) this.end(END_REASON.unexpectedToken);
        else if (this.searches.length >= MAX_SEARCHES) this.end(END_REASON.fifthSearch);
        else this.open(PHASE.inSearch);
        return;
      case PHASE.inSearch:
        if (token !== special.endSearch) this.collect(token, MAX_QUERY_CONTENT, END_REASON.overLongQuery);
        else if (this.content.length === 0) this.end(END_REASON.emptyQuery);
        else this.closeSearch();
        return;
      case PHASE.information:
        if (++this.forced === INFORMATION_TOKENS) this.phase = PHASE.expectThink;
        return;
      case PHASE.inAnswer:
        if (token !== special.endAnswer) this.collect(token, 1, END_REASON.overLongAnswer);
        else if (this.content.length === 0) this.end(END_REASON.emptyAnswer);
        else {
          this.answered = this.content[0] ?? -1;
          this.phase = PHASE.afterAnswer;
        }
        return;
      case PHASE.afterAnswer:
        this.end(token === special.eos ? END_REASON.finished : END_REASON.unexpectedToken);
        return;
      case PHASE.done:
        return;
    }
  }

  private open(phase: EpisodePhase): void {
    this.phase = phase;
    this.content = [];
  }

  private collect(token: number, cap: number, overLong: EndReason): void {
    if (!isContent(this.vocabulary, token)) this.end(END_REASON.unexpectedToken);
    else if (this.content.length >= cap) this.end(overLong);
    else this.content.push(token);
  }

  private closeSearch(): void {
    const step = this.steps[this.steps.length - 1];
    if (step) step.search = this.searches.length;
    this.searches.push({ query: this.content, informationStart: this.length });
    this.forced = 0;
    this.phase = PHASE.information;
  }

  private end(reason: EndReason): void {
    this.reason = reason;
    this.phase = PHASE.done;
  }
}

/**
 * Recovers the outcome from tokens alone. Tokens after the end (padding, the review) are ignored; passages are whatever stands
 * there, so their ids come from the rollout.
 *
 * @param tokens the question, which ends at its `?`, then the trajectory
 */
export function parseTrajectory(vocabulary: Vocabulary, tokens: ArrayLike<number>): Outcome {
  let position = 0;
  while (position < tokens.length && tokens[position] !== vocabulary.special.question) position++;
  const episode = new Episode(vocabulary, position + 1);
  for (let i = position + 1; i < tokens.length && episode.phase !== PHASE.done; i++) {
    const token = tokens[i] ?? vocabulary.special.pad;
    // A trajectory that is still running ends where the padding or the review begins.
    if (token === vocabulary.special.pad || token === vocabulary.special.review) break;
    episode.push(token);
  }
  return episode.outcome();
}

/** 1 if the trajectory finished properly with the right answer (method.md section 5, EM). */
export function exactMatch(outcome: Pick<Outcome, 'answer'>, answerToken: number): 0 | 1 {
  return outcome.answer === answerToken ? 1 : 0;
}
