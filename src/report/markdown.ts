/** The report: one Markdown text with its figures. */
import { pooledDeviation, pooledHalfWidth } from '../lib/inference';
import { baselineOf, groupRuns, type Arm, type LeftOut, type WorldGroup } from './arms';
import { checkpointTable } from './checkpoint-table';
import {
  atTokens,
  commonTokens,
  during,
  EM_SYSTEM,
  estimate,
  lastValue,
  pairedDifferences,
  REFINER_GAIN,
  type Measure,
  type Paired,
} from './compare';
import { curveFigures, differenceFigure, readingFigures, revisionFigures, type Figure } from './figures';
import { number, pValue, signed, table, tokens, withInterval } from './format';
import { kindsSection, readingSection } from './reading-section';
import { HOP_KEYS, type RunRecord } from './record';
import { theorySection } from './theory-section';
import { triesSection } from './tries-section';

export interface Report {
  markdown: string;
  figures: readonly Figure[];
}

/** Columns of the last evaluation that some arm has; names as in evaluations.jsonl. */
const FINAL = [
  'emSampled',
  'emGreedy',
  'emSampledRefined',
  'emGreedyRefined',
  'emRealSampled',
  'emRealGreedy',
  'densitySampled',
  'coverageSampled',
  'emTrain',
  'emClosedBook',
];

const CONTRASTS: readonly [key: string, label: string][] = [
  ['emSampled', 'emSampled, actor alone'],
  ['emGreedy', 'emGreedy, actor alone'],
  [EM_SYSTEM, 'emSystem, with the refiner where there is one'],
];

const HOW_TO_READ = [
  'Brackets are 95 % intervals over seeds by Student’s t, which take seeds as drawn from a normal distribution; with three of them they are wide, and honest. Shaded bands go from the lowest to the highest seed.',
  'Paired differences are arm minus baseline of the same seed; p is two-sided by the paired t test, Holm is p adjusted for the arms of its table. Names of metrics are those of docs/metrics.md.',
];

/**
 * @param wanted name of the baseline arm, see baselineOf
 * @throws UserError where there is no such arm
 */
export function writeReport(
  records: readonly RunRecord[],
  leftOut: readonly LeftOut[],
  { title, wanted }: { title: string; wanted: string | undefined },
): Report {
  const figures: Figure[] = [];
  const parts = [`# ${title}`, HOW_TO_READ.join('\n\n')];
  for (const group of groupRuns(records)) parts.push(...worldParts(group, baselineOf(group, wanted), figures));
  if (leftOut.length > 0) {
    parts.push('## Left out', leftOut.map(({ name, reason }) => `- \`${name}\`: ${reason}`).join('\n'));
  }
  return { markdown: `${parts.join('\n\n')}\n`, figures };
}

function worldParts(group: WorldGroup, baseline: Arm, figures: Figure[]): string[] {
  const { world } = group;
  const slug = world.replace(/[^\w.]+/g, '-');
  const arms = [baseline, ...group.arms.filter((arm) => arm !== baseline)];
  const show = (found: readonly Figure[]): string[] => {
    figures.push(...found);
    return found.map(({ file, alt }) => `![${alt}](${file})`);
  };
  const differences = (label: string, rows: readonly Paired[], file: string) =>
    rows.length === 0
      ? []
      : [
          `**${label}**`,
          differenceTable(rows),
          ...show(differenceFigure(file, `${label}: arm minus ${baseline.name}`, rows)),
        ];
  return [
    `## ${world}`,
    introduction(group, baseline),
    '### Last evaluation',
    finalTable(arms),
    ...(arms.length > 1 ? [`### Paired differences to \`${baseline.name}\``] : []),
    ...CONTRASTS.flatMap(([key, label]) =>
      differences(
        label,
        pairedDifferences(arms, baseline, () => lastValue(key)),
        `${slug}-difference-${key}`,
      ),
    ),
    ...equalTokens(arms, baseline),
    '### Learning curves',
    ...show(curveFigures(slug, arms, baseline)),
    'emSampled (held-out worlds, actor alone) by update:',
    checkpointTable(arms, 'emSampled'),
    ...temperatureParts(arms),
    ...hopParts(arms),
    ...worldIntervals(arms),
    ...readingSection(arms, (reviewing) => show(readingFigures(slug, reviewing, baseline))),
    ...kindsSection(arms),
    ...refinerParts(arms, baseline, () => show(revisionFigures(slug, arms))),
    ...triesSection(arms),
    ...theorySection(arms),
  ];
}

function introduction({ arms, shared }: WorldGroup, baseline: Arm): string {
  const runs = arms.flatMap((arm) => [...arm.runs.values()]);
  const ceiling = estimateOf(runs.flatMap(({ ceilings }) => ceilings['perfectReaderEm'] ?? []));
  const questions = [...new Set(runs.map((run) => run.evaluations.at(-1)?.['questions'] ?? null))];
  const programs = [...new Set(runs.map(({ program }) => program))];
  return [
    `${runs.length} runs of ${arms.length} arms; baseline \`${baseline.name}\`.`,
    `Shared by all: ${shared.map((word) => `\`${word}\``).join(', ') || 'nothing beyond the presets'}.`,
    `Answers in the last evaluation: ${questions.map((count) => number(count, 0)).join(', ')}. Ceiling, EM of a perfect reader: ${number(ceiling)} on average. Program ${programs.join(', ')}.`,
  ].join(' ');
}

function estimateOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function finalTable(arms: readonly Arm[]): string {
  const shown = FINAL.filter((key) => arms.some((arm) => estimate(arm, lastValue(key)) !== undefined));
  const rows = arms.map((arm) => {
    const sampled = estimate(arm, lastValue('sampledTokens'));
    return [
      arm.name,
      String(arm.runs.size),
      sampled === undefined ? '–' : tokens(sampled.mean),
      ...shown.map((key) => withInterval(estimate(arm, lastValue(key)))),
    ];
  });
  return table(['arm', 'seeds', 'sampledTokens', ...shown], rows);
}

function differenceTable(
  rows: readonly Paired[],
  extra: { head: string; cell: (row: Paired) => string }[] = [],
): string {
  const pooled = pooledDeviation(rows.map(({ difference }) => difference));
  const lines = table(
    ['arm', 'seeds', 'difference', 'pooled', 'p', 'Holm', ...extra.map(({ head }) => head)],
    rows.map((row) => [
      row.arm.name,
      String(row.difference.n),
      withInterval(row.difference, signed),
      pooled === null ? '–' : `± ${number(pooledHalfWidth(pooled, row.difference.n))}`,
      pValue(row.p),
      pValue(row.adjusted),
      ...extra.map(({ cell }) => cell(row)),
    ]),
  );
  if (pooled === null) return lines;
  return `${lines}\n\nPooled over the arms of the table, a difference has a deviation of ${number(pooled.sd, 4)} (${pooled.degrees} degrees of freedom).`;
}

/** Each arm against the baseline at the most tokens that all seeds of both have sampled. */
function equalTokens(arms: readonly Arm[], baseline: Arm): string[] {
  const at = new Map(arms.map((arm) => [arm, commonTokens([arm, baseline])]));
  const parts = CONTRASTS.flatMap(([key, label]) => {
    const measure = (arm: Arm): Measure => {
      const common = at.get(arm) ?? null;
      return common === null ? () => null : atTokens(key, common);
    };
    const rows = pairedDifferences(arms, baseline, measure);
    if (rows.length === 0) return [];
    const value = (of: (row: Paired) => Arm) => (row: Paired) => withInterval(estimate(of(row), measure(row.arm)));
    return [
      `**${label}**`,
      differenceTable(rows, [
        { head: 'at tokens', cell: ({ arm }) => tokens(at.get(arm) ?? NaN) },
        { head: 'value', cell: value(({ arm }) => arm) },
        { head: 'baseline', cell: value(() => baseline) },
      ]),
    ];
  });
  if (parts.length === 0) return [];
  return [
    '### At equal sampled tokens',
    'Both at the most tokens that all their seeds have sampled (drafts, regenerated suffixes, reviews), on the straight line between two evaluations.',
    ...parts,
  ];
}

/** Nothing where no run counted them. */
function hopParts(arms: readonly Arm[]): string[] {
  const shown = HOP_KEYS.filter((key) => arms.some((arm) => estimate(arm, lastValue(key)) !== undefined));
  if (shown.length === 0) return [];
  const rows = arms.map((arm) => [arm.name, ...shown.map((key) => withInterval(estimate(arm, lastValue(key))))]);
  return ['### By hops', 'The actor alone, by the number of hops of the question:', table(['arm', ...shown], rows)];
}

/** Of the last evaluation, from greedy to 1. */
const AT_TEMPERATURES = ['emGreedy', 'emT25', 'emT50', 'emT75', 'emSampled'];

function temperatureParts(arms: readonly Arm[]): string[] {
  const measured = arms.filter((arm) => estimate(arm, lastValue('emT50')) !== undefined);
  if (measured.length === 0) return [];
  const rows = measured.flatMap((arm) =>
    ['', 'Refined'].flatMap((suffix) => {
      const keys = AT_TEMPERATURES.map((key) => `${key}${suffix}`);
      const values = keys.map((key) => estimate(arm, lastValue(key)));
      if (values.every((value) => value === undefined)) return [];
      const best = values.reduce((a, b) => ((b?.mean ?? -1) > (a?.mean ?? -1) ? b : a));
      const name = suffix === '' ? 'alone' : 'with its refiner';
      return [[arm.name, name, String(arm.runs.size), ...[...values, best].map((value) => withInterval(value))]];
    }),
  );
  return [
    '### At every temperature',
    'EM of the last evaluation; the best is that of the temperature that is best on average over seeds.',
    table(['arm', 'actor', 'seeds', '0', '0.25', '0.5', '0.75', '1', 'best'], rows),
  ];
}

const BY_WORLD = ['emSampled', 'emGreedy', 'emSampledRefined', 'emGreedyRefined'];

/** What one run knows of itself: seeds differ in their worlds too, so intervals over seeds hold this already. */
function worldIntervals(arms: readonly Arm[]): string[] {
  const keys = BY_WORLD.filter((key) => arms.some((arm) => estimate(arm, lastValue(`${key}Worlds`)) !== undefined));
  if (keys.length === 0) return [];
  const cell = (arm: Arm, key: string): string => {
    const [value, half] = [estimate(arm, lastValue(key)), estimate(arm, lastValue(`${key}Worlds`))];
    return value === undefined || half === undefined ? '–' : `${number(value.mean)} ± ${number(half.mean)}`;
  };
  const rows = arms.map((arm) => {
    const worlds = [...new Set([...arm.runs.values()].map(({ config }) => config.evalWorlds))];
    return [arm.name, worlds.join(', '), ...keys.map((key) => cell(arm, key))];
  });
  return [
    '### Over worlds',
    'EM of the last evaluation, and half of the 95 % interval that one run has over its held-out worlds; both are means over seeds.',
    table(['arm', 'worlds', ...keys], rows),
  ];
}

const REFINER = [
  'revisionRateWrong',
  'revisionRateRight',
  'savedRate',
  'harmedRate',
  'wastedRate',
  'missedRate',
  'reviewAccuracy',
];
const PHASES = [
  { label: 'first quarter', from: 0, to: 0.25 },
  { label: 'last quarter', from: 0.75, to: 1 },
] as const;

function refinerParts(arms: readonly Arm[], baseline: Arm, figures: () => string[]): string[] {
  const reviewing = arms.filter((arm) => (estimate(arm, during('revisionRate', 0, 1))?.mean ?? 0) > 0);
  const gains = arms.filter((arm) => estimate(arm, lastValue(REFINER_GAIN)) !== undefined);
  if (reviewing.length + gains.length === 0) return [];
  const ratio =
    (from: number, to: number): Measure =>
    (run) => {
      const [wrong, right] = [during('revisionRateWrong', from, to)(run), during('revisionRateRight', from, to)(run)];
      return wrong === null || right === null || right === 0 ? null : wrong / right;
    };
  const cutsRatio =
    (from: number, to: number): Measure =>
    (run) => {
      const [rates, right] = [ratio(from, to)(run), during('emDraft', from, to)(run)];
      return rates === null || right === null || right === 0 ? null : (rates * (1 - right)) / right;
    };
  const rows = reviewing.flatMap((arm) =>
    PHASES.map(({ label, from, to }) => [
      arm.name,
      label,
      ...REFINER.map((key) => number(estimate(arm, during(key, from, to))?.mean)),
      number(estimate(arm, ratio(from, to))?.mean, 2),
      number(estimate(arm, cutsRatio(from, to))?.mean, 2),
      withInterval(
        estimate(arm, (run) => gainDuring(run, from, to)),
        signed,
      ),
    ]),
  );
  const against = pairedDifferences(gains, baseline, () => lastValue(REFINER_GAIN));
  const minus = (arm: Arm) => against.find((one) => one.arm === arm)?.difference;
  return [
    '### Refiner',
    'What it adds in the last evaluation, emSampledRefined minus emSampled of the same drafts:',
    table(
      ['arm', 'seeds', 'gain', ...(against.length === 0 ? [] : [`minus that of ${baseline.name}`])],
      gains.map((arm) => [
        arm.name,
        String(arm.runs.size),
        withInterval(estimate(arm, lastValue(REFINER_GAIN)), signed),
        ...(against.length === 0 ? [] : [withInterval(minus(arm), signed)]),
      ]),
    ),
    'In training (sampled cuts; shares of all drafts, but for the two rates of revision, which are of the wrong and of the right ones; "wrong : right" is the ratio of these, "cuts" how many wrong drafts are cut for each right one; means over seeds):',
    table(['arm', 'updates', ...REFINER, 'wrong : right', 'cuts', 'emFinal − emDraft'], rows),
    ...figures(),
  ];
}

function gainDuring(run: RunRecord, from: number, to: number): number | null {
  const [after, before] = [during('emFinal', from, to)(run), during('emDraft', from, to)(run)];
  return after === null || before === null ? null : after - before;
}
