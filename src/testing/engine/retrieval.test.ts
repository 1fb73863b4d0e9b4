/**
 * The GPU's retrieval against all passages scored by the CPU and sorted: ids, order and ties, in drawn indices of every shape, and
 * for queries that nothing, little or nearly everything answers.
 */
import { describe, expect, it } from 'vitest';
import { PHASE } from '../../env/episode';
import { INFORMATION_TOKENS } from '../../env/episode-limits';
import { bm25TopK } from '../../kernels/episode/episode';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { buildBm25Index, retrieveTopK, scorePassages, type Bm25Index } from '../../retrieval/bm25';
import { postingsLength, postingsOf } from '../../retrieval/postings';
import { withVariants } from '../../selftest/bench/kernel-case';
import { useBench } from '../kernels/kernel-harness';

const SOURCES = [19, 20, 21, 22];
const CONTENT = { from: 23, to: 23 + 60 };
/** Relations end there, of which a passage has one. */
const NAMES = CONTENT.from + 9;
const POSITIONS = 24;
const PROMPT = 3;
const ROWS = 130;

interface Shape {
  passages: number;
  /** Names that are drawn; fewer make longer lists and more ties. */
  terms: number;
  /** One term in so many is the first one, as of a name that everything is about. */
  hub?: number;
  /** Of the terms' weights, one in so many is nothing, as of a misfiled passage. */
  nothing?: number;
}

const SHAPES: readonly Shape[] = [
  { passages: 3, terms: 51 },
  { passages: 4, terms: 3 },
  { passages: 65, terms: 6 },
  { passages: 300, terms: 51 },
  { passages: 700, terms: 40, hub: 2 },
  { passages: 90, terms: 51, nothing: 2 },
  { passages: 700, terms: 50, nothing: 3 },
  { passages: 2000, terms: 50, hub: 6, nothing: 9 },
];

function drawIndex({ passages, terms, hub = 0, nothing = 0 }: Shape, stream: PhiloxStream): Bm25Index {
  const name = () => NAMES + (hub > 0 && stream.int(hub) === 0 ? 0 : stream.int(terms));
  const relation = () => CONTENT.from + stream.int(NAMES - CONTENT.from);
  const lists = Array.from({ length: passages }, () => [stream.choice(SOURCES), name(), relation(), name()]);
  const index = buildBm25Index(lists, CONTENT.to);
  if (nothing > 0) {
    index.weights.forEach((weight, i) => (index.weights[i] = stream.int(nothing) === 0 ? 0 : weight));
  }
  return index;
}

/** The three best by their definition. */
function bestThree(index: Bm25Index, query: readonly number[]): number[] {
  const scores = scorePassages(index, query);
  const ids = Array.from({ length: index.passageCount }, (_, id) => id);
  return ids.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b).slice(0, 3);
}

describe('retrieval on the GPU', () => {
  const bench = useBench();

  it.each(SHAPES.flatMap((shape) => [false, true].map((cooperative) => ({ ...shape, cooperative }))))(
    'finds what the CPU finds: %o',
    async ({ cooperative, ...shape }) => {
      const stream = new PhiloxStream(21, PURPOSES.world, shape.passages, shape.terms);
      // The second world is what is asked; the first would be found where a place is not counted from its slot.
      const indices = [drawIndex({ passages: 40, terms: 51 }, stream), drawIndex(shape, stream)] as const;
      const [, asked] = indices;
      const stride = 5 + Math.max(...indices.map(({ passageCount }) => passageCount));
      const listStride = postingsLength(CONTENT, stride);
      const terms = new Uint32Array(2 * stride * 4);
      const weights = new Uint32Array(2 * stride * 4);
      const postings = new Uint32Array(2 * listStride);
      indices.forEach((index, slot) => {
        terms.set(index.terms, slot * stride * 4);
        weights.set(index.weights, slot * stride * 4);
        postings.set(postingsOf(index, CONTENT), slot * listStride);
      });
      const queries = Array.from({ length: ROWS }, (_, b) => {
        const term = () => CONTENT.from + stream.int(CONTENT.to - CONTENT.from);
        const held = () => asked.terms[4 * stream.int(asked.passageCount) + 1 + stream.int(3)] ?? 0;
        const passage = 4 * stream.int(asked.passageCount);
        const together = [asked.terms[passage + 1] ?? 0, asked.terms[passage + 2] ?? 0];
        const one = held();
        const relations = [0, 0].map(() => CONTENT.from + stream.int(NAMES - CONTENT.from));
        const pairs = [[held(), held()], [held(), term()], relations, together, together.toReversed()];
        return [[one], [one, one], ...pairs][b % 7] ?? [];
      });
      const state = new Uint32Array(ROWS * ROW_WORDS);
      queries.forEach((query, b) => {
        const set = (field: number, value: number) => (state[b * ROW_WORDS + field] = value);
        set(ROW.length, PROMPT);
        set(ROW.phase, PHASE.information);
        set(ROW.content, query.length);
        set(ROW.searches, 1);
        set(ROW.pending, 1);
        set(ROW.passageBase, stride);
        set(ROW.passageCount, asked.passageCount);
        // What an earlier and longer query left behind a query of one token says nothing.
        state.set([...query, CONTENT.from].slice(0, 2), b * ROW_WORDS + ROW.query);
      });
      const found = await withVariants(bench(), { cooperative }, () =>
        bench().run(async (scope) => {
          const rows = scope.words('rows', state);
          const tokens = scope.words('tokens', new Uint32Array(ROWS * POSITIONS));
          bm25TopK(scope.recorder, {
            rows: rows.slice,
            tokens: tokens.slice,
            logProbs: scope.accumulator('logProbs', ROWS * POSITIONS).slice,
            entropies: scope.accumulator('entropies', ROWS * POSITIONS).slice,
            index: {
              terms: scope.words('terms', terms).slice,
              weights: scope.words('weights', weights).slice,
              postings: scope.words('postings', postings).slice,
              ...{ stride, listStride, contentBase: CONTENT.from, nameBase: NAMES },
            },
            ...{ batch: ROWS, positions: POSITIONS, blank: false },
          });
          return { rows: await scope.readWords(rows), tokens: await scope.readWords(tokens) };
        }),
      );
      queries.forEach((query, b) => {
        const best = bestThree(asked, query);
        expect([...retrieveTopK(asked, query)], query.join(' ')).toEqual(best);
        const row = found.rows.subarray(b * ROW_WORDS, (b + 1) * ROW_WORDS);
        expect([...row.subarray(ROW.passages, ROW.passages + 3)], query.join(' ')).toEqual(best);
        expect([row[ROW.length], row[ROW.pending]]).toEqual([PROMPT + INFORMATION_TOKENS, 0]);
        const text = found.tokens.subarray(b * POSITIONS + PROMPT + 1, b * POSITIONS + PROMPT + 13);
        expect([...text]).toEqual(best.flatMap((id) => [...asked.terms.subarray(4 * id, 4 * id + 4)]));
      });
    },
  );
});
