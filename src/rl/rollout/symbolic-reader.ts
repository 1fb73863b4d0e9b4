/**
 * A reader without a network (ours): what the question, the passages and the answer of one trajectory say about each other. It
 * sees the tokens that a review sees, and no label. What it reaches is what a single trajectory tells: the ceiling of a refiner.
 */
import { PASSAGES_PER_SEARCH, PASSAGE_TOKENS } from '../../env/episode-limits';
import { parseTrajectory, type Outcome } from '../../env/episode';
import { NO_LEVELS, rumourSources } from '../../env/levels';
import type { WorldLevels } from '../../env/world-types';
import { TRUE_BLOG_SHARE, type WorldSchema } from '../../env/world';
import { textOfRow, type Reviews, type RowQuestion, type TrajectorySide } from './trajectory';

export interface Reading {
  /** Probability that the draft is wrong. */
  wrong: number;
  /** First search step that supports no hop not yet supported, as far as the chain is known; else S of a wrong draft, else 0. */
  flawed: number;
  /** Where it cuts a wrong draft: 1..S. */
  cut: number;
  /** Whether a passage was found for every hop of the likeliest chain. */
  complete: boolean;
}

interface Shown {
  search: number;
  isRumourSource: boolean;
  subject: number;
  relation: number;
  object: number;
}

/** Facts in a row from the question's entity on, as far as passages state them. */
interface Path {
  entities: readonly number[];
  probability: number;
}

interface Believed {
  object: number;
  probability: number;
}

/**
 * @param tokens (length) question and steps
 * @param rumours how likely a fact has one, the world's setting
 * @param levels how rumours spread in such worlds
 */
export function readTrajectory(
  schema: WorldSchema,
  tokens: ArrayLike<number>,
  rumours: number,
  levels: Pick<WorldLevels, 'rumourSpread'> = NO_LEVELS,
): Reading {
  const { relationBase, entityBase, special } = schema.vocabulary;
  const outcome = parseTrajectory(schema.vocabulary, tokens);
  const asked = Array.from(tokens).slice(1, Array.from(tokens).indexOf(special.question));
  const start = (asked.pop() ?? 0) - entityBase;
  const relations = asked.reverse().map((token) => token - relationBase);
  const passages = shownPassages(schema, tokens, outcome, rumourSources(levels));
  const believed = chanceOfRumourSource(rumours, levels);

  let paths: Path[] = [{ entities: [start], probability: 1 }];
  const stuck: Path[] = [];
  for (const relation of relations) {
    const further: Path[] = [];
    for (const path of paths) {
      const beliefs = believedObjects(passages, path, relation, believed);
      let left = path.probability;
      for (const { object, probability } of beliefs) {
        further.push({ entities: [...path.entities, object], probability: path.probability * probability });
        left -= path.probability * probability;
      }
      if (left > 0) stuck.push({ ...path, probability: left });
    }
    paths = further;
  }
  const answer = outcome.answer - entityBase;
  const reached = paths.reduce((sum, path) => sum + (path.entities.at(-1) === answer ? path.probability : 0), 0);
  // Where the chain breaks off, every name of the right type is as likely.
  const lost = stuck.reduce((sum, { probability }) => sum + probability, 0);
  const guessed = lost * chanceOf(schema, relations.at(-1) ?? 0, answer);
  const right = outcome.answer < 0 ? 0 : reached + guessed;
  const likeliest = [...paths, ...stuck].reduce((a, b) => (b.probability > a.probability ? b : a));
  const steps = outcome.steps.length;
  const useless = firstUseless(passages, likeliest, relations, outcome.searches.length);
  const wrong = Math.min(1, Math.max(0, 1 - right));
  const last = wrong > 0.5 ? steps : 0;
  return {
    wrong,
    flawed: useless === 0 ? last : Math.min(useless, steps),
    cut: useless === 0 ? steps : Math.min(useless, steps),
    complete: likeliest.entities.length > relations.length,
  };
}

/** The passages in a trajectory, in their order; what is blanked states nothing. */
function shownPassages(
  { vocabulary }: WorldSchema,
  tokens: ArrayLike<number>,
  { searches }: Outcome,
  doubted: readonly number[],
): Shown[] {
  const { relationBase, entityBase, sources } = vocabulary;
  const doubtedTokens = doubted.map((source) => sources[source]);
  return searches.flatMap(({ informationStart }, search) =>
    Array.from({ length: PASSAGES_PER_SEARCH }, (_, k) => {
      const at = (field: number) => tokens[informationStart + 1 + k * PASSAGE_TOKENS + field] ?? 0;
      return {
        search,
        isRumourSource: doubtedTokens.includes(at(0)),
        subject: at(1) - entityBase,
        relation: at(2) - relationBase,
        object: at(3) - entityBase,
      };
    }),
  );
}

/**
 * What the passages say of the next hop. Sources that repeat no rumours are right. One object from another source alone is
 * `believed`; of two, one is the rumour. An entity that the chain has left is none.
 */
function believedObjects(
  passages: readonly Shown[],
  { entities }: Path,
  relation: number,
  believed: number,
): Believed[] {
  const about = passages.filter(
    (one) => one.subject === entities.at(-1) && one.relation === relation && !entities.includes(one.object),
  );
  const sure = about.find((one) => !one.isRumourSource);
  if (sure !== undefined) return [{ object: sure.object, probability: 1 }];
  const objects = [...new Set(about.map(({ object }) => object))];
  const probability = objects.length === 1 ? believed : 1 / objects.length;
  return objects.map((object) => ({ object, probability }));
}

/** How likely a source that repeats rumours is right, by how often it states a fact and how often a rumour. */
function chanceOfRumourSource(rumours: number, { rumourSpread }: Pick<WorldLevels, 'rumourSpread'>): number {
  // Where rumours outnumber the truth, a fact with one has no true passage there.
  const facts = rumourSpread === 'one' ? 1 : 1 - rumours;
  const sum = TRUE_BLOG_SHARE * facts + rumours;
  return sum > 0 ? (TRUE_BLOG_SHARE * facts) / sum : 1;
}

/** How likely a name is the answer if nothing but the question is known. */
function chanceOf({ entities, relations }: WorldSchema, relation: number, answer: number): number {
  const type = relations[relation]?.rangeType;
  if (entities[answer]?.type !== type) return 0;
  return 1 / entities.filter((entity) => entity.type === type).length;
}

/** The first search (from 1) that brings no fact of the path that was not there before; 0 for none. */
function firstUseless(passages: readonly Shown[], path: Path, relations: readonly number[], searches: number): number {
  const supported = new Set<number>();
  for (let search = 0; search < searches; search++) {
    const before = supported.size;
    for (const one of passages) {
      if (one.search !== search) continue;
      const hop = path.entities.findIndex(
        (entity, h) => one.subject === entity && one.relation === relations[h] && one.object === path.entities[h + 1],
      );
      if (hop >= 0) supported.add(hop);
    }
    if (supported.size === before) return search + 1;
  }
  return 0;
}

/** The reader's reviews of a batch: it cuts what it believes to be wrong rather than right. */
export function readerReviews(rows: readonly RowQuestion[], drafts: TrajectorySide, rumours: number): Reviews {
  const batch = rows.length;
  const logProbs = new Float32Array(batch * 6).fill(-Infinity);
  const cuts = new Uint8Array(batch);
  rows.forEach(({ world }, b) => {
    const { wrong, cut } = readTrajectory(world.schema, textOfRow(drafts, b), rumours, world.levels);
    logProbs[b * 6] = Math.log(1 - wrong);
    logProbs[b * 6 + cut] = Math.log(wrong);
    if (wrong > 0.5) cuts[b] = cut;
  });
  return { reviewed: cuts.map(() => 1), cuts, integers: cuts.slice(), logProbs };
}
