import { describe, expect, it } from 'vitest';
import { MetricHistory } from '../../../recordings/metric-history';
import { expectSchema } from '../../../testing/schemas/expect-schema';
import { CHARTS } from './chart-specs';
import { csvOf } from './export-chart';

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
