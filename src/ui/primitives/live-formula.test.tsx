import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { textsOf } from '../../testing/page/render-panel';
import { LiveFormula } from './live-formula';

const EM = { value: '1', says: 'EM is 1', step: 3 };
const SEARCHES = [
  { value: '1', says: 'Step 1 counts 1', step: 1 },
  { value: '0', says: 'Step 2 counts 0', step: 2 },
];
const draw = (part: Partial<React.ComponentProps<typeof LiveFormula>>): string =>
  renderToStaticMarkup(<LiveFormula combine="gated" symbol="u" em={EM} searches={SEARCHES} reward="1.50" {...part} />);

describe('a formula with live numbers', () => {
  it('has a button for each number, in reading order, that says where it comes from', () => {
    const html = draw({ onTerm: () => undefined, current: 2 });
    expect([...html.matchAll(/aria-label="([^"]*)"/g)].map(([, says]) => says)).toEqual([
      ...['R', 'EM', '1/M'],
      'EM is 1',
      'Step 1 counts 1',
      'Step 2 counts 0',
    ]);
    expect(html).toMatch(/factor-current[^>]*aria-label="Step 2/);
    expect(html.match(/factor-current/g)).toHaveLength(1);
  });

  it('has no buttons but those that explain a sign where numbers lead nowhere', () => {
    expect([...draw({}).matchAll(/<button/g)]).toHaveLength(3);
  });

  it('is written in MathML, in the form that the reward has', () => {
    expect(textsOf(draw({}), 'p')).toEqual(['R = EM × ( 1 + 1 M ∑ u i )', '= 1 × ( 1 + 1 2 ( 1 + 0 ) )', '= 1.50']);
    const [sum, numbers] = textsOf(draw({ combine: 'sum', symbol: 'd', searches: [] }), 'p');
    expect([sum, numbers]).toEqual(['R = EM + 1 M ∑ d i', '= 1 + 0']);
    expect(draw({})).toContain('<mfrac><mn>1</mn><mn>2</mn></mfrac>');
  });

  it('has a number that comes from no step, and so cannot be pressed', () => {
    const html = draw({ onTerm: () => undefined, em: { ...EM, step: undefined } });
    expect(html).toMatch(/aria-label="EM is 1" disabled=""/);
  });
});
