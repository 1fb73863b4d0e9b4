/**
 * A family over real facts: `real` states them, `draw` permutes the objects of each relation among its subjects, so that
 * names and shapes stay and the facts cannot be known by heart (method.md section 3, "Reading, not remembering").
 */
import type { PhiloxStream } from '../lib/philox';
import { NO_LEVELS, shareNames } from './levels';
import { buildWorld, factStream } from './world';
import type { Fact, WorldFamily, WorldSchema } from './world-types';

export interface InverseRelation {
  /** A one-to-one relation. */
  readonly relation: number;
  /** The relation that reads it backwards. */
  readonly inverse: number;
}

/**
 * @param facts distinct triples of the forward relations
 * @param inverses relations whose facts follow from others in every draw
 */
export function tripleFamily(
  schema: WorldSchema,
  facts: readonly Fact[],
  inverses: readonly InverseRelation[] = [],
): WorldFamily {
  return {
    schema,
    draw: (seed, noise, levels = NO_LEVELS) => {
      const drawn = withInverses(permuteObjects(facts, schema.relations.length, factStream(seed)), inverses);
      return buildWorld(schema, seed, shareNames(schema.entities, drawn, seed, levels), noise, levels);
    },
    // Names that real things do not share would be no facts.
    real: (seed, noise, levels) => buildWorld(schema, seed, withInverses(facts, inverses), noise, levels),
  };
}

/** Within each relation the objects change places; a triple that comes out twice (multi-valued pairs) is kept once. */
export function permuteObjects(facts: readonly Fact[], relationCount: number, stream: PhiloxStream): Fact[] {
  const out: Fact[] = [];
  for (let relation = 0; relation < relationCount; relation++) {
    const subjects: number[] = [];
    const objects: number[] = [];
    for (const fact of facts) {
      if (fact.relation !== relation) continue;
      subjects.push(fact.subject);
      objects.push(fact.object);
    }
    stream.shuffle(objects);
    avoidLoops(subjects, objects);
    const seen = new Set<string>();
    subjects.forEach((subject, i) => {
      const object = objects[i] ?? subject;
      const key = `${subject}>${object}`;
      if (!seen.has(key)) out.push({ subject, relation, object });
      seen.add(key);
    });
  }
  return out;
}

/** Swaps objects so that nothing is related to itself, where a swap can do it: such a fact can be no part of a question. */
function avoidLoops(subjects: readonly number[], objects: number[]): void {
  subjects.forEach((subject, i) => {
    if (objects[i] !== subject) return;
    const j = subjects.findIndex((other, k) => other !== subject && objects[k] !== subject);
    const taken = objects[j];
    if (taken === undefined) return;
    objects[i] = taken;
    objects[j] = subject;
  });
}

function withInverses(facts: readonly Fact[], inverses: readonly InverseRelation[]): Fact[] {
  const inverseOf = new Map(inverses.map(({ relation, inverse }) => [relation, inverse]));
  const added: Fact[] = [];
  for (const fact of facts) {
    const inverse = inverseOf.get(fact.relation);
    if (inverse !== undefined) added.push({ subject: fact.object, relation: inverse, object: fact.subject });
  }
  return [...facts, ...added];
}
