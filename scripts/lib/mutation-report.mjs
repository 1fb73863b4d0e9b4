/** A report of the mutation tester as text. Timeouts are detected; ignored mutants (static ones, named equivalents) do not count. */

const SHOWN = 100;

/** @returns {string} one line for each mutant that no test notices: place, mutator, what it changes */
export function undetectedLines(report, files) {
  return files.flatMap((file) => {
    const { source = '', mutants = [] } = report.files[file] ?? {};
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .toSorted((a, b) => a.location.start.line - b.location.start.line)
      .map(({ location, mutatorName, replacement, status }) => {
        const { line, column } = location.start;
        const place = `${file}:${line}:${column}`;
        const never = status === 'NoCoverage' ? ' (never run)' : '';
        return `${place} ${mutatorName}${never}: ${short(textAt(lines, location))} -> ${short(replacement)}`;
      });
  });
}

/** @returns {string[]} a Markdown table: a row for each file, the most undetected first, and their sum */
export function scoreTable(report, files) {
  const rows = files.map((file) => ({ file, ...countsOf(report.files[file]?.mutants ?? []) }));
  rows.sort((a, b) => undetected(b) - undetected(a));
  const sum = { file: 'all', ...countsOf(files.flatMap((file) => report.files[file]?.mutants ?? [])) };
  return [
    '| file | mutants | killed | timeout | survived | never run | ignored | score |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[...rows, sum].map((row) => `| ${cells(row).join(' | ')} |`),
  ];
}

function cells(row) {
  const { file, killed, timeout, survived, noCoverage, ignored } = row;
  const detected = killed + timeout;
  const all = detected + undetected(row);
  const score = all === 0 ? '' : `${((100 * detected) / all).toFixed(1)} %`;
  return [file, all, killed, timeout, survived, noCoverage, ignored, score];
}

const undetected = ({ survived, noCoverage }) => survived + noCoverage;

function countsOf(mutants) {
  const count = (wanted) => mutants.filter(({ status }) => status === wanted).length;
  return {
    killed: count('Killed'),
    timeout: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    ignored: count('Ignored'),
  };
}

/** Lines and columns count from 1; the end is behind the last character. */
function textAt(lines, { start, end }) {
  const part = lines.slice(start.line - 1, end.line);
  part[part.length - 1] = part.at(-1)?.slice(0, end.column - 1) ?? '';
  part[0] = part[0]?.slice(start.column - 1) ?? '';
  return part.join('\n');
}

function short(text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
