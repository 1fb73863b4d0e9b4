/** A connected part of a graph that is too large for a world, as a file of facts of its own. */
import { MAX_ENTITIES, MAX_FACTS, MAX_RELATIONS } from '../../config/triple-limits';
import { UserError } from '../../lib/assert';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { OF_GRAPH, readTriples, type Triple } from '../triple-text';

export interface GraphSize {
  readonly facts: number;
  readonly entities: number;
  readonly relations: number;
}

/** What a world can hold. */
export const LIMITS: GraphSize = { facts: MAX_FACTS, entities: MAX_ENTITIES, relations: MAX_RELATIONS };

export function graphSize(triples: readonly Triple[]): GraphSize {
  return {
    facts: triples.length,
    entities: new Set(triples.flatMap(({ subject, object }) => [subject, object])).size,
    relations: new Set(triples.map(({ relation }) => relation)).size,
  };
}

export function isTooLarge({ facts, entities, relations }: GraphSize): boolean {
  return facts > MAX_FACTS || entities > MAX_ENTITIES || relations > MAX_RELATIONS;
}

/**
 * Grows from a fact of the largest connected component by facts drawn at random that lead to a new entity, and keeps every
 * fact between the entities that it has reached, in the order of the file.
 *
 * @param seed the same part for the same seed, wherever it is drawn
 */
export function drawPart(triples: readonly Triple[], seed: number, limits = LIMITS): Triple[] {
  const stream = new PhiloxStream(seed, PURPOSES.part);
  const factsOf = new Map<string, number[]>();
  triples.forEach(({ subject, object }, i) => {
    for (const entity of new Set([subject, object])) {
      const list = factsOf.get(entity);
      if (list === undefined) factsOf.set(entity, [i]);
      else list.push(i);
    }
  });
  const reached = new Set<string>();
  const relations = new Set<string>();
  const kept = new Set<number>();
  const frontier: number[] = [];
  const hasRoom = (relation: string): boolean => relations.has(relation) || relations.size < limits.relations;
  const reach = (entity: string): void => {
    reached.add(entity);
    for (const i of factsOf.get(entity) ?? []) {
      const { subject, relation, object } = triples[i] ?? { subject: '', relation: '', object: '' };
      if (!reached.has(subject) || !reached.has(object)) frontier.push(i);
      else if (hasRoom(relation)) {
        relations.add(relation);
        kept.add(i);
      }
    }
  };
  const inner = (entity: string): number =>
    (factsOf.get(entity) ?? []).filter((i) => {
      const { subject, object } = triples[i] ?? { subject: '', object: '' };
      return [subject, object].every((end) => end === entity || reached.has(end));
    }).length;
  const component = largestComponent(triples, factsOf);
  reach(triples[component[stream.int(component.length)] ?? 0]?.subject ?? '');
  while (frontier.length > 0 && reached.size < limits.entities) {
    const at = stream.int(frontier.length);
    const fact = triples[frontier[at] ?? 0];
    frontier[at] = frontier.at(-1) ?? 0;
    frontier.pop();
    if (fact === undefined || !hasRoom(fact.relation)) continue;
    const next = reached.has(fact.subject) ? fact.object : fact.subject;
    if (reached.has(next) || kept.size + inner(next) > limits.facts) continue;
    // The fact that leads there comes first, so that the part stays connected when relations run out.
    relations.add(fact.relation);
    reach(next);
  }
  return [...kept].sort((a, b) => a - b).flatMap((i) => triples[i] ?? []);
}

/** Numbers of its facts. */
function largestComponent(triples: readonly Triple[], factsOf: ReadonlyMap<string, readonly number[]>): number[] {
  const seen = new Set<string>();
  let largest: number[] = [];
  for (const entity of factsOf.keys()) {
    if (seen.has(entity)) continue;
    const facts = new Set<number>();
    const open = [entity];
    seen.add(entity);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const i of factsOf.get(next) ?? []) {
        facts.add(i);
        for (const end of [triples[i]?.subject ?? '', triples[i]?.object ?? '']) {
          if (seen.has(end)) continue;
          seen.add(end);
          open.push(end);
        }
      }
    }
    if (facts.size > largest.length) largest = [...facts];
  }
  return largest;
}

/**
 * A part as a file: a comment that says what it is a part of, then its facts.
 *
 * @throws UserError where the graph as a whole is no use
 */
export function partOf(text: string, name: string, seed: number): string {
  const { triples, problemCount, problems } = readTriples(text, 1, OF_GRAPH);
  const [problem] = problems;
  if (triples.length === 0 && problem !== undefined) {
    throw new UserError(`Line ${problem.line}: ${problem.message}`);
  }
  const { facts, entities, relations } = graphSize(triples);
  const left = problemCount === 0 ? '' : `; ${problemCount} lines with problems left out`;
  const whole = `${facts} facts, ${entities} entities, ${relations} relations${left}`;
  return [
    `# part: seed ${seed} of ${name.replace(/\s+/g, ' ')} (${whole})`,
    'subject\trelation\tobject',
    ...drawPart(triples, seed).map((fact) => [fact.subject, fact.relation, fact.object].map(quoted).join('\t')),
    '',
  ].join('\n');
}

/** Names that a reader would take for a sign of the file stand in quotation marks. */
function quoted(field: string): string {
  return /^["#]|\t/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
