/** A world as a trainer of language models takes it: passages, questions, and what supports each hop of them. */
import { answerToken, questionTokens } from '../../env/questions';
import { renderAnswer, renderPassage, renderQuestion } from '../../env/english';
import type { Chain, World } from '../../env/world';

/** text: English, for a language model; words: a checkpoint's own tokens. */
export type Notation = 'text' | 'words';

/** A line of corpus.jsonl, as Search-R1's corpora have it: the title in quotes on a line of its own, then the text. */
export interface CorpusRow {
  id: string;
  contents: string;
}

/** A line of train.jsonl and held-out.jsonl. */
export interface QuestionRow {
  id: string;
  /** In English. */
  question: string;
  /** What the model reads first, where the notation is `words`. */
  words: string;
  golden_answers: string[];
  /** Of each hop, the passages that truly state its fact. */
  hops: string[][];
}

export function corpusRows(world: World, notation: Notation): CorpusRow[] {
  const { schema, passages } = world;
  const { strings, sources, entityBase, relationBase } = schema.vocabulary;
  return passages.map(({ source, subject, relation, object }, id) => {
    const tokens = [sources[source] ?? 0, entityBase + subject, relationBase + relation, entityBase + object];
    const words = tokens.map((token) => strings[token] ?? '').join(' ');
    const text = notation === 'words' ? words : renderPassage(world, id).text;
    return { id: String(id), contents: `"${schema.sources[source] ?? ''}"\n${text}` };
  });
}

/** Passages of each fact that state it truly, by the fact's index. */
export function supportOf(world: World): ReadonlyMap<number, string[]> {
  const support = new Map<number, string[]>();
  world.passages.forEach(({ fact, rumour }, id) => {
    if (!rumour) support.set(fact, [...(support.get(fact) ?? []), String(id)]);
  });
  return support;
}

export function questionRow(
  world: World,
  chain: Chain,
  { id, notation, support }: { id: string; notation: Notation; support: ReadonlyMap<number, string[]> },
): QuestionRow {
  const { schema } = world;
  const { strings } = schema.vocabulary;
  const word = (token: number): string => strings[token] ?? '';
  const answer = notation === 'words' ? word(answerToken(schema, chain)) : renderAnswer(schema, chain);
  return {
    id,
    question: renderQuestion(schema, chain),
    words: questionTokens(schema, chain).map(word).join(' '),
    golden_answers: [answer],
    hops: chain.facts.map((fact) => support.get(fact) ?? []),
  };
}
