/** Questions: which chain is asked, and its tokens `<bos> r_n .. r_1 e ?` (method.md section 2). */
import { UserError } from '../lib/assert';
import type { PhiloxStream } from '../lib/philox';
import type { Chain, World, WorldSchema } from './world-types';

/** Uniform over the lengths minHops..maxHops that have chains, then uniform over the chains of that length. */
export function drawQuestion(world: World, stream: PhiloxStream, maxHops: number, minHops = 1): Chain {
  const lengths = world.chains.slice(minHops, maxHops + 1).filter((chains) => chains.length > 0);
  if (lengths.length === 0) throw new UserError(`No question can be formed in the world "${world.schema.title}".`);
  return stream.choice(stream.choice(lengths));
}

/** Relations outermost first, as English says them: "the capital of the country of X". */
export function questionTokens(schema: WorldSchema, chain: Chain): number[] {
  const { special, relationBase, entityBase } = schema.vocabulary;
  const relations = chain.relations.map((r) => relationBase + r).reverse();
  return [special.bos, ...relations, entityBase + chain.start, special.question];
}

/** Entity token of the right answer. */
export function answerToken(schema: WorldSchema, chain: Chain): number {
  return schema.vocabulary.entityBase + chain.answer;
}

/**
 * What the environment inserts after a search: `<information>`, 4 tokens per passage, `</information>`.
 *
 * @param blank closed book: every token of the passages is `?`, so that only memory is left
 */
export function informationTokens(world: World, passageIds: ArrayLike<number>, blank = false): number[] {
  const { special, sources, entityBase, relationBase } = world.schema.vocabulary;
  const tokens: number[] = [special.information];
  for (let k = 0; k < passageIds.length; k++) {
    const passage = world.passages[passageIds[k] ?? -1];
    if (blank || !passage) {
      tokens.push(special.question, special.question, special.question, special.question);
    } else {
      tokens.push(
        sources[passage.source] ?? special.pad,
        entityBase + passage.subject,
        relationBase + passage.relation,
        entityBase + passage.object,
      );
    }
  }
  tokens.push(special.endInformation);
  return tokens;
}
