import { describe, expect, it } from 'vitest';
import { logAxis, place, tickLabel } from './axes';
import { growthPlot } from './plot';
import type { GrowthRow, Report, WorldRow } from './results';
import { short, table } from './table';

describe('logAxis', () => {
  it('ends at rungs of 1, 2, 5 around the values', () => {
    expect(logAxis([130, 900])).toEqual({ min: 100, max: 1000, ticks: [100, 200, 500, 1000] });
    expect(logAxis([0.03, 0.04]).ticks).toEqual([0.02, 0.05]);
    expect(logAxis([100, 1000]).ticks).toEqual([100, 200, 500, 1000]);
  });

  it('keeps to powers of ten over wide ranges', () => {
    expect(logAxis([2, 30_000]).ticks).toEqual([10, 100, 1000, 10_000]);
  });

  it('has room for one value, and for none', () => {
    expect(logAxis([200])).toMatchObject({ min: 200, max: 500 });
    expect(logAxis([])).toMatchObject({ min: 1, max: 10 });
    expect(logAxis([0, -3, NaN, Infinity, 20, 50])).toMatchObject({ min: 20, max: 50 });
  });
});

it('place is even in factors', () => {
  expect(place({ min: 10, max: 1000 }, 100, 0, 50)).toBeCloseTo(25);
  expect(place({ min: 10, max: 1000 }, 10, 80, 20)).toBe(80);
});

it('labels are short', () => {
  expect([20, 1500, 20_000, 2e6, 0.02].map(tickLabel)).toEqual(['20', '1.5k', '20k', '2M', '0.02']);
  expect([null, NaN, 0, 0.0001234, 0.1234, 12.34, 1234.5].map(short)).toEqual([
    '-',
    '-',
    '0',
    '1.2e-4',
    '0.123',
    '12.3',
    '1,235',
  ]);
});

it('tables align their columns', () => {
  expect(
    table(
      ['name', 'ms'],
      [
        ['a', '10'],
        ['longer', '5'],
      ],
    ),
  ).toBe('name    ms\na       10\nlonger   5');
});

function row(change: Partial<GrowthRow>): GrowthRow {
  const ms = { median: 100, min: 90, max: 120 };
  const result = { ms, cpuMs: ms, rate: 5000, norm: 8000 };
  return {
    work: 'train',
    along: 'B',
    batch: 64,
    length: 128,
    width: 64,
    tokens: 8192,
    result,
    refused: null,
    ...change,
  };
}

function world(facts: number, retrieval: number | null): WorldRow {
  const spread = (median: number) => ({ median, min: median, max: median });
  const size = { facts, names: facts / 10, passages: 3 * facts, indexBytes: 5000 * facts };
  const before = { openMs: facts / 5, worldMs: spread(facts / 50), putMs: spread(facts / 500), batchMs: 80 };
  const rollout = { searches: 150, em: 0.3, rolloutMs: spread(100) };
  return {
    ...size,
    ...before,
    ...rollout,
    retrievalMs: spread(1),
    askedMs: retrieval === null ? null : spread(retrieval),
  };
}

function report(growth: GrowthRow[], worlds: WorldRow[] = []): Report {
  return {
    format: 'cutpoint-bench/1',
    date: '2026-01-01T00:00:00.000Z',
    runtime: 'Node 20',
    dawn: null,
    cores: 2,
    adapter: { vendor: '', architecture: 'test', device: '', description: 'an <adapter> & co', software: true },
    versions: {},
    missing: [],
    draw: 1,
    quick: false,
    ratio: 'norm',
    works: [],
    grpo: null,
    refiners: null,
    growth,
    worlds,
    roofline: null,
  };
}

describe('growthPlot', () => {
  const svg = growthPlot(
    report([
      row({ batch: 32 }),
      row({ batch: 64 }),
      row({ batch: 1024, result: null, refused: 'needs 512 MiB & more' }),
      row({ work: 'decode', batch: 32 }),
      row({ along: 'all', batch: 1024, result: null, refused: 'far corner' }),
    ]),
  );

  it('draws a line through what was measured, and a cross with its reason where it was refused', () => {
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(1 + 2 * 2);
    expect(svg).toContain('<title>train: needs 512 MiB &amp; more</title>');
    expect(svg).not.toContain('far corner');
  });

  it('is well formed: text escaped, elements closed, numbers finite', () => {
    expect(svg).toContain('an &lt;adapter&gt; &amp; co');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const tag of ['svg', 'text', 'g', 'title', 'style']) {
      expect(svg.split(`<${tag}>`).length + svg.split(`<${tag} `).length - 2).toBe(svg.split(`</${tag}>`).length - 1);
    }
  });

  it('follows the colour scheme of the page', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('has a panel for each cost of a world, below those of the model or alone', () => {
    const alone = growthPlot(report([], [world(500, 0.4), world(20_000, 0.5)]));
    expect(alone.match(/<polyline/g)).toHaveLength(6);
    const both = growthPlot(report([row({ batch: 32 }), row({ batch: 64 })], [world(500, null), world(20_000, null)]));
    expect(both.match(/<polyline/g)).toHaveLength(2 + 5);
    const tall = (text: string) => Number(/ height="([\d.]+)"/.exec(text)?.[1]);
    expect(tall(both)).toBeGreaterThan(tall(alone));
    expect(alone + both).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('stands without any row', () => {
    expect(growthPlot(report([]))).toContain('</svg>');
  });
});
