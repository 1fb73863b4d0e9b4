/**
 * Questions told apart by what a reader must know of their passages. Where a relation leads from one type to another, the type
 * tells the object from the subject. Where it leads from a type to itself (the spouse of a person is a person), only the order of
 * the words does.
 */
import type { Chain, World } from '../../env/world-types';
import { mean } from '../../lib/stats';
import type { Metrics } from '../learning/metrics';
import type { TrajectorySide } from '../rollout/trajectory';
import { readingMeters } from './reading-meters';

type Outcomes = Pick<TrajectorySide, 'em' | 'flawed'>;

/** Whether a hop of the question stays within a type. */
export function staysWithinType({ schema }: Pick<World, 'schema'>, { relations }: Pick<Chain, 'relations'>): boolean {
  return relations.some((r) => schema.relations[r]?.domainType === schema.relations[r]?.rangeType);
}

/**
 * EM and meters of reading of the questions that stay within a type somewhere, and of the others (docs/metrics.md). Nothing
 * where there are questions of one kind alone.
 *
 * @param within (B) of each question
 * @param em (B) each, by the ends of their keys
 * @param drafts the sampled ones, which were read
 * @param reviews (B,6) each, as `readingMeters` takes them, by the ends of their keys
 */
export function metersByKind(
  within: readonly boolean[],
  em: Readonly<Record<string, readonly number[]>>,
  drafts: Outcomes,
  reviews: Readonly<Record<string, Float32Array>>,
): Metrics {
  const metrics: Metrics = {};
  for (const [kind, is] of [
    ['WithinType', true],
    ['AcrossTypes', false],
  ] as const) {
    const rows = Array.from(within.keys()).filter((b) => within[b] === is);
    if (rows.length === 0) return {};
    for (const [name, values] of Object.entries(em))
      metrics[`em${name}${kind}`] = mean(rows.map((b) => values[b] ?? 0));
    const texts = { em: pick(drafts.em, rows), flawed: pick(drafts.flawed, rows) };
    for (const [name, logProbs] of Object.entries(reviews)) {
      const part = Float32Array.from(rows.flatMap((b) => [...logProbs.subarray(b * 6, b * 6 + 6)]));
      const { auc, cutHit } = readingMeters(part, texts);
      metrics[`reviewAuc${name}${kind}`] = auc;
      metrics[`cutHit${name}${kind}`] = cutHit;
    }
  }
  return metrics;
}

const pick = (values: Uint8Array, rows: readonly number[]) => Uint8Array.from(rows, (b) => values[b] ?? 0);
