import { expect, it } from 'vitest';
import performance from '../../docs/performance.md?raw';
import { PUBLISHED } from './published';

it('quotes what docs/performance.md publishes', () => {
  const section = /\n## The doctor's small run\n([^]*?)\n## /.exec(performance)?.[1] ?? '';
  const rows = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const published = rows.filter(([, , rollout = '']) => /^(\d|not measured)/.test(rollout));
  expect(published.map(([, ...cells]) => cells.slice(0, 3))).toEqual(
    PUBLISHED.map(({ where, rolloutMs, updateMs }) => [where, String(rolloutMs ?? 'not measured'), String(updateMs)]),
  );
});
