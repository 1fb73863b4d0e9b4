/**
 * One vocabulary for all worlds of a family: control tokens, passage sources, relations, entities. Members of a pool share
 * names and relations, so a token means the same thing in each of them; only the facts differ.
 *
 * Token strings carry the type (`city:Monaco` is not `country:Monaco`; method.md section 2).
 */

export interface SpecialTokens {
  readonly pad: 0;
  readonly bos: number;
  readonly eos: number;
  readonly think: number;
  readonly endThink: number;
  readonly search: number;
  readonly endSearch: number;
  readonly information: number;
  readonly endInformation: number;
  readonly answer: number;
  readonly endAnswer: number;
  readonly question: number;
  readonly review: number;
  /** What a review may emit: 0 accepts, j cuts at step j. */
  readonly integers: readonly [number, number, number, number, number, number];
}

export interface Vocabulary {
  readonly size: number;
  /** Token id to its string. */
  readonly strings: readonly string[];
  readonly special: SpecialTokens;
  /** Token of each passage source; contiguous. */
  readonly sources: readonly number[];
  /** Relation r is token `relationBase + r`. */
  readonly relationBase: number;
  readonly relationCount: number;
  /** Entity e is token `entityBase + e`. */
  readonly entityBase: number;
  readonly entityCount: number;
  /**
   * (V) 1 where the policy may write the token: the think, search and answer tags and their ends, `<eos>`, relations, entities.
   * The same mask serves the sampler and the loss (method.md section 6).
   */
  readonly actorAllowed: Uint32Array;
}

/** In the order of their token ids; `<pad>` must be 0 because padding of trajectories and of the index relies on it. */
const SPECIAL_STRINGS = [
  '<pad>',
  '<bos>',
  '<eos>',
  '<think>',
  '</think>',
  '<search>',
  '</search>',
  '<information>',
  '</information>',
  '<answer>',
  '</answer>',
  '?',
  '<review>',
  '<cut:0>',
  '<cut:1>',
  '<cut:2>',
  '<cut:3>',
  '<cut:4>',
  '<cut:5>',
] as const;

const SPECIAL: SpecialTokens = {
  pad: 0,
  bos: 1,
  eos: 2,
  think: 3,
  endThink: 4,
  search: 5,
  endSearch: 6,
  information: 7,
  endInformation: 8,
  answer: 9,
  endAnswer: 10,
  question: 11,
  review: 12,
  integers: [13, 14, 15, 16, 17, 18],
};

const WRITABLE_TAGS = [
  SPECIAL.eos,
  SPECIAL.think,
  SPECIAL.endThink,
  SPECIAL.search,
  SPECIAL.endSearch,
  SPECIAL.answer,
  SPECIAL.endAnswer,
];

/** Builds the vocabulary; order of tokens: control tokens, sources, relations, entities. */
export function createVocabulary(parts: {
  sources: readonly string[];
  relations: readonly string[];
  entities: readonly { readonly name: string; readonly type: string }[];
}): Vocabulary {
  const sourceBase = SPECIAL_STRINGS.length;
  const relationBase = sourceBase + parts.sources.length;
  const entityBase = relationBase + parts.relations.length;
  const strings = [
    ...SPECIAL_STRINGS,
    ...parts.sources.map((name) => `source:${name}`),
    ...parts.relations.map((name) => `relation:${name}`),
    ...parts.entities.map(({ name, type }) => `${type}:${name}`),
  ];
  const actorAllowed = new Uint32Array(strings.length);
  for (const tag of WRITABLE_TAGS) actorAllowed[tag] = 1;
  actorAllowed.fill(1, relationBase);
  return {
    size: strings.length,
    strings,
    special: SPECIAL,
    sources: parts.sources.map((_, i) => sourceBase + i),
    relationBase,
    relationCount: parts.relations.length,
    entityBase,
    entityCount: parts.entities.length,
    actorAllowed,
  };
}

/** Whether a segment may hold the token: a relation or an entity (both ranges are contiguous and last). */
export function isContent(vocabulary: Vocabulary, token: number): boolean {
  return token >= vocabulary.relationBase && token < vocabulary.size;
}
