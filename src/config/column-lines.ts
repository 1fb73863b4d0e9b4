/**
 * Which columns hold subject, relation and object, where a person said so: a comment in the text of the facts,
 * `# columns: 1 3 2` (docs/formats.md), which travels with them.
 */

/** Numbers from 1, in the order subject, relation, object. */
export type Columns = readonly [subject: number, relation: number, object: number];

const LINE = /^[ \t]*#[ \t]*columns:[ \t]*(\d{1,3})[ \t,]+(\d{1,3})[ \t,]+(\d{1,3})[ \t]*$/;

/** The last such line, null where there is none. */
export function columnsIn(text: string): Columns | null {
  let found: Columns | null = null;
  for (const [line] of text.matchAll(/^[ \t]*#[ \t]*columns:.*$/gm)) found = readColumns(line) ?? found;
  return found;
}

/** The text with these columns in place of those it named; null leaves the choice to the reader. */
export function withColumns(text: string, columns: Columns | null): string {
  const others = text.split('\n').filter((line) => readColumns(line) === null);
  return [...(columns === null ? [] : [`# columns: ${columns.join(' ')}`]), ...others].join('\n');
}

/** Whether three numbers can be columns: different ones from 1. */
export function areColumns(columns: readonly number[]): columns is Columns {
  return columns.length === 3 && new Set(columns).size === 3 && columns.every((n) => Number.isInteger(n) && n >= 1);
}

function readColumns(line: string): Columns | null {
  const numbers = (LINE.exec(line.trimEnd()) ?? []).slice(1).map(Number);
  return areColumns(numbers) ? numbers : null;
}
