/** Which columns are subject, relation and object: by the words of a header, else by what stands in them. */
import { areColumns, type Columns } from '../../config/column-lines';

const WORDS = {
  subject:
    'subject subj sub s head h headentity item entity entity1 e1 node1 n source src from start startid subjekt sujet sujeto',
  relation:
    'relation relationship rel r predicate pred p property prop attribute edge link predicateid typer prädikat eigenschaft prédicat propriété relación predicado propiedad',
  object:
    'object obj o tail t tailentity value val entity2 e2 node2 m target dst to end endid objekt wert objet objeto',
} as const;
const ROLES = (['subject', 'relation', 'object'] as const).map((role) => new Set(WORDS[role].split(' ')));
/** SPARQL's "?", Neo4j's ":" and "the name of it" are no part of the word. */
const LABEL = /(label|name|title)$/;

/** The columns that a header names; null where the line is none. */
export function headerColumns(fields: readonly string[]): Columns | null {
  const words = fields.map((field) => {
    const word = field.trim().normalize('NFC').toLowerCase();
    return word === ':type' ? 'relation' : word.replace(/[^\p{L}\p{N}]/gu, '');
  });
  const columns = ROLES.map((role) => {
    const labels = words.findIndex((word) => LABEL.test(word) && role.has(word.replace(LABEL, '')));
    return 1 + (labels >= 0 ? labels : words.findIndex((word) => role.has(word)));
  });
  return areColumns(columns) ? columns : null;
}

const NUMBER = /^[-+]?\d[\d.,:/TZ eE+-]*$/;

/**
 * The order of most files, unless the values speak against it: names of relations are few, and stand in no other column.
 * Columns of numbers or of one value are neither where there are others.
 */
export function guessColumns(rows: readonly (readonly string[])[], width: number): Columns {
  const sample = rows.filter((row) => row.length === width);
  const columns = Array.from({ length: width }, (_, c) => {
    const values = sample.map((row) => row[c]?.trim() ?? '');
    const distinct = new Set(values);
    return { column: c + 1, distinct, isNumber: values.every((value) => NUMBER.test(value)) };
  });
  const useful = width === 3 ? columns : columns.filter(({ distinct, isNumber }) => !isNumber && distinct.size > 1);
  const [first, second, third] = useful.length >= 3 ? useful : columns;
  if (first === undefined || second === undefined || third === undefined) return [1, 2, 3];
  const shares = (one: (typeof columns)[number]): boolean =>
    columns.some(
      ({ column, distinct }) => column !== one.column && [...one.distinct].some((value) => distinct.has(value)),
    );
  const repeats = ({ distinct }: (typeof columns)[number]): boolean => distinct.size <= sample.length / 2;
  // The usual place is kept while its names can be relations. What is said of one subject has as many relations as facts, so
  // that alone is no sign against it: only behind eight different names, with few in the last column.
  const usual = second;
  const candidates = [first, second, third].filter((one) => !shares(one) && repeats(one));
  const isLast = usual.distinct.size === sample.length && sample.length >= 8 && candidates.includes(third);
  const doubtful = shares(usual) || (isLast && !repeats(first));
  const [fewest] = candidates.sort((a, b) => a.distinct.size - b.distinct.size);
  const relation =
    doubtful && fewest !== undefined && fewest.distinct.size < usual.distinct.size ? fewest.column : usual.column;
  const [subject, object] = (useful.length >= 3 ? useful : columns).filter(({ column }) => column !== relation);
  return [subject?.column ?? 1, relation, object?.column ?? 3];
}
