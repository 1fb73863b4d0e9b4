import { describe, expect, it } from 'vitest';
import { HEAT_MODES, heatStyle, isHeatMode } from './token-heat';

const token = { position: 1, step: 1, text: 'x', written: true, logProb: Math.log(0.25), entropy: 1 };

describe('heatStyle', () => {
  it('is darker the less likely, the less decided, the more changed and the farther from the base', () => {
    const current = Float32Array.of(0, token.logProb - 0.25);
    const reference = Float32Array.of(0, token.logProb + 3);
    expect(heatStyle(token, { id: 1, update: 1, current, reference })).toEqual({
      '--heat-logProb': 0.75,
      '--heat-entropy': 0.5,
      '--heat-ratio': 0.5,
      '--heat-reference': 1,
    });
  });

  it('has no heat for what is not known yet', () => {
    expect(heatStyle(token, null)).toMatchObject({ '--heat-ratio': 0, '--heat-reference': 0 });
  });

  it('has a property for each mode', () => {
    for (const { id } of HEAT_MODES) {
      expect(isHeatMode(id)).toBe(true);
      expect(heatStyle(token, null)).toHaveProperty(`--heat-${id}`);
    }
    expect(isHeatMode('colour')).toBe(false);
  });
});
