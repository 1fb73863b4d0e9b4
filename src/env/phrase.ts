/** English of a relation that somebody named: "bornIn" asks "Where was Anna born?". Rules over short lists of words. */
import {
  AGENTS,
  OF_PEOPLE,
  ONE_OF,
  PARTICIPLES,
  PAST,
  PEOPLE,
  PLACED,
  PREPOSITIONS,
  STATES,
  VERBS,
  WIKIDATA,
} from './phrase-words';

export interface Phrase {
  /** As a person may write it: "was born in", "the capital of". */
  readonly text: string;
  /** Templates as in Relation, with `{x}`, and with `{s}` and `{o}`. */
  readonly ask: string;
  readonly state: string;
  /** The same read backwards. */
  readonly inverseAsk: string;
  readonly inverseState: string;
  /** Where a question that ends here is no "What is ...?". */
  readonly question: string | null;
  readonly inverseQuestion: string | null;
  /** Whether the rules found no English in it: it is quoted then. */
  readonly isDoubtful: boolean;
  readonly subjectIsPerson: boolean;
  readonly objectIsPerson: boolean;
}

/** @param name of the relation, or a phrase that somebody wrote for it */
export function phraseOf(name: string): Phrase {
  const words = wordsOf(name);
  const key = words.join(' ').toLowerCase();
  const known = WIKIDATA.get(key);
  if (known !== undefined) return phraseOf(known);
  const verb = verbOf(words);
  if (verb !== null) return ofVerb(verb);
  const noun = nounOf(words);
  return noun === null ? ofNoun(`“${words.join(' ') || inTemplate(name)}”`, true) : ofNoun(noun, false);
}

/** Words of "wasBornIn", "was_born_in", "https://example.org/ontology/wasBornIn" and of what has spaces already. */
function wordsOf(name: string): string[] {
  const last = /^https?:/.test(name) ? (name.split(/[/#]/).findLast((part) => part !== '') ?? name) : name;
  const plain = inTemplate(last).trim();
  if (/\s/.test(plain)) return plain.split(/\s+/);
  const split = plain
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[\s_\-.:]+/)
    .filter((word) => word !== '');
  return split.map((word) => (/^\p{Lu}{2,}$/u.test(word) && split.length > 1 ? word : word.toLowerCase()));
}

/** "was born in" of "born in", "is the capital of" of "capital of", "lives in" of "live in"; null for what is no verb. */
function verbOf(words: readonly string[]): string | null {
  const [first = '', ...rest] = words.map((word) => word.toLowerCase());
  const last = rest.at(-1) ?? '';
  const tail = words.slice(1).join(' ');
  const ends = PREPOSITIONS.has(last);
  if (/^(instance of|subclass of|is ?a)$/.test([first, ...rest].join(' '))) return 'is a kind of';
  // "the capital of", as a person may write a noun.
  if (first === 'the') return null;
  if (/^(is|was|are|were)$/.test(first) && rest.length > 0) {
    // "isCapitalOf" lacks its article.
    const bare = rest.length === 2 && last === 'of' && !isParticiple(rest[0] ?? '');
    return bare && first === 'is' ? verbOf(words.slice(1)) : `${first} ${tail}`;
  }
  if (ends && isParticiple(first)) return `${STATES.has(first) && last !== 'by' ? 'is' : 'was'} ${first} ${tail}`;
  if (ends && last === 'of' && !/s$/.test(first)) {
    const noun = words.slice(0, -1).join(' ');
    if (noun === 'part') return 'is part of';
    const article = ONE_OF.has(rest.at(-2) ?? first) ? (/^[aeiou]/i.test(noun) ? 'an' : 'a') : 'the';
    return `is ${article} ${noun} of`;
  }
  if (VERBS.has(first) && first !== 'have' && (rest.length === 0 || ends))
    return [thirdPerson(first), tail].join(' ').trim();
  const isVerb = rest.length === 0 ? VERBS.has(baseOf(first) ?? '') : ends && /[^s]s$/.test(first);
  if (isVerb && first !== 'has') return [first, tail].join(' ').trim();
  if (PAST.has(first) && (rest.length === 0 || ends)) return [first, tail].join(' ').trim();
  return null;
}

/** "capital" of "has capital" and of "the capital of"; null where it does not end as a noun does. */
function nounOf(words: readonly string[]): string | null {
  let own = words.filter((word, i) => i > 0 || !/^(the|has|have|had)$/i.test(word));
  if (words[0]?.toLowerCase() === 'the' && own.at(-1)?.toLowerCase() === 'of') own = own.slice(0, -1);
  const ends = [own[0] ?? '', own.at(-1) ?? ''].some((word) => PREPOSITIONS.has(word.toLowerCase()));
  const text = own.join(' ');
  const [only = ''] = own.length === 1 ? own : [];
  if (only.length > 4 && isParticiple(only.toLowerCase())) return null;
  return ends || !/\p{L}/u.test(text) || /^p\d+$/i.test(text) ? null : text;
}

const isParticiple = (word: string): boolean => PARTICIPLES.has(word) || /[^e]ed$/.test(word);

function thirdPerson(base: string): string {
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ies`;
  return /(s|sh|ch|x|z)$/.test(base) ? `${base}es` : `${base}s`;
}

/** Of a third person; null where it is none. */
function baseOf(word: string): string | null {
  if (!/[^s]s$/.test(word)) return null;
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  return /(s|sh|ch|x|z)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

function ofNoun(noun: string, isDoubtful: boolean): Phrase {
  const last = noun.split(' ').at(-1)?.toLowerCase() ?? '';
  return {
    text: isDoubtful ? noun.slice(1, -1) : `the ${noun} of`,
    ask: `the ${noun} of {x}`,
    state: `The ${noun} of {s} is {o}.`,
    inverseAsk: `the one whose ${noun} is {x}`,
    inverseState: `{s} is the ${noun} of {o}.`,
    question: null,
    inverseQuestion: null,
    isDoubtful,
    subjectIsPerson: OF_PEOPLE.has(noun.toLowerCase()),
    objectIsPerson: PEOPLE.has(last) || /^head of (state|government)$/i.test(noun),
  };
}

function ofVerb(verb: string): Phrase {
  const [first = '', ...rest] = verb.split(' ');
  const be = /^(is|was|are|were)$/.test(first);
  const head = be ? (rest[0] ?? '') : first;
  const last = rest.at(-1) ?? '';
  const agent = be && last === 'by' ? AGENTS.get(head) : undefined;
  const place = PLACED.has(head) && /^(in|at)$/.test(last) && rest.length === (be ? 2 : 1);
  const after = rest.slice(0, place ? -1 : undefined).join(' ');
  const what = place ? 'Where' : last === 'by' || /^(married|marries|married to)$/.test(head) ? 'Who' : 'What';
  const base = be ? null : (PAST.get(first) ?? baseOf(first));
  const helper = PAST.has(first) ? 'did' : 'does';
  const question = be
    ? `${what} ${first} {x} ${after}?`
    : base === null
      ? `{x} ${verb} what?`
      : `${what} ${helper} {x} ${[base, after].join(' ').trim()}?`;
  const ask = place
    ? `the place where {x} ${[first, after].join(' ').trim()}`
    : agent === undefined
      ? `the one that {x} ${verb}`
      : `the ${agent} of {x}`;
  return {
    text: verb,
    ask,
    state: `{s} ${verb} {o}.`,
    inverseAsk: `the one that ${verb} {x}`,
    inverseState: `{o} ${verb} {s}.`,
    question,
    inverseQuestion: `What ${verb} {x}?`,
    isDoubtful: false,
    subjectIsPerson: OF_PEOPLE.has(head),
    objectIsPerson: agent !== undefined || what === 'Who',
  };
}

/** Braces mark the places to fill in. */
function inTemplate(name: string): string {
  return name.replace(/\{/g, '(').replace(/\}/g, ')');
}
