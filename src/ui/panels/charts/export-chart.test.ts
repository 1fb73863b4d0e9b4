import { describe, expect, it } from 'vitest';
import { MetricHistory } from '../../../recordings/metric-history';
import { expectSchema } from '../../../testing/schemas/expect-schema';
import { CHARTS } from './chart-specs';
import { csvOf, framed } from './export-chart';

describe('csvOf', () => {
  it('writes every kept update with every digit, and nothing for what is undefined', () => {
    const history = new MetricHistory();
    for (let update = 1; update <= 500; update += 1) {
      const metrics = { emFinal: update / 3, emDraft: update === 2 ? null : 0.1 + 0.2 };
      history.push({ update, updateMs: 1, metrics });
    }
    const spec = CHARTS.find(({ id }) => id === 'em');
    if (!spec) throw new Error('no chart of exact match');
    const lines = csvOf(spec, history).split('\r\n');
    expect(lines[0]).toBe('update,emFinal,emDraft');
    expect(lines[1]).toBe(`1,${1 / 3},${0.1 + 0.2}`);
    expect(lines[2]).toBe(`2,${2 / 3},`);
    expect(lines).toHaveLength(502);
    const [heads = [], ...rows] = lines.slice(0, -1).map((line) => line.split(','));
    const numbers = rows.map((row) => row.map((text) => (text === '' ? null : Number(text))));
    expectSchema(
      'chart-table',
      numbers.map((row) => Object.fromEntries(heads.map((head, i) => [head, row[i]]))),
    );
  });
});

describe('framed', () => {
  const page = { color: 'black', backgroundColor: 'white', fontFamily: '"Inter", sans-serif' };
  const size = { width: 300, height: 156 };

  it('puts title, unit and legend above the drawing, dashed lines named as such', () => {
    const series = [
      { metric: 'a', label: 'final', colour: 'red' },
      { metric: 'b', label: 'draft', colour: 'grey', dash: '4 3' },
    ];
    const font = 'font-family="&quot;Inter&quot;, sans-serif"';
    expect(framed({ title: 'R & D', unit: 'share < 1', series }, '<path d="M0 0"/>', size, page)).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200">' +
        '<rect width="100%" height="100%" fill="white"/>' +
        `<text x="8" y="18" fill="black" ${font} font-size="14" font-weight="600">R &amp; D</text>` +
        `<text x="8" y="36" fill="black" ${font} font-size="12" font-weight="400">` +
        'share &lt; 1, over the update: final, draft (dashed)</text>' +
        '<g transform="translate(0 44)"><path d="M0 0"/></g></svg>',
    );
  });

  it('says nothing of dashes where there is one line', () => {
    const series = [{ metric: 'a', label: 'mean', colour: 'red', dash: '4 3' }];
    expect(framed({ title: 'Reward', unit: 'mean R', series }, '', size, page)).toContain(
      '>mean R, over the update: mean</text>',
    );
  });
});
