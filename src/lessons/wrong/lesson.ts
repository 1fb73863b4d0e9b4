import { settingOf } from '../../config/schema';
import type { SettingKey } from '../../config/schema';
import { diagnose, WINDOW } from '../../recordings/diagnosis';
import type { Failure } from '../../recordings/diagnosis';
import { mean } from '../../lib/stats';
import { toldOf } from '../failures';
import type { Answer, Lesson, LessonStep, Option, Told } from '../lesson';
import { say } from '../words';
import { readWrong } from './data';
import type { Row, WrongData } from './data';
import { BROKEN_RUNS, configOf, updatesOf } from './runs';
import type { BrokenRun } from './runs';

/** What a run may have, in the order in which it is offered: one of them none of the three has. */
const OFFERED = ['deadGroups', 'rejectAll', 'klRunaway', 'stuffing'] as const;
/** What may be turned. */
const KNOBS = ['learningRate', 'combine', 'groupSize', 'entropyBonus'] as const satisfies readonly SettingKey[];

const cast = (answer: Answer | undefined): number | null => (answer?.kind === 'choice' ? answer.choice : null);
const knobName = (key: SettingKey): string => settingOf(key).label;

/** What the doctor finds before the cure: the failure that the run is there for, first of all. */
export function foundIn(data: WrongData, at: number): Failure[] {
  const run = BROKEN_RUNS[at];
  if (run === undefined) return [];
  const found = diagnose((data.broken[at] ?? []).slice(0, updatesOf(data).broken), configOf(run, data, false));
  return found.sort((a, b) => Number(b.id === run.failure) - Number(a.id === run.failure));
}

/** Mean of a metric over the window that ends with an update. */
export function around(rows: readonly Row[], until: number, metric: string): number {
  return mean(rows.slice(Math.max(0, until - WINDOW), until).flatMap(({ metrics }) => metrics[metric] ?? []));
}

/** What a cure changes is read in one number each. */
export const CURED_BY: Readonly<Record<string, string>> = {
  klRunaway: 'klK3',
  deadGroups: 'zeroVarianceGroups',
  stuffing: 'emFinal',
};

function curedTold(data: WrongData, run: BrokenRun, at: number): Told {
  const rows = data.broken[at] ?? [];
  const metric = CURED_BY[run.failure] ?? 'emFinal';
  const { broken } = updatesOf(data);
  const said = (until: number, cured: boolean): string => {
    const value = around(rows, until, metric);
    if (metric !== 'zeroVarianceGroups') return value.toFixed(2);
    return `${Math.round((100 * value) / configOf(run, data, cured).prompts)} %`;
  };
  return {
    before: said(broken, false),
    after: said(rows.length, true),
    emBefore: around(rows, broken, 'emFinal').toFixed(2),
    em: around(rows, rows.length, 'emFinal').toFixed(2),
  };
}

/** The disease is named first, then its cure. */
function stepsOf(run: BrokenRun, at: number): LessonStep<WrongData>[] {
  const name = String.fromCharCode(65 + at);
  const id = name.toLowerCase();
  return [
    {
      id,
      words: 'disease',
      scene: `broken-${at}`,
      ask: { kind: 'choice', options: (): Option[] => OFFERED.map((of) => ({ label: say(`failure.${of}.name`) })) },
      told: (data, answers) => {
        const found = foundIn(data, at)[0];
        const chosen = cast(answers[id]);
        const right = chosen !== null && OFFERED[chosen] === run.failure;
        return {
          ...{ run: name, updates: updatesOf(data).broken },
          called: say(right ? 'charts.called' : 'charts.missed'),
          disease: say(`failure.${run.failure}.name`),
          evidence: found === undefined ? '' : say(`failure.${run.failure}.evidence`, toldOf(found)),
        };
      },
    },
    {
      id: `${id}-cure`,
      words: 'cure',
      scene: `cured-${at}`,
      ask: { kind: 'choice', options: (): Option[] => KNOBS.map((key) => ({ label: knobName(key) })) },
      told: (data, answers) => {
        const chosen = cast(answers[`${id}-cure`]);
        const right = chosen !== null && KNOBS[chosen] === run.knob;
        return {
          ...{ run: name, knob: knobName(run.knob) },
          called: say(right ? 'charts.called' : 'charts.otherKnob'),
          recovery: say(`charts.${run.failure}.recovery`, curedTold(data, run, at)),
        };
      },
    },
  ];
}

export const WRONG: Lesson<WrongData> = {
  id: 'wrong',
  minutes: 5,
  read: readWrong,
  steps: [{ id: 'healthy', scene: 'healthy' }, ...BROKEN_RUNS.flatMap(stepsOf), { id: 'takeaway', scene: 'healthy' }],
};
