import { describe, expect, it } from 'vitest';
import { phrasesIn, withPhrase } from './phrase-lines';

const FACTS = 'Anna\tborn in\tOslo\n# a comment\nBert\ta = b\tRome';

describe('phrases of relations in the text of facts', () => {
  it('are comments of a form of their own, of two for one relation the last', () => {
    const text = `#phrase: born in = was born in\r\n# phrase:  spouse  =  is married to \n${FACTS}\n# phrase: born in = b\n# phrase: c =\n# phrase d = e`;
    expect([...phrasesIn(text)]).toEqual([
      ['born in', 'b'],
      ['spouse', 'is married to'],
    ]);
    expect(phrasesIn(FACTS).size).toBe(0);
    expect(phrasesIn(`# phrase: x = ${'y'.repeat(300)}`).get('x')).toHaveLength(200);
  });

  it('are put in, replaced and taken away, and the rest of the text stays', () => {
    const one = withPhrase(FACTS, 'born in', 'was born in');
    expect(one).toBe(`# phrase: born in = was born in\n${FACTS}`);
    expect(withPhrase(one, 'born in', 'hails from')).toBe(`# phrase: born in = hails from\n${FACTS}`);
    expect(withPhrase(one, 'born', 'x')).toBe(`# phrase: born = x\n${one}`);
    expect(withPhrase(one, 'born in', ' ')).toBe(FACTS);
  });
});
