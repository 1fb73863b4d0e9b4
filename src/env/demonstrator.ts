/**
 * The noisy demonstrator that the warm start imitates (method.md section 7): the stand-in for a pretrained language model.
 * It searches hop by hop, errs at stated rates and carries on from what it read.
 */
import { assert } from '../lib/assert';
import type { PhiloxStream } from '../lib/philox';
import { retrieveTopK } from '../retrieval/bm25';
import { MAX_SEARCHES } from './episode-limits';
import { flawedStep, labelEvidence } from './evidence';
import { answerToken, informationTokens, questionTokens } from './questions';
import type { Chain, World } from './world-types';

/** Probability of each error at every step; the rest is a good search. */
export interface DemonstratorErrors {
  /** Queries the entity alone. */
  readonly vagueQuery: number;
  /** Thinks of and queries a random relation. */
  readonly wrongRelation: number;
  /** Thinks of and queries a random entity. */
  readonly wrongEntity: number;
  /** Stops searching and answers with a random entity of the right type. */
  readonly guess: number;
}

export interface Demonstration {
  /** Question, steps, `<eos>`. */
  readonly tokens: number[];
  /** 1 where the policy writes: everything but the question and the retrieved passages. */
  readonly policyMask: number[];
  /** Passage ids of each search. */
  readonly searches: Uint32Array[];
  /** Position of each step's first token. */
  readonly stepStarts: number[];
  /** Token of the answer given. */
  readonly answer: number;
  readonly correct: boolean;
  /** tokens.length. */
  readonly length: number;
}

/** Chance that a wrong query is noticed, so that the next step tries the same hop again instead of carrying on. */
const NOTICE_PROBABILITY = 0.5;

export function demonstrate(
  world: World,
  chain: Chain,
  stream: PhiloxStream,
  errors: DemonstratorErrors,
): Demonstration {
  const { schema } = world;
  const { special, entityBase, relationBase, relationCount, entityCount } = schema.vocabulary;
  const tokens = questionTokens(schema, chain);
  const policyMask = tokens.map(() => 0);
  const searches: Uint32Array[] = [];
  const stepStarts: number[] = [];
  const write = (written: readonly number[], mask: 0 | 1): void => {
    for (const token of written) {
      tokens.push(token);
      policyMask.push(mask);
    }
  };
  const think = (content: readonly number[]): void => {
    stepStarts.push(tokens.length);
    write([special.think, ...content, special.endThink], 1);
  };

  let current = chain.start;
  let hop = 0;
  while (hop < chain.relations.length && searches.length < MAX_SEARCHES) {
    const error = drawError(stream, errors);
    if (error === 'guess') break;
    const askedEntity = error === 'wrongEntity' ? stream.int(entityCount) : current;
    const askedRelation = error === 'wrongRelation' ? stream.int(relationCount) : (chain.relations[hop] ?? 0);
    const full = [entityBase + askedEntity, relationBase + askedRelation];
    const query = error === 'vagueQuery' ? full.slice(0, 1) : full;
    think(full);
    write([special.search, ...query, special.endSearch], 1);
    const ids = retrieveTopK(world.index, query);
    searches.push(ids);
    write(informationTokens(world, ids), 0);

    const objects = matchingObjects(world, ids, askedEntity, askedRelation);
    if (error === 'vagueQuery' && objects.length === 0) continue;
    const wrong = error === 'wrongRelation' || error === 'wrongEntity';
    if (wrong && stream.uniform() < NOTICE_PROBABILITY) continue;
    current = majority(objects) ?? world.passages[ids[0] ?? 0]?.object ?? current;
    hop++;
  }
  if (hop < chain.relations.length) current = guessAnswer(world, chain, stream);

  const answer = entityBase + current;
  think([answer]);
  write([special.answer, answer, special.endAnswer, special.eos], 1);
  const correct = answer === answerToken(schema, chain);
  return { tokens, policyMask, searches, stepStarts, answer, correct, length: tokens.length };
}

/**
 * What the review of a trajectory should say: the flawed step with probability `judgeAccuracy`, else an integer drawn
 * uniformly from 0..S (which may be the right one by luck).
 */
export function reviewTarget(
  world: World,
  chain: Chain,
  demonstration: Pick<Demonstration, 'searches' | 'stepStarts' | 'correct'>,
  stream: PhiloxStream,
  judgeAccuracy: number,
): number {
  const stepCount = demonstration.stepStarts.length;
  if (stream.uniform() >= judgeAccuracy) return stream.int(stepCount + 1);
  const labels = labelEvidence(world, chain, demonstration.searches);
  return flawedStep(labels, stepCount, demonstration.correct);
}

function drawError(stream: PhiloxStream, errors: DemonstratorErrors): keyof DemonstratorErrors | null {
  let x = stream.uniform();
  if ((x -= errors.vagueQuery) < 0) return 'vagueQuery';
  if ((x -= errors.wrongRelation) < 0) return 'wrongRelation';
  if ((x -= errors.wrongEntity) < 0) return 'wrongEntity';
  if (x - errors.guess < 0) return 'guess';
  return null;
}

/** Objects of the retrieved passages that speak of exactly this subject and relation, in order of rank. */
function matchingObjects(world: World, ids: Uint32Array, subject: number, relation: number): number[] {
  const objects: number[] = [];
  for (const id of ids) {
    const passage = world.passages[id];
    if (passage && passage.subject === subject && passage.relation === relation) objects.push(passage.object);
  }
  return objects;
}

/** The most frequent value, the first one seen among equals; undefined for none. */
function majority(values: readonly number[]): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const value of values) {
    let count = 0;
    for (const other of values) if (other === value) count++;
    if (count > most) {
      most = count;
      best = value;
    }
  }
  return best;
}

/** An entity of the type that the question's last relation leads to. */
function guessAnswer(world: World, chain: Chain, stream: PhiloxStream): number {
  const last = chain.relations[chain.relations.length - 1] ?? -1;
  const type = world.schema.relations[last]?.rangeType;
  const candidates: number[] = [];
  world.schema.entities.forEach((entity, e) => {
    if (entity.type === type) candidates.push(e);
  });
  assert(candidates.length > 0, 'the range of a relation holds at least the objects of its facts');
  return stream.choice(candidates);
}
