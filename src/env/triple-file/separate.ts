/** Fields of a line, and which sign is between them. */

export type Separator = '\t' | ',' | ';' | '|';

export const SEPARATOR_NAMES = { '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'bar' } as const;

/** In the order in which they are tried. */
const SEPARATORS = ['\t', ',', ';', '|'] as const;
/** Lines that are looked at. */
const SAMPLE = 2000;

export interface Separation {
  readonly separator: Separator;
  /** Whether quotation marks are signs of the file and no part of the names. */
  readonly quoted: boolean;
  /** Fields that most lines have. */
  readonly width: number;
}

/** The first sign that gives every line three fields, else the one that gives most lines equally many, three or more. */
export function findSeparation(lines: readonly string[]): Separation {
  const sample = lines.slice(0, SAMPLE);
  const found = SEPARATORS.map((separator) => {
    const quoted = separator !== '\t' || quotesAreSigns(lines);
    const widths = sample.map((line) => split(line, { separator, quoted })?.fields.length ?? 0);
    const width = most(widths);
    return { separator, quoted, width, lines: widths.filter((one) => one === width).length };
  });
  const exact = found.find((one) => one.width === 3 && one.lines === sample.length);
  const wide = found.filter(({ width }) => width >= 3).sort((a, b) => b.lines - a.lines);
  const [tab, comma] = found;
  const fallback = lines[0]?.includes('\t') === true ? tab : comma;
  const { separator, quoted, width } = exact ?? wide[0] ?? fallback ?? { separator: ',', quoted: true, width: 1 };
  return { separator, quoted, width };
}

/** The width that most lines have; of two such widths that of facts, else the first. */
function most(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  const weight = ([width, count]: readonly [number, number]): number => count + (width === 3 ? 0.5 : 0);
  return [...counts].sort((a, b) => weight(b) - weight(a))[0]?.[0] ?? 0;
}

/** In a file with tabs a name may begin with a quotation mark; they are signs where each of them has its right end. */
function quotesAreSigns(lines: readonly string[]): boolean {
  let some = false;
  for (const line of lines) {
    if (!line.includes('"')) continue;
    const parts = split(line, { separator: '\t', quoted: true });
    if (parts?.proper !== true) return false;
    some ||= parts.quotes > 0;
  }
  return some;
}

interface Fields {
  readonly fields: string[];
  /** Fields within quotation marks. */
  readonly quotes: number;
  /** Whether nothing stands behind the end of a quotation in its field. */
  readonly proper: boolean;
}

/**
 * Fields of one line, null where a quotation mark is not closed; quotes may hold separators, doubled quotes stand for one
 * (RFC 4180, without line breaks inside quotes).
 */
export function split(line: string, { separator, quoted }: Omit<Separation, 'width'>): Fields | null {
  if (!quoted || !line.includes('"')) return { fields: line.split(separator), quotes: 0, proper: true };
  const fields: string[] = [];
  let field = '';
  let inside = false;
  let ended = false;
  let quotes = 0;
  let proper = true;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (inside && c === '"' && line[i + 1] === '"') {
      field += c;
      i++;
    } else if (c === '"' && (inside || field.trim() === '')) {
      quotes += Number(!inside);
      ended = inside;
      inside = !inside;
    } else if (c === separator && !inside) {
      fields.push(field);
      field = '';
      ended = false;
    } else {
      proper &&= !ended || c.trim() === '';
      field += c;
    }
  }
  if (inside) return null;
  fields.push(field);
  return { fields, quotes, proper };
}
