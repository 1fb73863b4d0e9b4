import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { openGpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { configForPreset, type RunConfig } from '../../config/schema';
import { paused, TrainerBench, type EventOf } from '../../testing/engine/trainer-bench';
import { policyPositions } from '../../rl/rollout/policy-tokens';
import type { TrajectoryBatch } from '../protocol/protocol';

it('gives the log-probabilities that the rollout had, those of the base, and changes nothing', async () => {
  const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  const bench = new TrainerBench(() => Promise.resolve(gpu));
  bench.start();
  await bench.next('evaluation');
  await bench.next('state', paused);
  await bench.stepTo(1);
  const { weightsHash } = await bench.checkpoint();

  // A pinned question is answered with the present weights, so that its own numbers are the reference.
  bench.send({ type: 'pin', id: 1, update: 1, group: 0 });
  const { draft, positions } = (await bench.next('pinned')).batch;
  const length = draft.lengths[0] ?? 0;
  bench.send({ type: 'inspect', id: 9, tokens: draft.tokens.slice(0, length) });
  const { id, inspection } = await bench.next('inspection');
  expect(id).toBe(9);
  expect(inspection.update).toBe(1);
  expect(inspection.current).toHaveLength(length);
  expect(length).toBeLessThanOrEqual(positions);
  for (let t = 0; t < length; t++) {
    expect(inspection.current[t]).toBeCloseTo(draft.logProbs[t] ?? 0, 4);
    expect(inspection.reference[t] === 0).toBe(draft.logProbs[t] === 0);
  }
  // One update has moved the weights away from the base.
  expect(inspection.reference).not.toEqual(inspection.current);
  expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);

  bench.send({ type: 'reset' });
  await bench.next('state', (event) => paused(event) && event.update === 0);
  bench.send({ type: 'inspect', id: 10, tokens: draft.tokens.slice(0, length) });
  const first = (await bench.next('inspection')).inspection;
  expect(first.update).toBe(0);
  expect(first.reference).toEqual(inspection.reference);
  expect(first.current).toEqual(first.reference);
});

describe('what an update changed', () => {
  const small = { size: 'tiny', prompts: 3, groupSize: 4, poolSize: 3, evalEvery: 0, evalQuestions: 8 } as const;

  /** After one update of a policy that searches and answers, so that there are advantages. */
  async function afterUpdate(config: Partial<RunConfig>, train?: 'refiner') {
    const gpu = await openGpu(await openNodeGpu(), wgslIncludes);
    const bench = new TrainerBench(
      () => Promise.resolve(gpu),
      async (path) => new Uint8Array(await readFile(`public/${path}`)).slice().buffer,
    );
    bench.start(configForPreset('search-r2', { ...small, combine: 'sum', learningRate: 1e-3, ...config }), {
      kind: 'shipped',
    });
    await bench.next('evaluation');
    await bench.next('state', paused);
    const done = bench.next('state', (event) => event.state === 'paused' && event.update === 1);
    bench.send(train === undefined ? { type: 'step' } : { type: 'step', train });
    await done;
    const batch = bench.all('trajectories').at(-1)!.batch;
    const { special } = microwikiFamily().schema.vocabulary;
    const changes: EventOf<'changed'>['change'][] = [];
    for (const row of batch.advantages.keys()) {
      const asked = bench.next('changed', ({ id }) => id === row);
      bench.send({ type: 'change', id: row, update: 1, ...finalRow(batch, row) });
      changes.push((await asked).change);
    }
    const written = (row: number) =>
      policyPositions(batch.final.tokens, row * batch.positions, batch.final.lengths[row] ?? 0, special);
    const metrics = bench.all('metrics').at(-1)!.metrics;
    return { bench, batch, changes, written, metrics };
  }

  function finalRow({ final, positions, advantages }: TrajectoryBatch, row: number) {
    const [from, to] = [row * positions, row * positions + (final.lengths[row] ?? 0)];
    const { tokens, logProbs } = final;
    return { tokens: tokens.slice(from, to), logProbs: logProbs.slice(from, to), advantage: advantages[row] ?? 0 };
  }

  it('counts as clipped exactly the tokens of the clip fraction, of the last of several passes', async () => {
    const { bench, batch, changes, written, metrics } = await afterUpdate({ epochs: 3, clipLow: 0.01, clipHigh: 0.02 });
    const rows = [...batch.advantages.keys()];
    const tokens = rows.reduce((sum, row) => sum + written(row).length, 0);
    expect(metrics['actorTokens']).toBe(tokens);
    const clipped = changes.reduce((sum, change) => sum + change.clipped.reduce((a, b) => a + b, 0), 0);
    expect(clipped).toBeGreaterThan(0);
    expect(clipped).toBeLessThan(tokens);
    expect(metrics['clipFraction']).toBe(Math.fround(clipped) / tokens);
    // By the definition itself, away from where rounding decides.
    for (const row of rows) {
      const advantage = batch.advantages[row] ?? 0;
      for (const t of written(row)) {
        const ratio = changes[row]?.ratio[t] ?? 0;
        if (Math.min(Math.abs(ratio - 1.02), Math.abs(ratio - 0.99)) < 1e-5) continue;
        const beyond = (advantage > 0 && ratio > 1.02) || (advantage < 0 && ratio < 0.99);
        expect(changes[row]?.clipped[t]).toBe(beyond ? 1 : 0);
      }
    }
    // What was written before the update has the log-probabilities that the rollout had.
    for (const t of written(0)) {
      expect(changes[0]?.before[t]).toBeCloseTo(batch.final.logProbs[t] ?? 0, 4);
      expect(changes[0]?.after[t]).not.toBe(changes[0]?.before[t]);
    }
    bench.send({ type: 'change', id: 99, update: 5, ...finalRow(batch, 0) });
    expect((await bench.next('refused')).message).toContain('update 5');
  });

  it('has ratio 1 and nothing clipped in a single pass, as the metric has, and no advantage in a step of the refiner alone', async () => {
    const { batch, changes, written, metrics } = await afterUpdate({ clipLow: 0, clipHigh: 0 });
    expect(metrics['clipFraction']).toBe(0);
    for (const [row, change] of changes.entries()) {
      expect(change.clipped.every((flag) => flag === 0)).toBe(true);
      expect(written(row).every((t) => change.ratio[t] === 1)).toBe(true);
    }
    expect(batch.advantages.some((advantage) => advantage !== 0)).toBe(true);
    const alone = await afterUpdate({ epochs: 2, clipLow: 0, clipHigh: 0 }, 'refiner');
    expect(alone.metrics['clipFraction']).toBe(0);
    expect(alone.changes.every(({ trained, clipped }) => trained === 'refiner' && !clipped.includes(1))).toBe(true);
  });
});
