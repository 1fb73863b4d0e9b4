/** Whether a limit of length ended a rollout, where its line says so. */
import { first, isObject } from '../text/json';
import type { JsonObject } from '../text/json';

const FLAGS = ['truncated', 'is_truncated', 'clipped', 'response_clipped'];
const REASONS = ['finish_reason', 'stop_reason', 'status', 'stop_condition'];
const LIMITS = /^(?:length|max_(?:new_)?(?:tokens|length)|(?:max|response)_length_exceeded|truncated)$/i;

/** null where the line does not tell. */
export function truncationOf(row: JsonObject): boolean | null {
  for (const source of [row, row['metadata'], row['info']]) {
    if (!isObject(source)) continue;
    const flag = first(source, FLAGS);
    if (typeof flag === 'boolean') return flag;
    if (flag === 0 || flag === 1) return flag === 1;
    const reason = first(source, REASONS);
    if (typeof reason === 'string') return LIMITS.test(reason);
  }
  return null;
}
