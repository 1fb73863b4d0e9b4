import { defaultConfig, settingOf, type RunConfig, type SettingKey } from '../../config/schema';
import { tensorNotFinite, type Place } from '../../models/first-not-finite';
import type { ParameterTable } from '../../models/parameters';
import type { RunTables } from './run-table';
import type { LearnerState, NetworkState } from './learner-state';
import type { Metrics } from './metrics';

/** A run whose numbers are no numbers any more: NaN or infinity. What it has learnt before is as it was. */
export class NotFiniteError extends Error {
  override name = 'NotFiniteError';

  /**
   * @param doing the update or the warm start that made them
   * @param shown what showed it
   * @param place the kernel that wrote the first of them, and where to
   */
  constructor(
    private readonly doing: string,
    private readonly shown: string,
    readonly place: Place | null = null,
  ) {
    const first = place === null ? '' : `; the first was written by kernel "${place.kernel}" to "${place.tensor}"`;
    super(`${doing} gave numbers that are not finite (${shown})${first}.`);
  }

  at(place: Place | null): NotFiniteError {
    return new NotFiniteError(this.doing, this.shown, place);
  }
}

/** What throws weights away most often, most often first, where more of it throws them further. */
const CAUSES = ['learningRate', 'maxGradNorm', 'entropyBonus', 'klBeta', 'reviewWeight', 'clipHigh', 'epochs'] as const;

/** What to change, in words: the settings that are larger than those that are known to be calm. */
export function causesOf(config: RunConfig): string {
  const isCause = (key: (typeof CAUSES)[number]): boolean =>
    config[key] > defaultConfig[key] || (key === 'maxGradNorm' && config[key] === 0);
  const named = (key: SettingKey): string =>
    `${settingOf(key).label} (${config[key]}, by default ${defaultConfig[key]})`;
  const causes = CAUSES.filter(isCause).map(named);
  if (config.beta2 < defaultConfig.beta2) causes.push(named('beta2'));
  const usual = 'Most often steps are too large for weights like these';
  return causes.length === 0
    ? `${usual}: lower the learning rate.`
    : `${usual}. Change, in this order: ${causes.join(', ')}.`;
}

/** @throws NotFiniteError where one of them is NaN or infinite */
export function requireFinite(update: number, metrics: Metrics): Metrics {
  const bad = Object.keys(metrics).filter((key) => metrics[key] !== null && !Number.isFinite(metrics[key]));
  if (bad.length > 0) throw new NotFiniteError(`Update ${update}`, bad.slice(0, 4).join(', '));
  return metrics;
}

/** @throws NotFiniteError for a state that no run can go on from */
export function requireFiniteState(tables: RunTables, state: LearnerState): LearnerState {
  const found = stateNotFinite(tables, state);
  if (found === null) return state;
  throw new NotFiniteError(`Update ${state.update}`, 'weights', { kernel: 'adamw', tensor: found });
}

/** The first tensor that is not finite, and what it belongs to. */
export function stateNotFinite(
  { table, refinerTable }: RunTables,
  { refiner, base, ...actor }: LearnerState,
): string | null {
  const parts: [string, Float32Array, ParameterTable][] = [
    ...partsOf('', actor, table),
    ['base', base, table],
    ...(refiner === null ? [] : partsOf('refiner.', refiner, refinerTable)),
  ];
  for (const [name, arena, layout] of parts) {
    const tensor = tensorNotFinite(layout, arena);
    if (tensor !== null) return `${name} ${tensor}`;
  }
  return null;
}

function partsOf(
  prefix: string,
  { params, m, v }: NetworkState,
  table: ParameterTable,
): [string, Float32Array, ParameterTable][] {
  return [
    [`${prefix}parameters`, params, table],
    [`${prefix}optimizer.m`, m, table],
    [`${prefix}optimizer.v`, v, table],
  ];
}
