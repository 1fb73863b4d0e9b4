/** npm run report -- DIR...: compares finished runs in one Markdown file with its plots. See --help. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCount, readTokens } from '../config/flags';
import { quote } from '../config/validate';
import { UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { mergeRecords } from '../report/arms';
import { writeReport } from '../report/markdown';
import { powerOf, powerReport, type Plan } from '../report/power';
import { makeFolder, replaceFile, usable } from './files/disk';
import { runMain } from './main';
import { readRuns, writeSummaries } from './files/read-runs';

const VALUES = ['out', 'baseline', 'summaries', 'title', 'seeds', 'answers', 'effect', 'sd'] as const;
const SWITCHES = ['power', 'help'] as const;

const HELP = `Usage: npm run report -- [flags] DIR...

Compares finished runs. DIR is a run folder, a folder that holds run folders, or a summaries file (.jsonl). Arms are runs of
equal settings, seeds their repetitions.

  --out DIR             where report.md and its plots go (default: report, in the first DIR)
  --baseline NAME       arm that the others are compared with (default search-r1, else the first)
  --summaries FILE      also keeps one line a run in FILE.jsonl, beside those that are there, and reports on all of them
  --title TEXT          heading of the report
  --power               prints a power estimate from pilot runs instead, for:
    --seeds N             planned seeds (default 5)
    --answers N           planned answers a seed in the last evaluation (default 2000)
    --effect X            difference of EM to tell apart (default 0.05)
    --sd X                standard deviation of paired differences, in place of pilot runs
  --help                prints this

Exits with 2 where a DIR holds no run or is of another version; unfinished runs are left out by name.`;

await runMain(() => {
  const given = readTokens(process.argv.slice(2), { values: VALUES, switches: SWITCHES, unknown: unknownFlag });
  const paths = given.positionals;
  const summaries = given.last('summaries');
  const plan = (['seeds', 'answers', 'effect', 'sd'] as const).find((flag) => given.last(flag) !== undefined);
  if (given.has('help')) console.log(HELP);
  else if (given.has('power')) printPower(paths, given.last, summaries);
  else if (plan !== undefined) throw new UserError(`--${plan} belongs to --power.`, 'Add --power, or leave it out.');
  else report(paths, summaries, given.last);
  return Promise.resolve();
});

type Last = (flag: (typeof VALUES)[number]) => string | undefined;

function report(paths: readonly string[], summaries: string | undefined, last: Last): void {
  if (summaries !== undefined && !summaries.endsWith('.jsonl')) {
    throw new UserError(`--summaries ${quote(summaries)} must end in .jsonl.`);
  }
  const known = summaries !== undefined && existsSync(summaries) ? [summaries] : [];
  const { records, leftOut } = readRuns(requireSome([...known, ...paths]));
  for (const { name, reason } of leftOut) console.error(`left out: ${name}: ${reason}`);
  if (records.length === 0) throw new UserError('None of these runs is finished.', 'See above for each.');
  const merged = mergeRecords(records);
  const { markdown, figures } = writeReport(merged, leftOut, {
    title: last('title') ?? 'Comparison of runs',
    wanted: last('baseline'),
  });
  const first = paths[0] ?? summaries ?? '.';
  const out = last('out') ?? join(statSync(first).isDirectory() ? first : dirname(first), 'report');
  usable(() => {
    for (const folder of summaries === undefined ? [out] : [out, dirname(summaries)]) {
      makeFolder(folder);
    }
    if (summaries !== undefined) writeSummaries(summaries, merged);
    for (const { file, svg } of figures) replaceFile(join(out, file), svg);
    replaceFile(join(out, 'report.md'), markdown);
  });
  console.log(`${join(out, 'report.md')}: ${merged.length} runs, ${figures.length} plots`);
}

function printPower(paths: readonly string[], last: Last, summaries: string | undefined): void {
  const plan: Plan = {
    seeds: readCount('seeds', last('seeds') ?? '5', 2, 1000, 5),
    answers: readCount('answers', last('answers') ?? '2000', 1, 1_000_000, 2000),
    effect: readShare('effect', last('effect') ?? '0.05'),
  };
  const sd = last('sd');
  if (sd !== undefined) {
    if (paths.length > 0) throw new UserError('--sd stands in place of pilot runs.', 'Give one of them.');
    console.log(powerOf(readShare('sd', sd), plan));
    return;
  }
  const { records, leftOut } = readRuns(requireSome([...(summaries === undefined ? [] : [summaries]), ...paths]));
  for (const { name, reason } of leftOut) console.error(`left out: ${name}: ${reason}`);
  console.log(powerReport(mergeRecords(records), plan, last('baseline')));
}

function requireSome(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) throw new UserError('Which runs?', 'npm run report -- DIR..., see --help.');
  return paths;
}

function readShare(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new UserError(`--${flag} must be a number above 0, up to 1, not ${quote(text)}.`);
}

function unknownFlag(rawName: string): UserError {
  const near = nearest(rawName.replace(/^-+/, ''), [...VALUES, ...SWITCHES]);
  return new UserError(
    `There is no flag ${quote(rawName)}.`,
    near === undefined ? 'See --help.' : `Did you mean --${near}?`,
  );
}
