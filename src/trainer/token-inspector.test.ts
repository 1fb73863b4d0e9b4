import { expect, it } from 'vitest';
import { openGpu } from '../gpu/device';
import { wgslIncludes } from '../kernels/includes';
import { openNodeGpu } from '../testing/node-gpu';
import { paused, TrainerBench } from '../testing/trainer-bench';

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
