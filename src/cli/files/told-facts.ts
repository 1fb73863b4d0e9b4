/** Files of facts for `npm run read`. */
import { basename, extname } from 'node:path';
import { readFileSync } from 'node:fs';
import { worldFamilyFromTriples } from '../../env/triples';
import { withColumns, type Columns } from '../../config/column-lines';
import { graphSize, isTooLarge } from '../../env/triple-file/part';
import { SEPARATOR_NAMES } from '../../env/triple-file/separate';
import { toldLayout } from '../../env/triple-file/told-layout';
import { OF_GRAPH, readTriples } from '../../env/triple-text';
import { UserError } from '../../lib/assert';
import { decodeText, type TextEncoding } from '../../lib/decode-text';
import { onDisk } from './disk';
import type { Told } from './told';
import { counted } from './told-rollouts';

const PROBLEMS = 1000;

export interface ToldFacts {
  file: string;
  facts: number;
  relations: string[];
  entities: string[];
  /** Of subject, relation and object, from 1. */
  columns: readonly number[];
  separator: (typeof SEPARATOR_NAMES)[keyof typeof SEPARATOR_NAMES] | 'N-Triples';
  encoding: TextEncoding;
  /** Lines that begin with # and were left out. */
  comments: number;
  problems: { line: number; reason: string }[];
  /** Why they are no world, null where they are one. */
  reason: string | null;
}

/** @throws UserError where there is no fact in it */
export function tellFacts(path: string, columns: Columns | null = null): Told {
  const decoded = decodeText(onDisk(path, 'read', () => new Uint8Array(readFileSync(path))));
  const { encoding } = decoded;
  const text = columns === null ? decoded.text : withColumns(decoded.text, columns);
  const { triples, problems, problemCount, layout } = readTriples(text, PROBLEMS, OF_GRAPH);
  const size = graphSize(triples);
  const [problem] = problems;
  if (triples.length === 0 && problem !== undefined) {
    throw new UserError(`${path}, line ${problem.line}: ${problem.message}`, 'docs/formats.md has what can be read.');
  }
  const document: ToldFacts = {
    file: path,
    facts: triples.length,
    relations: [...new Set(triples.map(({ relation }) => relation))],
    entities: [...new Set(triples.flatMap(({ subject, object }) => [subject, object]))],
    columns: layout.columns,
    separator: layout.separation === null ? 'N-Triples' : SEPARATOR_NAMES[layout.separation.separator],
    encoding,
    comments: layout.comments,
    problems: problems.map(({ line, message }) => ({ line, reason: message })),
    reason: isTooLarge(size)
      ? `too large for a world (${size.facts} facts, ${size.entities} entities, ${size.relations} relations): a connected part can be one (--part)`
      : problem === undefined
        ? whyNoWorld(text, path)
        : `line ${problem.line}: ${problem.message}`,
  };
  const { relations, entities, reason } = document;
  return {
    opens: true,
    documents: [document],
    lines: [
      `${path}: facts, ${triples.length} about ${counted(entities.length, 'name')} in ${counted(relations.length, 'relation')}`,
      ...toldLayout(layout, decoded).map((note) => `  ${note}`),
      ...triples.map(({ line, subject, relation, object }) => `  line ${line}: ${subject} | ${relation} | ${object}`),
      reason === null ? '  a world of your own' : `  no world: ${reason}`,
    ],
    refusals: [
      ...problems.map(({ line, message }) => `${path}, line ${line}: ${message}`),
      ...(problemCount > problems.length ? [`${path}: ${problemCount - problems.length} more lines`] : []),
      ...(problem === undefined && reason !== null ? [`${path}: ${reason}`] : []),
    ],
  };
}

function whyNoWorld(text: string, path: string): string | null {
  try {
    worldFamilyFromTriples(text, basename(path, extname(path)));
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
