/** N-Triples and N-Quads (W3C, RDF 1.1): names are the last part of an IRI, or what a literal says. */

const TERM = '<[^<>"{}|^`\\\\\\s]*>|_:[^\\s<>"]+';
const LITERAL = '"(?:[^"\\\\\\n\\r]|\\\\.)*"(?:@[A-Za-z0-9-]+|\\^\\^<[^<>\\s]*>)?';
const LINE = new RegExp(`^\\s*(${TERM})\\s*(<[^<>\\s]*>)\\s*(${TERM}|${LITERAL})\\s*(?:${TERM})?\\s*\\.\\s*(?:#.*)?$`);

export type Terms = readonly [subject: string, relation: string, object: string];

/** The three terms of a line as they are written, null for any other line. */
export function readTerms(line: string): Terms | null {
  const [, subject, relation, object] = LINE.exec(line) ?? [];
  return subject === undefined || relation === undefined || object === undefined ? null : [subject, relation, object];
}

/**
 * Names for terms: the last part of an IRI, with the part before it where two IRIs would be called the same.
 *
 * @param terms all those of a file that share names: the relations, or subjects and objects
 */
export function namesOf(terms: Iterable<string>): ReadonlyMap<string, string> {
  const parts = new Map<string, string[]>();
  for (const term of terms) parts.set(term, partsOf(term));
  const names = new Map<string, string>();
  let open = [...parts.keys()];
  for (let length = 1; open.length > 0; length++) {
    const byName = new Map<string, string[]>();
    for (const term of open) {
      const name = (parts.get(term) ?? []).slice(-length).join('/');
      byName.set(name, [...(byName.get(name) ?? []), term]);
    }
    open = [];
    for (const [name, same] of byName) {
      const canDiffer = same.some((term) => (parts.get(term)?.length ?? 0) > length);
      if (same.length > 1 && canDiffer) open.push(...same);
      else for (const term of same) names.set(term, name);
    }
  }
  return names;
}

/** An IRI's parts, the last one last; a literal or a blank node is one. */
function partsOf(term: string): string[] {
  if (term.startsWith('"')) return [unescaped(term.slice(1, term.lastIndexOf('"')))];
  if (!term.startsWith('<')) return [term];
  const iri = unescaped(term.slice(1, -1));
  const parts = iri.split(/[/#]/).filter((part) => part !== '');
  return parts.length === 0 ? [iri] : parts.map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: ' ', n: ' ', r: ' ', b: ' ', f: ' ' };

/** Line breaks and tabs become spaces: a name is one line. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (whole, four, eight, sign) => {
    const code: unknown = four ?? eight;
    if (typeof code === 'string') {
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    }
    return typeof sign === 'string' ? (ESCAPES[sign] ?? sign) : whole;
  });
}
