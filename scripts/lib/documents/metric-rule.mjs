/** The document that has a row for every metric, in a section for each file: "## metrics.jsonl: one line an update". */
export const METRICS = 'docs/metrics.md';

/**
 * Its rows against the keys that a run writes, both ways.
 *
 * @param {import('./read-document.mjs').Document} document
 * @param {import('./program.mjs').Program} program
 * @returns {{line: number, problem: string}[]}
 */
export function metricProblems({ rows }, { metrics }) {
  return Array.from(metrics).flatMap(([file, keys]) => {
    const own = rows.filter(({ headings }) => headings.some((heading) => heading?.startsWith(`${file}:`)));
    const named = new Set(own.flatMap(({ names }) => names));
    const wrong = own.flatMap(({ line, names }) =>
      names.filter((name) => !keys.has(name)).map((name) => ({ line, problem: `${file} has no key ${name}` })),
    );
    const missing = [...keys].filter((key) => !named.has(key));
    return [
      ...wrong,
      ...missing.map((key) => ({ line: own.at(-1)?.line ?? 1, problem: `${file} has a key ${key}, which has no row` })),
    ];
  });
}
