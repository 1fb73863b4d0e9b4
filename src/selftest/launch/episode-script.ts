/**
 * Random trajectories, right and malformed ones, written token by token with the CPU's episode, retriever and labels: what
 * the episode kernels must reproduce when they are given the same choices.
 */
import { Episode, PHASE, type Outcome } from '../../env/episode';
import { INFORMATION_TOKENS, STEP_CHOICES } from '../../env/episode-limits';
import { flawedStep, labelEvidence } from '../../env/evidence';
import { answerToken, drawQuestion, informationTokens, questionTokens } from '../../env/questions';
import type { Chain, World } from '../../env/world';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import type { PhiloxStream } from '../../lib/philox';
import { retrieveTopK } from '../../retrieval/bm25';

export interface ScriptedRow {
  world: World;
  chain: Chain;
  /** Number of the world in the index. */
  slot: number;
  promptLength: number;
  /** Question, choices and inserted passages. */
  tokens: readonly number[];
  /** Per position: whether the policy wrote it. */
  chosen: readonly boolean[];
  /** Passage ids of each completed search. */
  passages: readonly number[][];
  outcome: Outcome;
  /** The step that the label oracle cuts at, 0 for none. */
  flawed: number;
  /** Whether it finished with the right answer. */
  right: boolean;
}

/** One trajectory; about one token in `errorEvery` is any token that the policy may write. */
export function scriptRow(
  world: World,
  slot: number,
  stream: PhiloxStream,
  { errorEvery, blank = false }: { errorEvery: number; blank?: boolean },
): ScriptedRow {
  const { vocabulary } = world.schema;
  const chain = drawQuestion(world, stream, 3);
  const tokens = questionTokens(world.schema, chain);
  const promptLength = tokens.length;
  const chosen = tokens.map(() => false);
  const passages: number[][] = [];
  const episode = new Episode(vocabulary, promptLength);
  const anything = [...vocabulary.actorAllowed.keys()].filter((token) => vocabulary.actorAllowed[token] === 1);
  let content = 0;
  while (episode.phase !== PHASE.done) {
    if (episode.phase === PHASE.information) {
      const ids = [...retrieveTopK(world.index, episode.searches.at(-1)!.query)];
      passages.push(ids);
      for (const token of informationTokens(world, ids, blank)) {
        tokens.push(token);
        chosen.push(false);
        episode.push(token);
      }
      continue;
    }
    const token =
      stream.int(errorEvery) === 0 ? stream.choice(anything) : usualToken(world, chain, episode.phase, content, stream);
    tokens.push(token);
    chosen.push(true);
    const before = episode.phase;
    content = episode.push(token) === before ? content + 1 : 0;
  }
  const outcome = episode.outcome();
  const right = outcome.answer === answerToken(world.schema, chain);
  const flawed = flawedStep(labelEvidence(world, chain, passages), outcome.steps.length, right);
  return { world, chain, slot, promptLength, tokens, chosen, passages, outcome, flawed, right };
}

/** What a policy that knows the grammar would write; queries are often about the question, so that some searches help. */
function usualToken(world: World, chain: Chain, phase: number, content: number, stream: PhiloxStream): number {
  const { special, relationBase, entityBase, entityCount } = world.schema.vocabulary;
  const relation = () => relationBase + stream.choice(chain.relations);
  const subject = () => entityBase + world.facts[stream.choice(chain.facts)]!.subject;
  switch (phase) {
    case PHASE.expectThink:
      return special.think;
    case PHASE.inThink:
      return content < 2 && stream.int(2) === 0 ? relation() : special.endThink;
    case PHASE.afterThink:
      return stream.int(4) > 0 ? special.search : special.answer;
    case PHASE.inSearch:
      if (content === 0) return subject();
      return content === 1 && stream.int(4) > 0 ? relation() : special.endSearch;
    case PHASE.inAnswer:
      if (content > 0) return special.endAnswer;
      return stream.int(2) === 0 ? answerToken(world.schema, chain) : entityBase + stream.int(entityCount);
    default:
      return special.eos;
  }
}

/** One decoding step: what it feeds, and which rows then write. */
export interface ScriptStep {
  /** Whether passages are found before it, for every row that waits. */
  retrieves: boolean;
  /** Rows that write a token each. */
  active: readonly number[];
  /** The tokens that are fed, the newest of each active row first. */
  fed: readonly { row: number; position: number }[];
}

/** The steps in which the rows are fed and write, as a rollout does it: passages come before every eighth. */
export function scriptSteps(rows: readonly ScriptedRow[]): ScriptStep[] {
  const steps: ScriptStep[] = [];
  const states = rows.map(({ promptLength }) => ({ fed: 0, length: promptLength }));
  const waits = (b: number) => rows[b]!.chosen[states[b]!.length] === false;
  const running = () => states.flatMap(({ length }, b) => (length < rows[b]!.tokens.length ? [b] : []));
  for (let step = 0; running().length > 0; step++) {
    const retrieves = step % STEP_CHOICES === 0;
    if (retrieves) for (const b of running().filter(waits)) states[b]!.length += INFORMATION_TOKENS;
    const active = running().filter((b) => !waits(b));
    const newest = active.map((row) => ({ row, position: states[row]!.length - 1 }));
    const others = active.flatMap((row) => {
      const { fed, length } = states[row]!;
      return Array.from({ length: length - 1 - fed }, (_, i) => ({ row, position: fed + i }));
    });
    steps.push({ retrieves, active, fed: [...newest, ...others] });
    for (const b of active) {
      const state = states[b]!;
      state.fed = state.length;
      state.length += 1;
    }
  }
  return steps;
}

/** The rows as an uploaded batch starts: (B, ROW_WORDS) states and (B, T) tokens with the questions. */
export function initialState(rows: readonly ScriptedRow[], positions: number, stride: number) {
  const state = new Uint32Array(rows.length * ROW_WORDS);
  const tokens = new Uint32Array(rows.length * positions);
  rows.forEach(({ world, chain, slot, promptLength, tokens: all }, b) => {
    const set = (field: number, value: number) => (state[b * ROW_WORDS + field] = value);
    tokens.set(all.slice(0, promptLength), b * positions);
    set(ROW.length, promptLength);
    set(ROW.promptLength, promptLength);
    set(ROW.isActive, 1);
    set(ROW.passageBase, slot * stride);
    set(ROW.passageCount, world.passages.length);
    set(ROW.logicalRow, 1000 + b);
    set(ROW.replicate, b % 4);
    set(ROW.gold, answerToken(world.schema, chain));
    set(ROW.hopCount, chain.facts.length);
    chain.facts.forEach((fact, h) => set(ROW.hopFacts + h, fact + 1));
  });
  return { state, tokens };
}
