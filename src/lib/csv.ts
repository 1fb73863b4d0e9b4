/** CSV as RFC 4180 has it, for spreadsheets too: a text that one of them would compute is marked as text. */

/** = + - @, tab and line breaks begin a formula in some spreadsheet (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n]/;

/** A line without its end; null is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map(csvCell).join(',');
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  // A number is no formula, whatever its sign.
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
