/** What a world is made of (method.md section 3). Entities and relations are indices; tokens are made from them by the vocabulary. */
import type { Bm25Index } from '../retrieval/bm25';
import type { Vocabulary } from '../retrieval/vocabulary';

export interface Relation {
  readonly name: string;
  readonly domainType: string;
  readonly rangeType: string;
  /** English noun phrase with `{x}` for the subject: "the capital of {x}". */
  readonly ask: string;
  /** English sentence with `{s}` and `{o}`: "{s} was born in {o}." */
  readonly state: string;
  /** Of a question that ends here, where it is no "What is", then `ask`: "Where was {x} born?". */
  readonly question?: string;
}

export interface Entity {
  readonly name: string;
  readonly type: string;
}

/** Names shared by all worlds of a family. */
export interface WorldSchema {
  readonly id: string;
  readonly title: string;
  readonly types: readonly string[];
  readonly relations: readonly Relation[];
  readonly entities: readonly Entity[];
  /** Names of the passage sources, in the order of `vocabulary.sources`. */
  readonly sources: readonly string[];
  readonly vocabulary: Vocabulary;
}

export interface Fact {
  readonly subject: number;
  readonly relation: number;
  readonly object: number;
}

export interface Passage {
  /** Index of the source, 0-based (the token is `vocabulary.sources[source]`). */
  readonly source: number;
  readonly subject: number;
  readonly relation: number;
  readonly object: number;
  /** Index of the fact that it states, or contradicts if it is a rumour. */
  readonly fact: number;
  readonly rumour: boolean;
}

/** How hard a world is on purpose (levels.ts): some of a run's settings. */
export interface WorldLevels {
  /** one: a fact keeps its true passages beside its rumour; outnumber: it has one of them, against two of one lie. */
  readonly rumourSpread: 'one' | 'outnumber';
  /** Probability that the retriever does not know what a passage says of its subject. */
  readonly misfiled: number;
  /** Share of the names that stand for two things of different types. */
  readonly sharedNames: number;
  readonly minHops: number;
  readonly maxHops: number;
}

/** A question: start at an entity and follow the relations. Never revisits an entity. */
export interface Chain {
  readonly start: number;
  readonly relations: readonly number[];
  /** Index of the fact of each hop. */
  readonly facts: readonly number[];
  readonly answer: number;
}

export interface Ceilings {
  /** Expected exact match of a reader that asks for every hop exactly and believes the majority, or sources that repeat no rumours where these outnumber the truth; ties are guessed. */
  readonly perfectReaderEm: number;
  /** Mean share of its retrieved passages that are new and supporting: the highest density a good search reaches. */
  readonly supportingShare: number;
}

export interface World {
  readonly schema: WorldSchema;
  readonly seed: number;
  readonly levels: WorldLevels;
  readonly facts: readonly Fact[];
  /** Shuffled; position = passage id. */
  readonly passages: readonly Passage[];
  readonly index: Bm25Index;
  /** `chains[h]` = all questions of h hops, h = 1..3, or 4 where these are asked (a uniform sample of them in very large worlds); `chains[0]` is empty. */
  readonly chains: readonly (readonly Chain[])[];
  /** Computed on first use. */
  readonly ceilings: Ceilings;
  /** The object of (subject, relation), -1 unless there is exactly one. */
  objectOf(subject: number, relation: number): number;
  /** Index of that fact, -1 unless there is exactly one. */
  factOf(subject: number, relation: number): number;
}

/** A source of worlds that share one schema. */
export interface WorldFamily {
  readonly schema: WorldSchema;
  /** A world with facts drawn from `seed`. @param noise probability of a rumour per fact */
  draw(seed: number, noise: number, levels?: WorldLevels): World;
  /** The real facts with passages drawn from `seed`; null where there are none (microwiki). */
  real(seed: number, noise: number, levels?: WorldLevels): World | null;
}
