import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configForPreset } from '../config/schema';
import { UserError } from '../lib/assert';
import { expectSchema } from '../testing/schemas/expect-schema';
import { jsonLines } from '../testing/schemas/read-headers';
import { fakeRun, fakeStudy } from '../testing/page/fake-runs';
import { baselineOf, groupRuns, mergeRecords } from './arms';
import { atTokens, commonTokens, EM_SYSTEM, estimate, interpolate, lastValue, pairedDifferences } from './compare';
import { writeReport } from './markdown';
import { plannedDeviation, powerOf, powerReport } from './power';
import { readRecord, recordKey, recordOf } from './record';
import { niceTicks } from './svg';

const STUDY = fakeStudy(
  [
    { preset: 'search-r1' },
    { preset: 'search-r2', effect: 0.06, gain: 0.05, tokens: 1500 },
    { preset: 'search-r2', overrides: { reviewWeight: 1 }, gain: 0.02, tokens: 1500 },
  ],
  5,
);

function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1);
  return list[0]!;
}

const cellsOf = (markdown: string): string[][] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((row) => row.split('|').map((cell) => cell.trim()));

describe('arms', () => {
  it('are named by preset and by what differs, and hold their seeds in order', () => {
    const runs = STUDY.map((run) => ({ ...run, config: { ...run.config, size: 'tiny' as const } }));
    const group = only(groupRuns(mergeRecords(runs.toReversed())));
    expect(group.arms.map(({ name }) => name)).toEqual(['search-r2', 'search-r2 reviewWeight=1', 'search-r1']);
    expect([...(group.arms[0]?.runs.keys() ?? [])]).toEqual(['1', '2', '3', '4', '5']);
    expect(group.shared).toEqual(['size=tiny', 'updates=40', 'base=warm', 'adapter=fake']);
    expect(baselineOf(group, undefined).name).toBe('search-r1');
    expect(() => baselineOf(group, 'serch-r1')).toThrow('There is no single arm "serch-r1" on microwiki, size=tiny.');
    expect(baselineOf(group, 'search-r2').name).toBe('search-r2');
  });

  it('of a preset that is a world stand beside the others in that world', () => {
    const hard = configForPreset('hard');
    const plain = fakeRun({ preset: 'search-r1' }, 1);
    const { rumourSpread, misfiled, sharedNames, maxHops } = hard;
    const world = { rumourSpread, misfiled, sharedNames, maxHops };
    const runs = [
      { ...plain, config: { ...hard, poolSize: plain.config.poolSize } },
      { ...plain, config: { ...plain.config, ...world } },
    ];
    const group = only(groupRuns(runs));
    expect(group.world).toBe('microwiki, rumourSpread=outnumber, misfiled=0.05, sharedNames=0.1, maxHops=4');
    expect(group.arms.map(({ name }) => name)).toEqual(['search-r1', 'hard']);
  });

  it('are compared with those that start from the same on the same adapter', () => {
    const run = fakeRun({ preset: 'search-r1' }, 1);
    const others = [
      { ...run, config: { ...run.config, size: 'tiny' as const } },
      { ...run, config: { ...run.config, noise: 0.6, learningRate: 1e-3 } },
      { ...run, config: { ...run.config, noise: 0.6 }, adapter: 'another' },
    ];
    expect(groupRuns([run, ...others]).map(({ world, arms }) => [world, arms.length])).toEqual([
      ['microwiki', 1],
      ['microwiki, noise=0.6, another', 1],
      ['microwiki, noise=0.6, fake', 1],
      ['microwiki, size=tiny', 1],
    ]);
    const { markdown, figures } = writeReport([run, ...others], [], { title: 'Start', wanted: undefined });
    expect(markdown).toContain('## microwiki, size=tiny\n');
    const files = figures.map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
    expect(files.every((file) => /^[\w.-]+$/.test(file))).toBe(true);
  });

  it('never mix worlds, bases or lengths of training', () => {
    const run = fakeRun({ preset: 'search-r1' }, 1);
    const others = [
      { ...run, world: 'atlas' },
      { ...run, base: 'shipped' },
      { ...run, updates: 80 },
    ];
    const groups = groupRuns([run, ...others]);
    expect(groups.map(({ world, arms }) => [world, arms.map(({ name }) => name)])).toEqual([
      ['atlas', ['search-r1']],
      [
        'microwiki',
        ['search-r1 updates=40 base=shipped', 'search-r1 updates=40 base=warm', 'search-r1 updates=80 base=warm'],
      ],
    ]);
  });

  it('a run that comes again replaces itself unless it is shorter', () => {
    const run = fakeRun({ preset: 'search-r1' }, 1);
    const longer = { ...run, updates: 80 };
    expect(recordKey(run)).toBe(recordKey(longer));
    expect(mergeRecords([run, longer])).toEqual([longer]);
    expect(mergeRecords([longer, run])).toEqual([longer]);
    // How it is measured does not make it another run.
    expect(recordKey({ ...run, config: { ...run.config, evalEvery: 5 } })).toBe(recordKey(run));
    expect(mergeRecords([run, fakeRun({ preset: 'search-r1' }, 2)])).toHaveLength(2);
  });
});

describe('comparison', () => {
  const group = only(groupRuns(STUDY));
  const baseline = baselineOf(group, undefined);
  const planted = group.arms.find(({ name }) => name === 'search-r2')!;

  it('finds a planted effect, paired, and none where none was planted', () => {
    const rows = pairedDifferences(group.arms, baseline, () => lastValue('emSampled'));
    const { difference, adjusted } = rows.find(({ arm }) => arm === planted)!;
    expect(difference.n).toBe(5);
    expect(difference.low).toBeGreaterThan(0);
    expect(difference.low).toBeLessThan(0.06);
    expect(difference.high).toBeGreaterThan(0.06);
    expect(adjusted).toBeLessThan(0.05);
    const other = only(rows.filter(({ arm }) => arm !== planted));
    expect(other.p).toBeGreaterThan(0.05);
    expect(other.difference.low).toBeLessThan(0);
    expect(other.difference.high).toBeGreaterThan(0);
    // The seeds differ far more than the arms: unpaired, the effect would drown.
    const [a, b] = [planted, baseline].map((arm) => estimate(arm, lastValue('emSampled'))!);
    expect(a!.low).toBeLessThan(b!.high);
  });

  it('counts the refiner in only where there is one', () => {
    const gain = estimate(planted, lastValue(EM_SYSTEM))!.mean - estimate(planted, lastValue('emSampled'))!.mean;
    expect(gain).toBeCloseTo(0.05, 4);
    expect(estimate(baseline, lastValue(EM_SYSTEM))).toEqual(estimate(baseline, lastValue('emSampled')));
  });

  it('compares at the tokens that both have sampled', () => {
    const arm = planted;
    expect(commonTokens([arm])).toBe(60_000);
    expect(commonTokens([arm, baseline])).toBe(40_000);
    // 40,000 tokens are update 26 2/3 of the arm, between its evaluations at 20 and 30.
    const run = arm.runs.get('1')!;
    const at = (update: number) => run.evaluations.find((line) => line['update'] === update)!['emSampled']!;
    expect(atTokens('emSampled', 40_000)(run)).toBeCloseTo(at(20) / 3 + (2 * at(30)) / 3, 12);
    expect(atTokens('emSampled', 60_001)(run)).toBeNull();
  });

  it('interpolates by hand', () => {
    const points = [
      [0, 1],
      [null, 5],
      [10, null],
      [20, 3],
    ] as const;
    expect(interpolate(points, 0)).toBe(1);
    expect(interpolate(points, 5)).toBe(1.5);
    expect(interpolate(points, 20)).toBe(3);
    expect(interpolate(points, 21)).toBeNull();
    expect(interpolate(points, -1)).toBeNull();
  });
});

describe('report', () => {
  it('holds every table, links every figure and names what it left out', () => {
    const leftOut = [{ name: 'runs/old', reason: 'unfinished' }];
    const { markdown, figures } = writeReport(STUDY, leftOut, { title: 'Study', wanted: undefined });
    for (const heading of ['# Study', '## microwiki', '### Last evaluation', '### Paired differences to `search-r1`']) {
      expect(markdown).toContain(`${heading}\n`);
    }
    for (const heading of ['### At equal sampled tokens', '### Learning curves', '### Refiner', '### Theory meters']) {
      expect(markdown).toContain(`${heading}\n`);
    }
    expect(markdown).toContain('- `runs/old`: unfinished');
    expect(new Set(figures.map(({ file }) => file)).size).toBe(figures.length);
    for (const { file, svg } of figures) {
      expect(markdown).toContain(`](${file})`);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).toContain('prefers-color-scheme: dark');
    }
    // Neither clock nor chance.
    expect(writeReport(STUDY, leftOut, { title: 'Study', wanted: undefined }).markdown).toBe(markdown);
  });

  it('compares at every temperature where that was measured', () => {
    const { markdown } = writeReport(STUDY, [], { title: 'Temperatures', wanted: undefined });
    const [, section = ''] = markdown.split('### At every temperature');
    const rows = section
      .split('###')[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    // Head, rule, and for each of the two arms the actor alone and with its refiner.
    expect(rows).toHaveLength(6);
    expect(rows[2]).toMatch(/\| search-r2 +\| +alone \|.*\| 0\.300 .*\| 0\.600 .*\| 0\.500 /);
    expect(rows[3]).toMatch(/with its refiner \|.*\| +– \| 0\.650 /);
  });

  it('tells the hops apart where they were counted', () => {
    const { markdown } = writeReport(STUDY, [], { title: 'Hops', wanted: undefined });
    const [, section = ''] = markdown.split('### By hops');
    const rows = section
      .split('###')[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows[0]).toMatch(/^\| arm +\| +emHop1Sampled +\| +emHop4Greedy +\|$/);
    expect(rows.slice(2).map((row) => row.split('|').slice(1, 3).join().replace(/ +/g, ' '))).toEqual([
      ' search-r1 , – ',
      ' search-r2 , 0.800 [0.800, 0.800] ',
      ' search-r2 reviewWeight=1 , 0.800 [0.800, 0.800] ',
    ]);
    expect(
      writeReport(
        STUDY.filter(({ config }) => config.preset === 'search-r1'),
        [],
        { title: '', wanted: undefined },
      ).markdown,
    ).not.toContain('By hops');
  });

  it('tells questions of both kinds apart where that was measured', () => {
    const { markdown } = writeReport(STUDY, [], { title: 'Kinds', wanted: undefined });
    const [, section = ''] = markdown.split('### Kinds of questions');
    const [last = '', ...over] = section.split('###')[0]!.split(/\n(?=\w+ by update:)/);
    const cells = cellsOf(last).map((row) => row.map((cell) => cell.replace(/ \[.*/, '')));
    const columns = ['a hop within a type', 'arm', 'emSampled', 'reviewAuc', 'it adds at T = 1'].map((head) =>
      cells[0]!.indexOf(head),
    );
    expect(cells.slice(2).map((row) => columns.map((at) => row[at]))).toEqual([
      ['yes', 'search-r2', '0.400', '–', '+0.050'],
      ['yes', 'search-r2 reviewWeight=1', '0.400', '–', '+0.020'],
      ['no', 'search-r2', '0.800', '0.900', '–'],
      ['no', 'search-r2 reviewWeight=1', '0.800', '0.900', '–'],
    ]);
    expect(over.map((part) => part.split(':')[0])).toEqual(['reviewAucAcrossTypes by update']);
    expect(cellsOf(over[0]!)[2]).toEqual(['', 'search-r2', ...Array<string>(5).fill('0.900 ± 0.000'), '']);
    const ends = STUDY.map((run) => ({ ...run, evaluations: run.evaluations.slice(-1) }));
    expect(writeReport(ends, [], { title: '', wanted: undefined }).markdown).not.toContain('AcrossTypes by update');
  });

  it('sets what refiners add beside that of the baseline, where it has one', () => {
    const gainsBeside = (wanted: string) => {
      const [, section = ''] = writeReport(STUDY, [], { title: 'Gains', wanted }).markdown.split('### Refiner');
      return cellsOf(section.split('In training')[0]!).map((row) => row.slice(1, -1));
    };
    expect(gainsBeside('search-r2')).toEqual([
      ['arm', 'seeds', 'gain', 'minus that of search-r2'],
      expect.anything(),
      ['search-r2', '5', '+0.050 [+0.050, +0.050]', '–'],
      ['search-r2 reviewWeight=1', '5', '+0.020 [+0.020, +0.020]', '−0.030 [−0.030, −0.030]'],
    ]);
    expect(gainsBeside('search-r1')[0]).toEqual(['arm', 'seeds', 'gain']);
  });

  it('tells of each run how large an error of the identity it could have seen', () => {
    const [first, second] = STUDY.filter(({ config }) => config.preset === 'search-r2');
    const measured = {
      update: 40,
      questions: 256,
      identityGap: 0.01,
      identityGapLow: -0.0096,
      identityGapHigh: 0.0296,
    };
    const theory = [{ ...measured, jBase: 0.7 }];
    const { markdown } = writeReport([{ ...first!, theory }, second!], [], { title: 'Identity', wanted: 'search-r2' });
    const [, section = ''] = markdown.split('**The identity, run by run**');
    // A standard error of 0.01: found in four of five where it is 1.96 + 0.84 of them. The other run has no interval.
    expect(section.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
    expect(section).toMatch(/\| search-r2 +\| +1 \| +40 \| +256 \| \+0\.010 \[−0\.010, \+0\.030\] \| +0\.028 \|/);
  });

  it('tells how well drafts are read where that was measured', () => {
    const { markdown, figures } = writeReport(STUDY, [], { title: 'Reading', wanted: undefined });
    const [, section = ''] = markdown.split('### How well drafts are read');
    const tables = section
      .split('###')[0]!
      .split('\n\n')
      .filter((part) => part.startsWith('|'))
      .map((part) => part.split('\n'));
    // Head, rule, the two arms of three that review: at the end, and three numbers over training.
    expect(tables.map((rows) => rows.length)).toEqual([4, 4, 4, 4]);
    const [last, auc, , gain] = tables;
    expect(last?.[2]).toMatch(/\| search-r2 .*\| 0\.700 .*\| +– \| 0\.990 .*\| +– \|/);
    expect(auc?.[0]).toMatch(/\| arm +\| +0 \|.* 40 \|$/);
    expect(auc?.[2]).toMatch(/\| search-r2 +\| 0\.700 .*0\.700 ± 0\.000 \|$/);
    expect(gain?.[2]).toMatch(/\| search-r2 +\| \+0\.050 ± 0\.000 .*\+0\.050 ± 0\.000 \|$/);
    const drawn = figures.filter(({ file }) => /-(auc|gain)-updates/.test(file)).map(({ svg }) => svg);
    expect(drawn).toHaveLength(2);
    expect(drawn[0]).toContain('by rules (search-r2)');
    for (const svg of drawn) expect(svg).toContain('search-r2 reviewWeight=1');
    const before = STUDY.filter(({ config }) => config.preset === 'search-r1');
    expect(writeReport(before, [], { title: 'Before', wanted: undefined }).markdown).not.toContain('drafts are read');
  });

  it('splits a figure that would have too many lines, each part with the baseline', () => {
    const arms = Array.from({ length: 9 }, (_, i) => ({
      preset: 'search-r2' as const,
      overrides: { reviewWeight: i / 5 },
    }));
    const { figures } = writeReport(fakeStudy(arms, 2), [], { title: 'Many', wanted: 'search-r2' });
    const curves = figures.filter(({ file }) => file.includes('em-updates'));
    expect(curves.map(({ file }) => file)).toEqual(['microwiki-em-updates-1.svg', 'microwiki-em-updates-2.svg']);
    for (const { svg } of curves) expect(svg).toMatch(/>search-r2</);
  });

  it('works with a single run, without intervals', () => {
    const { markdown } = writeReport([fakeRun({ preset: 'search-r1' }, 1)], [], { title: 'One', wanted: undefined });
    expect(markdown).not.toMatch(/NaN|Paired differences to/);
  });
});

describe('power', () => {
  it('corrects the deviation for the number of answers', () => {
    // 0.25 + 0.25 at p = 0.5: variance 0.5 / 100 of the answers alone.
    expect(plannedDeviation(Math.sqrt(0.005), [0.5, 0.5], 100, 400)).toBeCloseTo(Math.sqrt(0.5 / 400), 12);
    expect(plannedDeviation(0.1, [0.5, 0.5], 100, 100)).toBeCloseTo(0.1, 12);
    // Less than the answers explain: the seeds add nothing.
    expect(plannedDeviation(0.01, [0.5, 0.5], 100, 2000)).toBeCloseTo(Math.sqrt(0.5 / 2000), 12);
  });

  it('has a row for each arm and measure, and says where pilots do not suffice', () => {
    const plan = { seeds: 5, answers: 2000, effect: 0.05 };
    const text = powerReport(STUDY, plan, undefined);
    expect(text.match(/^\| search-r2 /gm)).toHaveLength(4);
    expect(powerReport(fakeStudy([{ preset: 'search-r1' }, { preset: 'search-r2' }], 1), plan, undefined)).toMatch(
      /\| emSampled +\| +1 \| +– /,
    );
    expect(powerOf(0.02, plan)).toMatch(/^\| 5 /m);
  });
});

describe('record', () => {
  const run = STUDY[0]!;
  const metrics = Array.from({ length: 4 }, (_, i) => ({
    update: i + 1,
    sampledTokens: 10 * (i + 1),
    emDraft: i,
    revisionRateRight: null,
  }));
  const summary = {
    program: '1.2.3',
    config: configForPreset('search-r1'),
    world: { id: 'microwiki', ceilings: { perfectReaderEm: 0.9 } },
    adapter: { description: 'a GPU' },
    base: '/home/me/bases/mine.safetensors',
    parameters: 5,
    updates: 4,
    weightsHash: 'abc',
  };
  const evaluations = [
    { update: 0, emSampled: 0.123456789, base: 'x' },
    { update: 4, emSampled: 0.5, questions: 2000, unknownKey: 3 },
  ];

  it('is a small part of a run folder, with the tokens sampled up to each evaluation', () => {
    const record = recordOf(
      {
        ...{
          summary,
          evaluations,
          metrics,
          theory: [
            {
              update: 4,
              questions: 9,
              meters: { jBase: 0.5, x: null },
              intervals: { jBase: { low: 0.25, high: 0.75 } },
            },
          ],
        },
        tries: [
          {
            ...{ update: 4, questions: 100, tries: 2 },
            lines: [
              { first: 'greedy', rule: 'one', tries: 1, em: 0.25, tokens: 12.5 },
              { first: 'greedy', rule: 'vote', tries: 2, em: 0.5, tokens: 25 },
              { first: 'sampled', rule: 'vote', tries: 2, em: 0.75, tokens: 26 },
            ],
          },
        ],
      },
      'run',
    );
    expect(record.evaluations).toEqual([
      { update: 0, questions: 256, sampledTokens: 0, emSampled: 0.12346 },
      { update: 4, questions: 2000, sampledTokens: 100, emSampled: 0.5 },
    ]);
    expect(
      record.curves.map((line) => [line['update'], line['sampledTokens'], line['emDraft'], line['revisionRateRight']]),
    ).toEqual([
      [1, 10, 0, null],
      [2, 30, 1, null],
      [3, 60, 2, null],
      [4, 100, 3, null],
    ]);
    expect(record.theory).toEqual([{ update: 4, questions: 9, jBase: 0.5, x: null, jBaseLow: 0.25, jBaseHigh: 0.75 }]);
    expect(record.tries).toEqual([
      { update: 4, questions: 100, tries: 1, 'greedy one': 0.25, 'greedy one tokens': 12.5 },
      {
        ...{ update: 4, questions: 100, tries: 2, 'greedy vote': 0.5, 'greedy vote tokens': 25 },
        ...{ 'sampled vote': 0.75, 'sampled vote tokens': 26 },
      },
    ]);
    const text = writeReport([record], [], { title: 'T', wanted: undefined }).markdown;
    expect(text).toContain('### Several tries');
    expect(text).toMatch(/\| majority vote +\| +sampled \| +2 \| +1 \| 0\.750 \| +26\.0 \|/);
    // No path of a machine.
    expect(record.base).toBe('mine.safetensors');
    expect(readRecord({ ...record }, 'line')).toEqual(record);
  });

  it('is as docs/schema says, in the study that is committed', () => {
    const study = new URL('../../docs/results/runs.jsonl', import.meta.url);
    expectSchema('run', jsonLines(readFileSync(study, 'utf8')));
  });

  it('averages over windows where there are many updates', () => {
    const many = Array.from({ length: 80 }, (_, i) => ({ update: i + 1, sampledTokens: 1, emDraft: i % 4 }));
    const { curves } = recordOf(
      { summary: { ...summary, updates: 80 }, evaluations, metrics: many, theory: [], tries: [] },
      'run',
    );
    expect(curves).toHaveLength(20);
    expect(curves.at(-1)).toMatchObject({ update: 80, sampledTokens: 80, emDraft: 1.5 });
  });

  it('refuses other versions with the reason', () => {
    const refused = (change: object) => () => readRecord({ ...run, ...change }, 'here');
    expect(refused({ format: 'cutpoint-run/9' })).toThrow(
      'here is of format "cutpoint-run/9"; this version reads cutpoint-run/1.',
    );
    expect(refused({ config: { ...run.config, newKey: 1 } })).toThrow(
      /settings of another version: There is no setting "newKey"/,
    );
    expect(refused({ evaluations: [] })).toThrow(UserError);
    expect(refused({ curves: undefined })).toThrow('here has no "curves".');
    expect(() => recordOf({ summary, evaluations, metrics: metrics.slice(1), theory: [], tries: [] }, 'run')).toThrow(
      '3 lines',
    );
  });
});

it('ticks are round and cover the range', () => {
  expect(niceTicks(0, 1, 5).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(0.21, 0.74, 6).ticks).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
  expect(niceTicks(-0.03, 0.11, 5).ticks).toEqual([-0.05, 0, 0.05, 0.1, 0.15]);
  expect(niceTicks(0, 0, 5).ticks.length).toBeGreaterThan(1);
});
