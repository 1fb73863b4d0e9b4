import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { startRun, STEP } from '../run/actions';
import { currentView, shownRows } from '../view/current-view';
import { askChange, isMove, summariseChange } from './update-change';
import { createStudio } from '../studio-store';
import { engineBatch } from '../../recordings/stored-batch';
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
    expect(change.advantage).toBeCloseTo(trajectory.advantage, 6);
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
