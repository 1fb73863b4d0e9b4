/** What the page shows of a file of triples before it starts a run on it: the checks are those of the run itself. */
import { partName } from '../../config/part-name';
import { phrasesIn } from '../../config/phrase-lines';
import { MAX_TRIPLES_TEXT } from '../../config/triple-limits';
import { renderAnswer, renderQuestion } from '../../env/english';
import { phraseOf } from '../../env/phrase';
import { graphSize, isTooLarge, partOf } from '../../env/triple-file/part';
import { split } from '../../env/triple-file/separate';
import { toldLayout } from '../../env/triple-file/told-layout';
import { hashOfFacts, OF_GRAPH, readTriples } from '../../env/triple-text';
import { worldFamilyFromTriples } from '../../env/triples';
import { UserError } from '../../lib/assert';
import type { TriplesFile, TriplesReading, TriplesSummary } from '../protocol/protocol';

const MOST_PROBLEMS = 100;
/** Of 1, 2 and 3 hops; what a length lacks the others make up. */
const EXAMPLES = 10;

const NOTHING = { problems: [], problemCount: 0, world: null } as const;

/**
 * Never throws for bad input: that is what it tells.
 *
 * @param seed of the part that is wanted in place of the whole
 */
export function readTriplesFile(file: TriplesFile, seed?: number): TriplesReading {
  try {
    if (seed === undefined) return read(file);
    const part = { name: partName(file.name, seed), text: partOf(file.text, file.name, seed) };
    return { ...read(part), part };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const line = Number(/^Line (\d+): /.exec(error.message)?.[1] ?? 0);
    const message = [error.message.replace(/^Line \d+: /, ''), error.hint ?? ''].join(' ').trim();
    return { ...NOTHING, problems: [{ line, message }], problemCount: 1 };
  }
}

function read({ name, text }: TriplesFile): TriplesReading {
  const { triples, problems, problemCount, layout } = readTriples(text, MOST_PROBLEMS, OF_GRAPH);
  const { separation, rows, header, columns } = layout;
  const [first] = rows;
  const told = {
    notes: toldLayout(layout, null),
    columns: separation === null ? null : columns,
    first:
      header ?? (separation === null || first === undefined ? [] : (split(first.content, separation)?.fields ?? [])),
  };
  const all = { ...NOTHING, layout: told };
  const size = graphSize(triples);
  if (isTooLarge(size) || text.length > MAX_TRIPLES_TEXT) return { ...all, tooLarge: size };
  if (problemCount > 0) return { ...all, problems, problemCount };
  try {
    return { ...all, world: summarise(text, name, triples.length, hashOfFacts(triples)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...all, problems: [{ line: 0, message: `${error.message} ${error.hint ?? ''}`.trim() }], problemCount: 1 };
  }
}

function summarise(text: string, name: string, facts: number, hash: string): TriplesSummary {
  const family = worldFamilyFromTriples(text, name);
  const { schema } = family;
  const world = family.real(1, 0);
  const chains = world?.chains.slice(1) ?? [];
  const examples: TriplesSummary['examples'][number][] = [];
  // One of each length in turn, spread over the list, so that the preview is no row of neighbours.
  for (let k = 0; examples.length < EXAMPLES && chains.some((list) => k < list.length); k += 1) {
    chains.forEach((list, i) => {
      const chain = list[Math.floor((k * list.length) / Math.min(EXAMPLES, list.length))];
      if (chain === undefined || k >= list.length || examples.length === EXAMPLES) return;
      examples.push({ hops: i + 1, question: renderQuestion(schema, chain), answer: renderAnswer(schema, chain) });
    });
  }
  const inFile = new Set(readTriples(text, 0).triples.map(({ relation }) => relation));
  const names = schema.relations.map((relation) => relation.name);
  const given = phrasesIn(text);
  const phrases = names.flatMap((relation, r) => {
    if (!inFile.has(relation)) return [];
    const start = world?.facts.find((fact) => fact.relation === r)?.subject ?? 0;
    const { text: phrase, isDoubtful } = phraseOf(given.get(relation) ?? relation);
    return [{ relation, phrase, question: renderQuestion(schema, { start, relations: [r] }), isDoubtful }];
  });
  return {
    phrases,
    facts,
    entities: schema.entities.length,
    relations: names.filter((relation) => inFile.has(relation)),
    inverses: names.filter((relation) => !inFile.has(relation)),
    types: schema.types.length,
    questions: [chains[0]?.length ?? 0, chains[1]?.length ?? 0, chains[2]?.length ?? 0],
    examples: examples.sort((a, b) => a.hops - b.hops),
    hash,
  };
}
