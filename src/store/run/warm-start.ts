import type { WarmStartPoint } from '../state/studio-state';

/** Where a warm start stands, and the time to its end by the batches that were measured. @param now in ms */
export function afterBatch(
  before: WarmStartPoint | null,
  { batch, batches, loss }: Pick<WarmStartPoint, 'batch' | 'batches' | 'loss'>,
  now: number,
): WarmStartPoint {
  const known = before?.since ?? null;
  // A smaller number: it began again.
  const since = known === null || batch <= known.batch ? { batch, at: now } : known;
  const measured = batch - since.batch;
  const secondsLeft = measured > 0 ? (((now - since.at) / measured) * (batches - batch)) / 1000 : null;
  return { batch, batches, loss, since, secondsLeft };
}
