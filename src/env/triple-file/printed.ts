/**
 * Facts as programs and people print them: each in brackets, as JSON, with arrows, with spaces between the columns, as a table of
 * Markdown or in ConceptNet's dump. Their lines as those of a table with tabs.
 */
import type { Line } from './line';

type Fields = readonly string[];
/** The fields of a line that is printed so; null for any other line. */
interface Form {
  readonly name: string;
  readonly read: (line: string) => Fields | null;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '<': '>' };
/** In front of a printed fact: "1. ", "- ". */
const BULLET = /^\s{0,20}(?:\d{1,9}[.)]\s{1,9}|[-*•]\s{1,9})?/;
const SIGNS = [',', ';', '|', '\t'] as const;

const FORMS: readonly Form[] = [
  { name: 'brackets', read: bracketed },
  { name: 'JSON', read: jsonFields },
  { name: 'arrows', read: arrows },
  { name: 'ConceptNet', read: conceptNet },
  { name: 'terms', read: terms },
];

/** @returns the lines of a table, and how they were printed; null where most are printed in none of these ways */
export function unprinted(rows: readonly Line[]): { rows: Line[]; form: string } | null {
  const plain = rows.filter(({ content }) => !isFrame(content));
  for (const { name, read } of plain.length === 0 ? [] : FORMS) {
    const sample = plain.slice(0, 200);
    const hits = sample.filter(({ content }) => oneLine(content, read) !== null).length;
    if (hits * 5 < sample.length * 4) continue;
    const found = plain.flatMap(({ line, content }) =>
      (oneLine(content, read) ?? [content]).map((fields) => ({
        line,
        content: typeof fields === 'string' ? fields : fields.map(quoted).join('\t'),
      })),
    );
    return { rows: found, form: name };
  }
  return plain.length === rows.length ? null : { rows: plain, form: 'a frame' };
}

/** All facts of a line: there may be several, in a list. */
function oneLine(content: string, read: Form['read']): readonly Fields[] | null {
  const line = content.trim().replace(/[,;]$/, '');
  // The first and the last one of a list over many lines have its brackets beside their own.
  const one =
    read(line) ?? read(line.replace(/^[[(]\s{0,9}(?=[[(])/, '')) ?? read(line.replace(/(?<=[\])])\s{0,9}[\])]$/, ''));
  if (one !== null) return [one];
  const inner = /^[[(]([\s\S]*)[\])]$/.exec(line)?.[1] ?? line;
  const parts = inner.split(/(?<=[)\]}>])\s{0,9}[,;]?\s{1,9}(?=[([{<])/);
  const all = parts.length > 1 || inner !== line ? parts.map(read) : [];
  return all.length > 0 && all.every((fields) => fields !== null) ? all : null;
}

/** A rule of Markdown, a fence, or a bracket around all of them. */
function isFrame(content: string): boolean {
  const line = content.trim();
  return (
    /^(?:`{3}\w{0,20}|[[\]()]|\w{1,40}\s?=\s?[[(])$/.test(line) || (/^[|:\s-]+$/.test(line) && /\|\s*:?-{2}/.test(line))
  );
}

/** A name that the table would take for a sign stands in quotation marks. */
function quoted(field: string): string {
  const clean = field.replace(/\s+/g, ' ').trim();
  return clean.startsWith('"') ? `"${clean.replaceAll('"', '""')}"` : clean;
}

/** (Paris, capital of, France), ['Paris', 'capital of', 'France'], <Paris; capital of; France>. */
function bracketed(line: string): Fields | null {
  const said = line.replace(BULLET, '').replace(/\.$/, '');
  const close = PAIRS[said.charAt(0)];
  if (close === undefined || !said.endsWith(close) || !isOne(said, close)) return null;
  const inner = said.slice(1, -1);
  for (const sign of SIGNS) {
    const fields = fieldsOf(inner, sign);
    if (fields?.length === 3 && fields.every((field) => field !== '')) return fields;
  }
  return null;
}

/** Whether the first bracket ends at the end: "(Oskan), leader, (Per)" is no fact in brackets. */
function isOne(said: string, close: string): boolean {
  const open = said.charAt(0);
  let depth = 0;
  for (let k = 0; k < said.length; k += 1) {
    if (said[k] === open) depth += 1;
    else if (said[k] === close) depth -= 1;
    if (depth === 0) return k === said.length - 1;
  }
  return false;
}

/** Split at a sign outside of quotation marks, which are taken off; null where one is not closed. */
function fieldsOf(inner: string, sign: string): string[] | null {
  const fields: string[] = [];
  let rest = inner;
  for (;;) {
    rest = rest.trimStart();
    const quote = rest.charAt(0);
    if (quote === '"' || quote === "'") {
      const field = /^(["'])((?:\\.|(?!\1)[^\\])*)\1\s{0,9}/.exec(rest);
      const next = field === null ? '' : rest.charAt(field[0].length);
      if (field !== null && (next === '' || next === sign)) {
        fields.push((field[2] ?? '').replace(/\\(.)/g, '$1'));
        rest = rest.slice(field[0].length + 1);
        if (next === '') return fields;
        continue;
      }
      if (quote === '"') return null;
    }
    const at = rest.indexOf(sign);
    fields.push((at < 0 ? rest : rest.slice(0, at)).trim());
    if (at < 0) return fields;
    rest = rest.slice(at + 1);
  }
}

const KEYS = [
  /^(?:subject|subj|head|s|h|source|entity1)$/i,
  /^(?:relation|predicate|rel|r|p|edge|property|type)$/i,
  /^(?:object|obj|tail|o|t|target|entity2)$/i,
];

/** {"head": "Paris", "relation": "capital of", "tail": "France"} */
function jsonFields(line: string): Fields | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const entries: [string, unknown][] = Object.entries(value);
    const fields = KEYS.map((key) => entries.find(([name]) => key.test(name))?.[1]);
    return fields.every((field): field is string => typeof field === 'string') ? fields : null;
  } catch {
    return null;
  }
}

/** Paris -> capital of -> France, (Paris)-[:capital_of]->(France) */
function arrows(line: string): Fields | null {
  const said = line.replace(BULLET, '');
  const cypher = /^(.{1,300}?)\s{0,9}-{1,2}\[:?([^\][]{1,300})\]-{1,2}>\s{0,9}(.{1,300})$/.exec(said);
  const fields = cypher?.slice(1) ?? said.split(/\s{0,9}(?:-{1,2}>|→|=>)\s{0,9}/);
  if (fields.length !== 3 || fields.some((field) => field.trim() === '')) return null;
  return fields.map((field) => (/^\([^()]*\)$/.test(field) ? field.slice(1, -1) : field));
}

/** /a/[..] /r/IsA /c/en/paris /c/en/city {"weight": 1.0} */
function conceptNet(line: string): Fields | null {
  if (!line.startsWith('/a/[')) return null;
  const [, relation = '', start = '', end = ''] = line.split('\t');
  const node = (uri: string): string => (uri.split('/')[3] ?? '').replaceAll('_', ' ');
  return relation.startsWith('/r/') ? [node(start), relation.slice(3), node(end)] : null;
}

/** What SPARQL writes as a table with tabs: "Paris"@en, "1900"^^<..>. */
function terms(line: string): Fields | null {
  const fields = line.split('\t');
  if (fields.length !== 3 || !line.includes('"')) return null;
  const said = fields.map((field) => /^\s{0,9}"(.*)"(?:@[\w-]{1,20}|\^\^\S{1,300})\s{0,9}$/.exec(field)?.[1] ?? field);
  return said.some((field, k) => field !== fields[k]) ? said : null;
}

/** A file of words with spaces between three columns, where no other sign makes any. */
export function spaced(rows: readonly Line[]): Line[] | null {
  for (const gap of [/\s{2,}/, /\s+/]) {
    const split = rows.map(({ line, content }) => ({ line, fields: content.trim().split(gap) }));
    if (split.every(({ fields }) => fields.length === 3)) {
      return split.map(({ line, fields }) => ({ line, content: fields.join('\t') }));
    }
  }
  return null;
}
