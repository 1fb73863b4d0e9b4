/** The terms of docs/glossary.md, as its head says they are written. */
import { slug } from 'github-slugger';

const SENTENCE_END = /[.!?](?=\s|$)/g;
const LAST_LINE = /^(?:Sign: (?<sign>.+)|Good is (?<good>up|down)\.)$/;

/**
 * @param {string} text of docs/glossary.md
 * @returns {{term: string, anchor: string, text: string, sign: string | null, good: 'up' | 'down' | null}[]}
 * @throws Error that names the term and what is wrong with it
 */
export function parseGlossary(text) {
  const [, ...sections] = text.split(/^### /m);
  const entries = sections.map(parseEntry);
  for (const [i, { term, anchor }] of entries.entries()) {
    const before = entries[i - 1];
    if (before !== undefined && before.term.localeCompare(term, 'en') >= 0)
      throw new Error(`Glossary: "${term}" stands after "${before.term}", which is not in alphabetical order.`);
    if (entries.findIndex((other) => other.anchor === anchor) !== i)
      throw new Error(`Glossary: two terms have the anchor "${anchor}".`);
  }
  return entries;
}

function parseEntry(section) {
  const [term = '', body = '', ...rest] = section.trim().split(/\n{2,}/);
  const fail = (what) => {
    throw new Error(`Glossary: "${term}" ${what}.`);
  };
  const text = body.replaceAll('\n', ' ');
  const sentences = text.match(SENTENCE_END)?.length ?? 0;
  if (!/[.!?]$/.test(text)) fail('has no text that ends in a full stop');
  if (sentences > 2) fail(`has ${sentences} sentences, not one or two`);
  const facts = rest.map((line) => LAST_LINE.exec(line)?.groups ?? fail(`has a line of no known form: "${line}"`));
  const told = facts.map(({ sign }) => (sign === undefined ? 'good' : 'sign')).join();
  if (!['', 'sign', 'good', 'sign,good'].includes(told))
    fail('says its sign or what is good twice or in another order');
  return {
    ...{ term, anchor: slug(term), text },
    sign: facts.find(({ sign }) => sign !== undefined)?.sign ?? null,
    good: facts.find(({ good }) => good !== undefined)?.good ?? null,
  };
}

/** Anchors of the glossary that a document links to, in their order, each as often as it is linked to. */
export const linkedTerms = (document) => [...document.matchAll(/glossary\.md#([\w-]+)/g)].map(([, anchor]) => anchor);
