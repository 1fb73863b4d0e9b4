import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ghostKey } from '../../../store/run/ghost';
import { CHARTS } from './chart-specs';
import { HeatStrip } from './heat-strip';

describe('HeatStrip', () => {
  const spec = CHARTS.find(({ kind }) => kind === 'strip');
  if (!spec) throw new Error('no chart is a strip');
  const [series] = spec.series;
  const metric = series?.metric ?? '';
  const cells = (html: string): number => html.match(/M[\d.]+ 0h/g)?.length ?? 0;

  it('lays the run behind under each row, to where that one got, and only where there is one', () => {
    const own = [
      { update: 1, [metric]: 0.5 },
      { update: 2, [metric]: 0.5 },
    ];
    const alone = renderToStaticMarkup(<HeatStrip spec={spec} points={own} width={600} />);
    expect(alone).not.toContain('strip-ghost');
    expect(cells(alone)).toBe(2);
    const behind = [
      ...own.map((point) => ({ ...point, [ghostKey(metric)]: 0.25 })),
      { update: 3, [metric]: null, [ghostKey(metric)]: 0.25 },
    ];
    const both = renderToStaticMarkup(<HeatStrip spec={spec} points={behind} width={600} />);
    expect(both.match(/class="strip-ghost"/g)).toHaveLength(spec.series.length);
    expect(cells(both)).toBe(5);
  });
});
