import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configForPreset, isSettingKey } from '../config/schema';
import type { PresetId, RunConfig } from '../config/schema';
import { diagnose, FAILURE_IDS, WINDOW } from './diagnosis';
import type { Failure, FailureId } from './diagnosis';
import { checkedObject } from './capsule/checked-json';
import type { CheckedJson } from './capsule/checked-json';
import type { MetricRow } from './metric-history';

type History = Pick<MetricRow, 'update' | 'metrics'>[];
interface Run {
  name: string;
  config: RunConfig;
  history: History;
}

const fail = (what: string): Error => new Error(`A fixture cannot be used: ${what}.`);
const load = (name: string): CheckedJson =>
  checkedObject(JSON.parse(readFileSync(`src/recordings/fixtures/${name}.json`, 'utf8')), fail);

const PRESETS = [
  ...['search-r1', 'process-only', 'search-r2', 'separate-refiner'],
  ...['never-revise', 'always-revise', 'resample'],
] as const satisfies readonly PresetId[];

/** A fixture has its numbers by metric; one value alone is that of every update. */
function runOf(json: CheckedJson): Run {
  const set = Object.entries(json.json('set')).filter(([key]) => isSettingKey(key));
  const config = configForPreset(json.choice('preset', PRESETS), Object.fromEntries(set));
  const updates = json.count('updates');
  const metrics = json.object('metrics');
  const names = Object.keys(json.json('metrics'));
  const history = Array.from({ length: updates }, (_, at) => ({
    update: at + 1,
    metrics: Object.fromEntries(
      names.map((name) => {
        const values: unknown = metrics.raw(name);
        const value: unknown = Array.isArray(values) ? values[values.length === 1 ? 0 : at] : undefined;
        return [name, typeof value === 'number' ? value : null];
      }),
    ),
  }));
  return { name: json.text('command'), config, history };
}

/** The metrics of a line of the study's curves. */
function numbersOf(line: CheckedJson): MetricRow['metrics'] {
  const known = [
    'emFinal',
    'rewardMean',
    'zeroVarianceGroups',
    'klK3',
    'entropy',
    'revisionRate',
    'revisionRateRight',
    'harmedRate',
    'missedRate',
  ];
  return Object.fromEntries(known.map((key) => [key, line.has(key) ? line.number(key) : null]));
}

/** Every failure that is found at some time of the run. */
function everFound({ history, config }: Run): Set<FailureId> {
  return new Set(history.flatMap((_, at) => diagnose(history.slice(0, at + 1), config).map(({ id }) => id)));
}

const failing = load('failing').objects('runs');
const healthy = load('healthy').objects('runs').map(runOf);

describe('a run that really failed', () => {
  it.each(failing.map((json) => [json.choice('failure', FAILURE_IDS), runOf(json)] as const))(
    'of %s is found, with the numbers that show it',
    (failure, run) => {
      const found = diagnose(run.history, run.config);
      expect(found.map(({ id }) => id)).toContain(failure);
      const numbers = found.flatMap(({ evidence }) => Object.values(evidence));
      expect(numbers.every(Number.isFinite), JSON.stringify(found)).toBe(true);
    },
  );

  it('is there for every failure', () => {
    const provoked = new Set(failing.map((json) => json.choice('failure', FAILURE_IDS)));
    expect(FAILURE_IDS.filter((id) => !provoked.has(id))).toEqual([]);
  });
});

describe('healthy runs', () => {
  it('of four presets and five seeds are accused at most once in all their updates', () => {
    expect(healthy).toHaveLength(20);
    expect(new Set(healthy.map(({ config }) => `${config.preset} ${config.runSeed}`)).size).toBe(20);
    expect(healthy.filter((run) => everFound(run).size > 0).length).toBeLessThanOrEqual(1);
  });

  it('of the study are accused in at most one of twenty', () => {
    // Its curves are means over four updates each, of some of the metrics; arms that cut by a rule or know the facts are left out.
    const learnt = ['search-r1', 'process-only', 'search-r2', 'separate-refiner'] as const;
    const runs = readFileSync('docs/results/runs.jsonl', 'utf8')
      .trim()
      .split('\n')
      .map((line) => checkedObject(JSON.parse(line), fail))
      .filter((json) => learnt.some((preset) => preset === json.json('config')['preset']))
      .map((json): Run => {
        const prompts = json.object('config').count('prompts');
        const config = configForPreset(json.object('config').choice('preset', learnt), { prompts });
        const history = json
          .objects('curves')
          .map((line) => ({ update: line.count('update'), metrics: numbersOf(line) }));
        return { name: json.text('weightsHash'), config, history };
      });
    expect(runs.length).toBeGreaterThanOrEqual(20);
    expect(runs.filter((run) => everFound(run).size > 0).length / runs.length).toBeLessThanOrEqual(1 / 20);
  });
});

describe('a finding', () => {
  const history = (metrics: MetricRow['metrics'], updates = WINDOW): History =>
    Array.from({ length: updates }, (_, at) => ({ update: at + 1, metrics }));
  const found = (metrics: MetricRow['metrics'], set: Partial<RunConfig> = {}): Failure[] =>
    diagnose(history(metrics), configForPreset('search-r2', set));
  const ids = (metrics: MetricRow['metrics'], set: Partial<RunConfig> = {}) => found(metrics, set).map(({ id }) => id);

  it('needs a whole window, and nothing is said of a run without the metric', () => {
    expect(diagnose(history({ klK3: 9 }, WINDOW - 1), configForPreset('search-r2'))).toEqual([]);
    expect(ids({ klK3: 9 })).toEqual(['klRunaway']);
    expect(ids({})).toEqual([]);
    expect(ids({ klK3: null, gradNorm: null, entropy: null })).toEqual([]);
  });

  it('looks at the newest updates alone: what is over is over', () => {
    const mended = [...history({ klK3: 9 }), ...history({ klK3: 0.1 })];
    expect(diagnose(mended, configForPreset('search-r2'))).toEqual([]);
  });

  it('is none where equal groups or a low entropy are what success looks like', () => {
    expect(ids({ zeroVarianceGroups: 22, emFinal: 0.3 })).toEqual(['deadGroups']);
    expect(ids({ zeroVarianceGroups: 22, emFinal: 0.9 })).toEqual([]);
    expect(ids({ entropy: 0.01, emFinal: 0.3 })).toEqual(['entropyCollapse']);
    expect(ids({ entropy: 0.01, emFinal: 0.9 })).toEqual([]);
  });

  it('is one where searches bring what was there', () => {
    expect(ids({ repeatedSearchRate: 0.4, searches: 3 })).toEqual(['repeatedSearch']);
    expect(ids({ repeatedSearchRate: 0.1, searches: 3 })).toEqual([]);
  });

  it('is none about a refiner that is not there', () => {
    const accepts = { revisionRate: 0, missedRate: 0.6 };
    expect(ids(accepts)).toEqual(['acceptAll']);
    expect(ids(accepts, { refiner: 'none' })).toEqual([]);
    expect(ids({ ...accepts, missedRate: 0.05 })).toEqual([]);
  });

  it('names the setting that did it, where a setting did', () => {
    const places = { cutShare1: 1, cutShare2: 0, cutShare3: 0, cutShare4: 0, cutShare5: 0 };
    const cuts = { revisionRate: 1, revisionRateRight: 1, harmedRate: 0.2, searches: 2, ...places };
    expect(found(cuts).map(({ id, knob }) => [id, knob])).toEqual([
      ['rejectAll', 'reviewWeight'],
      ['sameCut', 'reviewSamples'],
    ]);
    expect(found(cuts, { reviewGate: 'always', reviewCut: 'first' }).map(({ knob }) => knob)).toEqual([
      'reviewGate',
      'reviewCut',
    ]);
    expect(found({ klK3: 1 }, { entropyBonus: 0.1 })[0]?.knob).toBe('entropyBonus');
  });

  it('of evidence that is paid for waits until exact match no longer rises', () => {
    const rising = [...history({ rewardMean: 1.2, emFinal: 0.2 }), ...history({ rewardMean: 1.3, emFinal: 0.3 })];
    const config = configForPreset('search-r2', { combine: 'sum' });
    expect(diagnose(rising, config)).toEqual([]);
    const level = [...rising, ...history({ rewardMean: 1.3, emFinal: 0.3 })];
    expect(diagnose(level, config).map(({ id, evidence }) => [id, evidence['em']])).toEqual([
      ['stuffing', expect.closeTo(0.3, 12)],
    ]);
  });
});
