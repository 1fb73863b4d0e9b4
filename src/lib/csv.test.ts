import { expect, it } from 'vitest';
import { csvLine } from './csv';

it.each([
  [['a', 1, null, 0.5, -2], 'a,1,,0.5,-2'],
  [['a,b', 'say "x"', 'two\nlines', 'cr\r'], '"a,b","say ""x""","two\nlines","cr\r"'],
  [['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx"],
  [['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"'],
  [['a=1', ' =1', ''], 'a=1, =1,'],
  [['\n=1'], '"\'\n=1"'],
])('%j as a line', (cells, line) => expect(csvLine(cells)).toBe(line));
