import { UserError } from '../../lib/assert';
import type { Target } from './target';
import { TRL } from './trl';
import { VERL } from './verl';

const TARGETS: Readonly<Record<string, Target>> = { trl: TRL, verl: VERL };

export const TARGET_NAMES = Object.keys(TARGETS);

/** @throws UserError where there is no such target */
export function targetOf(name: string): Target {
  const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
  if (target !== undefined) return target;
  throw new UserError(`There is no target "${name}".`, `Targets are ${TARGET_NAMES.join(', ')}.`);
}
