import { describe, expect, it } from 'vitest';
import { configForPreset, defaultConfig } from '../config/schema';
import { decodeLink, encodeLink } from './link';

describe('the link', () => {
  it('names the view where it is not Studio, and comes back as it went', () => {
    const config = configForPreset('search-r1', { groupSize: 4 });
    expect(encodeLink(config, 'studio')).not.toContain('view');
    for (const view of ['studio', 'cutLab', 'lessons'] as const) {
      expect(decodeLink(encodeLink(config, view))).toEqual({ config, view, notes: [] });
    }
  });

  it('takes a view alone, and says which view there is not', () => {
    expect(decodeLink('#view=cutLab')).toEqual({ config: defaultConfig, view: 'cutLab', notes: [] });
    expect(decodeLink('')).toEqual({ config: defaultConfig, view: 'studio', notes: [] });
    const wrong = decodeLink('#view=kitchen');
    expect(wrong.view).toBe('studio');
    expect(wrong.notes).toHaveLength(1);
    expect(wrong.notes[0]).toContain('kitchen');
  });
});
