/** What the same kind of search costs in any world: a query a row as a right search asks it, whatever a base has learnt. */
import { PHASE } from '../../src/env/episode';
import { PASSAGES_PER_SEARCH } from '../../src/env/episode-limits';
import { drawQuestion, questionTokens } from '../../src/env/questions';
import { Profiler } from '../../src/gpu/profiler';
import { bm25TopK } from '../../src/kernels/episode/episode';
import { ROW_WORDS } from '../../src/kernels/episode/row-layout';
import { PhiloxStream, PURPOSES } from '../../src/lib/philox';
import type { Learner } from '../../src/rl/learning/learner';
import { rowState, type RolloutRow } from '../../src/rl/rollout/row-state';

/** Rows of a batch, each with a question of its own. */
const BATCH = 256;
/** Dispatches that a round is the mean of. */
const REPEATS = 16;
/** Of an information block: all are to come. */
const WAITS = 1;

/** Milliseconds of a dispatch, by timestamp queries, once a round; the first, which compiles, is left out. */
export async function askedRetrieval(run: Learner, rounds: number): Promise<number[]> {
  const { gpu, recorder, index, positions } = run;
  const world = run.pool.member(0);
  index.put(0, world);
  const owner = run.owner.scope();
  const batch = BATCH;
  const { state, tokens } = rowState(
    Array.from({ length: batch }, (_, row) => asking(run, row)),
    { batch, positions, stride: index.stride, replicate: 0 },
  );
  const words = (label: string, count: number) => owner.storage(label, count * 4);
  const rows = words('asked rows', batch * ROW_WORDS);
  const live = {
    rows,
    tokens: owner.upload('asked tokens', tokens),
    logProbs: words('asked log-probabilities', batch * positions),
    entropies: words('asked entropies', batch * positions),
  };
  const found: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const profiler = new Profiler(gpu);
    recorder.profile = profiler;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      recorder.submit();
      gpu.device.queue.writeBuffer(rows.buffer, rows.offset, state);
      bm25TopK(recorder, { ...live, index, batch, positions, blank: false });
    }
    await profiler.collect(recorder);
    recorder.profile = null;
    if (round > 0) found.push((profiler.rows.get('bm25_top_k')?.ms ?? 0) / REPEATS);
    profiler.destroy();
  }
  owner.destroyAll();
  return found;
}

/** A row that has asked for a fact of its chain and waits for passages. */
function asking(run: Learner, row: number): RolloutRow {
  const { config, pool } = run;
  const world = pool.member(0);
  const chain = drawQuestion(world, new PhiloxStream(1, PURPOSES.question, row), config.maxHops, config.minHops);
  const { special, entityBase, relationBase } = world.schema.vocabulary;
  const fact = world.facts[chain.facts[row % chain.facts.length] ?? 0];
  const segment = fact ? [entityBase + fact.subject, relationBase + fact.relation] : [];
  const question = questionTokens(world.schema, chain);
  const thought = [special.think, ...segment, special.endThink];
  return {
    ...{ world, chain, slot: 0, logicalRow: row },
    kept: {
      tokens: Uint16Array.from([...question, ...thought, special.search, ...segment, special.endSearch]),
      stepStarts: Uint16Array.of(question.length),
      passages: new Int32Array(PASSAGES_PER_SEARCH),
      ...{ attempt: 0, replicate: 0 },
      open: { phase: PHASE.information, reason: 0, searches: 1, forcedLeft: WAITS, segment },
    },
  };
}
