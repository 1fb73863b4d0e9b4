import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner } from './learner';
import { causesOf, NotFiniteError } from './not-finite';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

function make(overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, { prompts: 2, groupSize: 4, process: 'passage', combine: 'sum', ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

async function failureOf(work: Promise<unknown>): Promise<NotFiniteError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NotFiniteError) return error;
  throw new Error(`expected numbers that are none, not ${String(error)}`);
}

/** Updates until the numbers are none; how many were fine. */
async function runUntilBroken(learner: Learner, most: number): Promise<{ fine: number; error: NotFiniteError }> {
  for (let fine = 0; fine < most; fine++) {
    const report = await learner.update();
    const metrics = await report.metrics.catch((error: unknown) => error);
    if (metrics instanceof NotFiniteError) return { fine, error: metrics };
  }
  throw new Error(`${most} updates were fine`);
}

/** Steps that throw the weights so far that nothing can be computed with them. */
const WILD = { learningRate: 0.1, maxGradNorm: 1000, klBeta: 1, beta2: 0, epochs: 4 };

describe('numbers that are none', () => {
  it('end a run with update, kernel and tensor, and leave weights that can be saved', async () => {
    const learner = make(WILD);
    const { fine, error } = await runUntilBroken(learner, 40);
    expect((await learner.parameters()).every(Number.isFinite)).toBe(true);
    const located = await learner.locate(error);
    expect(located.message).toMatch(
      new RegExp(
        `^Update ${fine + 1} gave numbers that are not finite \\(.*\\); the first was written by kernel "\\w+" to ".+"\\.$`,
      ),
    );
    learner.destroy();
  });

  it('are found in weights before the next update changes anything, and by whoever would save them', async () => {
    const learner = make();
    await learner.update();
    const state = await learner.state();
    const params = state.params.slice();
    const { name, offset } = learner.table.entries[3]!;
    params[offset + 5] = NaN;
    learner.restore({ ...state, params });
    expect((await failureOf(learner.state())).message).toContain(`"parameters ${name}"`);
    const report = await learner.update();
    const error = await failureOf(report.metrics);
    expect(error.message).toMatch(/^Update 2 gave numbers that are not finite \(loss/);
    // The next one ends before it clears the gradients that show why.
    expect((await failureOf(learner.update())).message).toBe(error.message);
    expect(learner.updates).toBe(2);
    expect((await learner.locate(error)).place).toEqual({ kernel: 'adamw', tensor: name });
    // What was good goes on as if nothing had been.
    learner.restore(state);
    const again = await (await learner.update()).metrics;
    const straight = make();
    await straight.update();
    expect(again).toEqual(await (await straight.update()).metrics);
    learner.destroy();
    straight.destroy();
  });

  it.each([
    ['model.layers.1.mlp.gate_proj.weight', { kernel: 'linear_swiglu', tensor: 'gate up 1' }],
    ['model.layers.0.self_attn.v_proj.weight', { kernel: 'linear_rope', tensor: 'qkv 0' }],
  ])('are followed to the kernel that made them: %s is too large', async (name, place) => {
    const learner = make();
    const state = await learner.state();
    const { offset, size } = learner.table.byName.get(name)!;
    learner.restore({ ...state, params: state.params.slice().fill(3e38, offset, offset + size) });
    const error = await failureOf((await learner.update()).metrics);
    expect((await learner.locate(error)).place).toEqual(place);
    learner.destroy();
  });

  it.each([{}, { epochs: 2 }, { refinerWeights: 'separate' as const }, { kvCache: 'f32' as const }])(
    'are not found where there are none: %o',
    async (overrides) => {
      const learner = make(overrides);
      await (
        await learner.update()
      ).metrics;
      const error = await learner.locate(new NotFiniteError('Update 1', 'nothing'));
      expect(error.place).toBeNull();
      learner.destroy();
    },
  );

  it('end a warm start', async () => {
    const learner = smallLearner(gpu, { warmStartBatches: 4, warmStartBatchSize: 4 });
    const state = await learner.state();
    learner.startFrom(state.params.map((value, i) => (i === 7 ? Infinity : value)));
    const warm = learner.warmStart();
    await warm.step(0);
    expect((await failureOf(warm.loss())).message).toBe('The warm start gave numbers that are not finite (loss).');
    learner.destroy();
  });
});

describe('causesOf', () => {
  it('names what is larger than calm settings, the likeliest first', () => {
    expect(causesOf({ ...defaultConfig, ...WILD })).toMatch(
      /Learning rate \(0\.1, by default .*\), Largest gradient norm \(1000, .*KL weight.*Epochs.*AdamW beta 2 \(0,/,
    );
    expect(causesOf(defaultConfig)).toMatch(/lower the learning rate\.$/);
    expect(causesOf({ ...defaultConfig, maxGradNorm: 0 })).toMatch(/Largest gradient norm \(0,/);
  });
});
