import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../config/schema';
import { parseTrajectory } from '../../env/episode';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { policyPositions } from '../../rl/rollout/policy-tokens';
import { retrieveTopK } from '../../retrieval/bm25';
import { editWorld } from '../../env/edit-world';
import { openNodeGpu } from '../../node/node-gpu';
import { BENCH_CONFIG, draftOf, paused, rowOf, TrainerBench, withoutTime } from '../../testing/engine/trainer-bench';
import { Learner } from '../../rl/learning/learner';
import type { PassageEdit } from '../protocol/ask-protocol';
import { openFamily } from '../state/open-family';
import type { DraftRow, TrajectorySide } from '../protocol/protocol';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
});

/** The weights that ship: they search and answer, which those of a short warm start never do. */
const SHIPPED_CONFIG = {
  ...BENCH_CONFIG,
  warmStartBatches: defaultConfig.warmStartBatches,
  warmStartBatchSize: defaultConfig.warmStartBatchSize,
};

async function openBench(): Promise<TrainerBench> {
  const bench = new TrainerBench(
    () => Promise.resolve(gpu),
    async (path) => new Uint8Array(await readFile(`public/${path}`)).buffer,
  );
  bench.start(SHIPPED_CONFIG, { kind: 'shipped' });
  await bench.next('evaluation');
  await bench.next('state', paused);
  return bench;
}

async function openLearner(): Promise<Learner> {
  return new Learner(gpu, SHIPPED_CONFIG, await openFamily(SHIPPED_CONFIG.world, null, () => Promise.resolve(null)));
}

const tokensOf = ({ tokens, lengths }: TrajectorySide, positions: number, row = 0): number[] =>
  Array.from(tokens.subarray(row * positions, row * positions + (lengths[row] ?? 0)));

describe('asking beside the training', () => {
  it('gives a row of an update again, to the last bit, with the weights that wrote it, and leaves the run as it was', async () => {
    const plain = await openBench();
    const bench = await openBench();
    for (const one of [plain, bench]) for (const update of [1, 2]) await one.stepTo(update);
    const batch = bench.all('trajectories')[1]!.batch;
    for (const row of [0, 3]) {
      bench.send({ type: 'ask', id: row, world: { update: 2, row }, chain: null, edits: [], replicate: 0, weights: 1 });
      const again = (await bench.next('answered', ({ id }) => id === row)).batch;
      expect(again.update).toBe(1);
      for (const side of ['draft', 'final'] as const) {
        const { positions } = batch;
        expect(tokensOf(again[side], positions)).toEqual(tokensOf(batch[side], positions, row));
        expect(again[side].rewards[0]).toBe(batch[side].rewards[row]);
      }
      expect(again.cuts[0]).toBe(batch.cuts[row]);
      expect(again.reviewLogProbs).toEqual(batch.reviewLogProbs.slice(row * 6, row * 6 + 6));
    }
    for (const one of [plain, bench]) await one.stepTo(3);
    expect(bench.all('metrics').map(withoutTime)).toEqual(plain.all('metrics').map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe((await plain.checkpoint()).weightsHash);
  });

  it('goes on from any token as if it had been sampled: the same token gives the same trajectory', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    const { batch } = bench.all('trajectories')[0]!;
    const { positions } = batch;
    const draft = draftOf(batch, 1);
    bench.send({ type: 'cut', id: 1, draft, step: 1, replicate: 5 });
    const { side } = (await bench.next('branch')).branch;
    const branch = rowOf(side, positions, { update: 1, row: 1 });
    const written = tokensOf(side, positions);
    const { vocabulary } = (await openLearner()).family.schema;
    const places = policyPositions(written, 0, written.length, vocabulary.special);
    expect(places.length).toBeGreaterThan(8);
    const goOn = async (id: number, from: DraftRow, position: number, forced: number[], edits: PassageEdit[] = []) => {
      bench.send({ type: 'continue', id, draft: from, position, forced, replicate: 5, edits });
      return (await bench.next('continued', (event) => event.id === id)).side;
    };
    for (const position of places) {
      const again = await goOn(100 + position, branch, position, [written[position]!]);
      expect(tokensOf(again, positions), `from ${position}`).toEqual(written);
      expect([again.em, again.rewards, again.reasons]).toEqual([side.em, side.rewards, side.reasons]);
      expect(again.passages).toEqual(side.passages);
      expect(again.logProbs[position]).toBe(0);
    }

    // Another query is searched for, and an end that the grammar does not have ends the trajectory.
    const open = written.indexOf(vocabulary.special.search);
    const query = [vocabulary.entityBase + 3, vocabulary.relationBase + 1];
    const asked = await goOn(300, branch, open + 1, [...query, vocabulary.special.endSearch]);
    const learner = await openLearner();
    const { world } = learner.questions(0)[1]!;
    expect([...asked.passages.subarray(0, 3)]).toEqual([...retrieveTopK(world.index, query)]);
    const outcome = parseTrajectory(vocabulary, tokensOf(asked, positions));
    expect([asked.reasons[0], asked.stepCounts[0]]).toEqual([outcome.reason, outcome.steps.length]);
    const ended = await goOn(301, branch, open + 1, [vocabulary.special.endSearch]);
    expect([ended.reasons[0], ended.lengths[0]]).toEqual([7, open + 2]);

    // In a world that says otherwise the same query finds what was planted there.
    const plant = { kind: 'plant' as const, source: 0, subject: 3, relation: 1, object: 5 };
    const edited = await goOn(302, branch, open + 1, [...query, vocabulary.special.endSearch], [plant, plant, plant]);
    const changed = editWorld(world, [plant, plant, plant]);
    expect([...edited.passages.subarray(0, 3)]).toEqual([...retrieveTopK(changed.index, query)]);

    for (const [id, position, forced] of [
      [400, written.indexOf(vocabulary.special.information) + 2, [vocabulary.special.think]],
      [401, 1, [vocabulary.special.think]],
      [402, open, [vocabulary.special.information]],
    ] as const) {
      bench.send({ type: 'continue', id, draft: branch, position, forced, replicate: 0, edits: [] });
      expect((await bench.next('refused', (event) => event.id === id)).message).toMatch(/policy/);
    }
    learner.destroy();
  });

  it('answers a question of a held-out world, in the world as it was changed', async () => {
    const bench = await openBench();
    bench.send({ type: 'facts', id: 1, world: { heldOut: 0 } });
    const { facts } = await bench.next('facts');
    const learner = await openLearner();
    const world = learner.newPool().heldOut(0);
    expect(facts.facts).toHaveLength(3 * world.facts.length);
    expect(facts.passages).toHaveLength(4 * world.passages.length);
    const [, chains] = world.chains;
    const { start, relations, answer } = chains![0]!;
    const chain = { start, relations: [...relations] };
    bench.send({ type: 'ask', id: 2, world: { heldOut: 0 }, chain, edits: [], replicate: 0 });
    const { batch } = await bench.next('answered');
    const { vocabulary } = world.schema;
    expect(batch.answers[0]).toBe(vocabulary.entityBase + answer);
    const tokens = tokensOf(batch.draft, batch.positions);
    expect(tokens.slice(0, 4)).toEqual([
      vocabulary.special.bos,
      vocabulary.relationBase + relations[0]!,
      vocabulary.entityBase + start,
      vocabulary.special.question,
    ]);

    // Another query in its first step, in the same world.
    const open = tokens.indexOf(vocabulary.special.search);
    const query = [vocabulary.entityBase + start, vocabulary.relationBase + relations[0]!];
    bench.send({
      ...{ type: 'continue', id: 5, draft: rowOf(batch.draft, batch.positions, { update: 0, row: 0 }) },
      ...{ position: open + 1, forced: [...query, vocabulary.special.endSearch], replicate: 0, edits: [] },
      question: { world: { heldOut: 0 }, chain },
    });
    const { side } = await bench.next('continued');
    expect([...side.passages.subarray(0, 3)]).toEqual([...retrieveTopK(world.index, query)]);

    // Every passage of the fact says something else: what is found of it is a rumour, and its evidence supports nothing.
    const other = facts.facts[3 * world.facts.findIndex(({ object }) => object !== answer) + 2]!;
    const edits = world.passages.flatMap((passage, id) =>
      passage.fact === world.chains[1]![0]!.facts[0] ? [{ kind: 'rewrite' as const, passage: id, object: other }] : [],
    );
    bench.send({ type: 'ask', id: 3, world: { heldOut: 0 }, chain, edits, replicate: 0 });
    const lied = (await bench.next('answered', ({ id }) => id === 3)).batch;
    expect(lied.draft.coverage[0]).toBe(0);
    bench.send({
      type: 'ask',
      id: 4,
      world: { heldOut: 0 },
      chain: { start, relations: [99] },
      edits: [],
      replicate: 0,
    });
    expect((await bench.next('refused')).message).toMatch(/no answer/);
    learner.destroy();
  });

  it('tells what a token could have been, and where each head looked', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    const { batch } = bench.all('trajectories')[0]!;
    const tokens = Uint16Array.from(tokensOf(batch.draft, batch.positions, 2));
    const { vocabulary } = (await openLearner()).family.schema;
    const places = policyPositions(tokens, 0, tokens.length, vocabulary.special);
    for (const position of places.slice(0, 6)) {
      bench.send({ type: 'alternatives', id: position, tokens, position, weights: 0 });
      const { alternatives } = await bench.next('alternatives', ({ id }) => id === position);
      expect(alternatives.update).toBe(0);
      expect(alternatives.logProb).toBeCloseTo(batch.draft.logProbs[2 * batch.positions + position]!, 4);
      expect(alternatives.entropy).toBeCloseTo(batch.draft.entropies[2 * batch.positions + position]!, 4);
      expect([...alternatives.logProbs]).toEqual([...alternatives.logProbs].sort((a, b) => b - a));
      const { rank } = alternatives;
      if (rank <= 10) expect(alternatives.tokens[rank - 1]).toBe(tokens[position]);
    }
    const position = tokens.length - 1;
    bench.send({ type: 'attention', id: 1, tokens, position });
    const { attention } = await bench.next('attention');
    expect(attention).toMatchObject({ update: 1, position, layers: 2, heads: 4 });
    expect(attention.weights).toHaveLength(8 * tokens.length);
    for (let head = 0; head < 8; head++) {
      const row = attention.weights.subarray(head * tokens.length, (head + 1) * tokens.length);
      expect(row.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 4);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
    }
    bench.send({ type: 'alternatives', id: 900, tokens, position: 0 });
    expect((await bench.next('refused')).id).toBe(900);
  });
});
