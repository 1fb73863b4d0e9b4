import { describe, expect, it } from 'vitest';
import { readLine } from './read-line';
import { MOST_LABEL, MOST_LABELS, MOST_NOTE, remarkPlace, REMARKS, remarksOf, withRemarks } from './remarks';

const SAID = [
  { side: 'final', step: null, labels: ['good'], note: '' },
  { side: 'draft', step: 2, labels: [], note: 'a "note", \n</script>' },
] as const;

describe('remarks of a row', () => {
  it('come back from its line, the rest of which stays as it was', () => {
    const line = '{"question": "q",  "id": 12345678901234567890, "completion": "<answer>a</answer>", "x": NaN}';
    const said = withRemarks(line, SAID);
    expect(said.startsWith(line.slice(0, -1))).toBe(true);
    expect(readLine(said)).toEqual({ ...readLine(line), remarks: SAID });
    const [first] = SAID;
    expect(readLine(withRemarks(said, [first])).remarks).toEqual([first]);
    expect(withRemarks(said, [])).toBe(line);
    expect(withRemarks(line, [])).toBe(line);
  });

  it('take no words of the row for their own', () => {
    const line = JSON.stringify({ question: 'q', completion: `<answer>,"${REMARKS}":[]}</answer>` });
    expect(withRemarks(line, [])).toBe(line);
    expect(readLine(withRemarks(line, SAID)).remarks).toEqual(SAID);
    expect(withRemarks(withRemarks(line, SAID), [])).toBe(line);
    expect(JSON.parse(withRemarks('{ }', SAID))).toEqual({ [REMARKS]: SAID });
  });

  it('are taken from a file with what is understood of them', () => {
    const said = [
      { step: 1.5, labels: ['  a  b ', 'a b', '', 3, 'x'.repeat(99)], note: 'n'.repeat(9999) },
      { step: 2, side: 'draft', labels: Array.from({ length: 40 }, (_, k) => `l${k}`) },
      ...[{ labels: [], note: ' ' }, { labels: 'no' }, 'no', null, {}],
    ];
    const read = remarksOf({ [REMARKS]: said });
    expect(read).toHaveLength(2);
    expect(read[0]).toEqual({
      side: 'final',
      step: null,
      labels: ['a b', 'x'.repeat(MOST_LABEL)],
      note: 'n'.repeat(MOST_NOTE),
    });
    expect(read[1]).toMatchObject({ side: 'draft', step: 2, note: '' });
    expect(read[1]?.labels).toHaveLength(MOST_LABELS);
    expect(remarksOf({ [REMARKS]: 'no' })).toEqual([]);
  });

  it('say where they belong', () => {
    const [whole, step] = SAID;
    expect([remarkPlace(whole, true), remarkPlace(step, true), remarkPlace(step, false)]).toEqual([
      ...['trajectory', 'step 2 of the draft', 'step 2'],
    ]);
  });
});
