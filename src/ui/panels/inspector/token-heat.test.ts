import { describe, expect, it } from 'vitest';
import { HEAT_MODES, heatOf, isHeatMode } from './token-heat';

const token = { position: 1, step: 1, text: 'x', written: true, logProb: Math.log(0.25), entropy: 1 };

describe('heatOf', () => {
  it('is darker the less likely, the less decided, the more changed and the farther from the base', () => {
    const current = Float32Array.of(0, token.logProb - 0.25);
    const reference = Float32Array.of(0, token.logProb + 3);
    const inspection = { id: 1, update: 1, current, reference };
    const heats = HEAT_MODES.map(({ id }) => heatOf(token, id, inspection));
    expect(heats.map((heat) => Number(heat.toFixed(6)))).toEqual([0.75, 0.5, 0.5, 1]);
    for (const { id } of HEAT_MODES) expect(heatOf({ ...token, written: false }, id, inspection)).toBe(0);
  });

  it('has no heat for what is not known yet', () => {
    expect(heatOf(token, 'ratio', null)).toBe(0);
    expect(heatOf(token, 'reference', null)).toBe(0);
  });

  it('knows its modes', () => {
    expect(HEAT_MODES.every(({ id }) => isHeatMode(id))).toBe(true);
    expect(isHeatMode('colour')).toBe(false);
  });
});
