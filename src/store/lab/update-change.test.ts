import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { ANSWER_STEP, HAND_WORLD, handBatch } from '../../testing/page/hand-batch';
import { idleStudio } from '../../testing/page/open-studio';
import type { TrainedPart } from '../../trainer/protocol/protocol';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { createTrainerClient } from '../../trainer/client';
import { startRun, STEP } from '../run/actions';
import { currentView, shownRows } from '../view/current-view';
import { askChange, isMove, summariseChange } from './update-change';
import { createStudio } from '../studio-store';
import { engineBatch, storeBatch } from '../../recordings/stored-batch';
import { select } from '../view/view-actions';

function open(changes: Partial<RunConfig> = {}) {
  const trainer = new FakeTrainer();
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2', changes), 'shipped');
  STEP.perform(studio);
  const shown = shownRows(studio);
  const engine = shown === null ? null : engineBatch(shown);
  if (engine === null) throw new Error('nothing is on screen');
  const row = engine.batch.cuts.findIndex((cut, b) => cut > 1 && engine.batch.advantages[b] !== 0);
  select(studio, { row, side: 'final', step: 1 });
  const trajectory = currentView(studio)?.trajectory;
  if (!trajectory) throw new Error('no trajectory is on screen');
  return { studio, engine, trajectory };
}

describe('askChange', () => {
  it('covers the final trajectory whole, with its advantage, and counts what is clipped on its side', async () => {
    const { studio, engine, trajectory } = open();
    const change = await askChange(studio, engine, trajectory, 'final', false);
    if (change === null) throw new Error('no answer');
    expect(change.advantage).toBeCloseTo(trajectory.advantage ?? NaN, 6);
    const moves = change.tokens.filter(isMove);
    const summary = summariseChange(change);
    expect(summary.trained).toBe(moves.length);
    expect(summary.written).toBe(change.tokens.filter(({ written }) => written).length);
    const side = (ratio: number): boolean => (change.advantage > 0 ? ratio > 1.25 : ratio < 0.75);
    expect(summary.clipped).toBe(moves.filter(({ ratio }) => side(ratio)).length);
    expect(summary.clipped).toBeGreaterThan(0);
    expect(summary.rose).toBe(moves.filter(({ ratio }) => ratio > 1.0001).length);
    for (const { before, after, ratio } of moves) expect(after - before).toBeCloseTo(Math.log(ratio), 4);
  });

  it.each(['out', 'in'] as const)('says of what was cut away whether it was trained: %s', async (discardedTokens) => {
    const { studio, engine, trajectory } = open({ discardedTokens });
    const change = await askChange(studio, engine, trajectory, 'draft', false);
    const cutAway = change?.tokens.filter((token) => token.step >= trajectory.cut).filter(isMove) ?? [];
    const kept = change?.tokens.filter((token) => token.step < trajectory.cut).filter(isMove) ?? [];
    expect(cutAway.length).toBeGreaterThan(0);
    expect(cutAway.every(({ trained }) => trained === (discardedTokens === 'in'))).toBe(true);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ trained }) => trained)).toBe(true);
  });

  it('has no advantage and nothing clipped for a pinned question: nobody trains on its answers', async () => {
    const { studio, engine, trajectory } = open();
    const change = await askChange(studio, engine, trajectory, 'final', true);
    expect(change?.advantage).toBe(0);
    expect(change && summariseChange(change)).toMatchObject({ trained: 0, clipped: 0, rose: 0, fell: 0 });
  });
});

describe('what an update did, by hand', () => {
  const batch = handBatch(
    [
      { draft: { steps: [ANSWER_STEP] } },
      {
        draft: { steps: ['<think> Norland </think>', '<search> Norland </search>'] },
        final: { steps: ['<think> Norland </think>', '<information> Almanac </information> <eos>'] },
        cut: 2,
        advantage: -0.5,
      },
    ],
    { update: 3 },
  );
  const stored = storeBatch(batch, true);
  const trajectory = decodeTrajectory(batch, HAND_WORLD, 1, true);

  function asked(
    sideName: 'draft' | 'final',
    how: { trained?: TrainedPart; pinned?: boolean; discardedTokens?: 'in' } = {},
  ) {
    const { studio, trainer } = idleStudio({ silentLab: true });
    const { config } = studio.store.getState();
    studio.store.setState({ world: HAND_WORLD, config: { ...config, discardedTokens: how.discardedTokens ?? 'out' } });
    const answer = askChange(studio, stored, trajectory, sideName, how.pinned ?? false);
    const command = trainer.commands.at(-1);
    if (command?.type !== 'change') throw new Error('the engine is asked');
    const count = command.tokens.length;
    const change = {
      ...{ update: 3, trained: how.trained ?? 'both', passes: 2, clipLow: 0.2, clipHigh: 0.3 },
      before: Float32Array.from({ length: count }, (_, t) => -t),
      after: Float32Array.from({ length: count }, (_, t) => -t + (t === 9 ? 0 : t % 2 === 0 ? 0.5 : -0.25)),
      ratio: Float32Array.from({ length: count }, (_, t) => 1 + t / 8),
      clipped: Uint8Array.from({ length: count }, (_, t) => Number(t === 4 || t === 6)),
    };
    trainer.emit({ type: 'changed', runId: 0, id: command.id, change });
    return { answer, command };
  }

  it('is asked for with the tokens of one side, as they were written', async () => {
    const { answer, command } = asked('final');
    const from = batch.positions;
    expect(command).toMatchObject({ update: 3, advantage: -0.5 });
    expect(command.tokens).toEqual(batch.final.tokens.slice(from, from + 10));
    expect(command.logProbs).toEqual(batch.final.logProbs.slice(from, from + 10));
    const change = await answer;
    expect(change).toMatchObject({
      update: 3,
      trained: 'both',
      passes: 2,
      clipLow: 0.2,
      clipHigh: 0.3,
      advantage: -0.5,
    });
    expect(change?.tokens.map((token) => [token.text, isMove(token)])).toEqual([
      ['<think>', true],
      ['Norland', true],
      ['</think>', true],
      ['<information>', false],
      ['Almanac', false],
      ['</information>', false],
      ['<eos>', true],
    ]);
    expect(change?.tokens[1]).toMatchObject({
      position: 4,
      before: -4,
      after: -3.5,
      ratio: 1.5,
      trained: true,
      clipped: true,
    });
    expect(change && summariseChange(change)).toEqual({
      // At 3, 4, 5 and 9: 4 rose, 9 stayed.
      ...{ written: 4, trained: 4, clipped: 1, rose: 1, fell: 2, meanChange: 0 },
    });
  });

  it.each([
    ['what was cut away is in no trajectory', 'draft', {}, [true, true, true, false, false, false]],
    ['unless the run trains that too', 'draft', { discardedTokens: 'in' }, [true, true, true, true, true, true]],
    ['nobody trains on a pinned question', 'draft', { pinned: true }, [false, false, false, false, false, false]],
    [
      'nor when the refiner is trained alone',
      'draft',
      { trained: 'refiner' },
      [false, false, false, false, false, false],
    ],
    ['the actor alone is as good as both', 'final', { trained: 'actor' }, [true, true, true, true]],
  ] as const)('says what was trained: %s', async (_, side, how, trained) => {
    const change = await asked(side, how).answer;
    const moves = change?.tokens.filter(isMove) ?? [];
    expect(moves.map((move) => move.trained)).toEqual(trained);
    expect(moves.map(({ position, clipped }) => clipped && position)).toEqual(
      moves.map(({ position }, k) => trained[k] === true && (position === 4 || position === 6) && position),
    );
    const none = trained.every((one) => !one);
    expect(change?.advantage).toBe(none ? 0 : -0.5);
  });

  it('is nothing of no tokens, and nothing without a world', async () => {
    const change = await asked('final').answer;
    expect(change && summariseChange({ ...change, tokens: [] })).toEqual({
      ...{ written: 0, trained: 0, clipped: 0, rose: 0, fell: 0, meanChange: 0 },
    });
    expect(await askChange(idleStudio().studio, stored, trajectory, 'final', false)).toBeNull();
  });
});
